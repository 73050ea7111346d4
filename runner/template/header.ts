import { TemplateError } from './template.ts'
import type { Layout, Marks } from './parse/template-tokens.ts'

const mark = '#jinja2:'

interface Options {
  readonly newline: string
  readonly layout: Layout
}
interface Header extends Options {
  /** The template without its header line. */
  readonly text: string
}

const marks: ReadonlyMap<string, keyof Marks> = new Map([
  ['block_start_string', 'blockStart'],
  ['block_end_string', 'blockEnd'],
  ['variable_start_string', 'variableStart'],
  ['variable_end_string', 'variableEnd'],
  ['comment_start_string', 'commentStart'],
  ['comment_end_string', 'commentEnd'],
] as const)

/** Reads the first line of a template file where it is `#jinja2: name: value, …`: Jinja2's options of those names. */
export function readHeader(text: string, options: Options): Header {
  if (!text.startsWith(mark)) return { text, ...options }
  const end = text.indexOf('\n')
  const line = text.slice(mark.length, end < 0 ? text.length : end)
  const rest = end < 0 ? '' : text.slice(end + 1)
  let { newline, layout } = options
  for (const part of line.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(part) ?? []
    if (name === '')
      throw new TemplateError('syntax', `the header of the template cannot be read: "${part.trim()}"`, { offset: 0 })
    const markName = marks.get(name)
    const isTrue = /^(?:true|1)$/i.test(value)
    const text = value.replace(/^(['"])(.*)\1$/, '$2')
    if (markName) layout = { ...layout, marks: { ...layout.marks, [markName]: text } }
    else if (name === 'trim_blocks') layout = { ...layout, trimBlocks: isTrue }
    else if (name === 'lstrip_blocks') layout = { ...layout, lstripBlocks: isTrue }
    else if (name === 'newline_sequence') newline = text.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
    else
      throw new TemplateError('syntax', `the header of the template sets "${name}", which is not known`, { offset: 0 })
  }
  return { text: rest, newline, layout }
}
