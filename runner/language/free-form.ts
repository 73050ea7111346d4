import type { ArgsSchema } from '../../schema/infer.ts'
import type { Entry, MapNode, ScalarNode, YamlNode } from './node.ts'
import { mapNode, scalarNode } from './node.ts'
import { offsetInScalar } from './offset.ts'
import type { Reading } from './reading.ts'
import { placeInText } from './templates.ts'

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

/**
 * The arguments of `module: text`: `key=value` words, values quoted where they hold blanks. A module with a free form takes the rest
 * as that argument, to the letter, and from the words only what it has arguments for: `command: make a=1 chdir=/src`.
 */
export function parseFreeForm(written: ScalarNode, schema: ArgsSchema, reading: Reading): MapNode {
  const unsafe = unsafeText(written.value)
  if (unsafe === undefined) return parseWords(written, schema, reading)
  const words = parseWords({ ...written, value: unsafe }, schema, reading)
  const entries = words.entries.map((each) => ({ ...each, value: asUnsafe(each.value) }))
  return mapNode(words.source, entries, words.start, words.end)
}

/** The text that `!unsafe` stands before. */
const unsafeText = (value: ScalarNode['value']): string | undefined =>
  typeof value === 'string' ? /^\{% raw %\}\n?([^]*)\{% endraw %\}$/.exec(value)?.[1] : undefined

const asUnsafe = (node: YamlNode): YamlNode =>
  node.kind === 'scalar' && typeof node.value === 'string' && /\{[{%#]/.test(node.value)
    ? scalarNode(node.source, `{% raw %}${node.value}{% endraw %}`, node.start, node.end)
    : node

function parseWords(node: ScalarNode, schema: ArgsSchema, reading: Reading): MapNode {
  const text = String(node.value)
  const entries: Entry[] = []
  const rest: Word[] = []
  for (const word of words(text)) {
    checkQuotes(node, word, schema, reading)
    const equals = keyLength(word.text)
    const name = word.text.slice(0, equals)
    if (equals > 0 && (schema.freeForm === undefined || isArgument(schema, name)))
      entries.push(entry(node, word, equals, schema.additionalProperties === true))
    else rest.push(word)
  }
  const [first] = rest
  const last = rest.at(-1)
  if (first !== undefined && last !== undefined) {
    if (schema.freeForm === undefined)
      reading.add(
        `cannot read ${JSON.stringify(first.text)} as an argument`,
        placeInText(node, first.start, first.text.length),
        'write key=value, or a mapping below the module',
      )
    else entries.unshift(freeEntry(node, schema.freeForm, text, rest))
  }
  return mapNode(node.source, entries, node.start, node.end)
}

const keyLength = (word: string) => /^[A-Za-z_]\w*(?==)/.exec(word)?.[0].length ?? 0

function isArgument(schema: ArgsSchema, name: string): boolean {
  if (name === schema.freeForm) return false
  return Object.entries(schema.properties).some(([own, property]) => own === name || property.aliases?.includes(name))
}

function entry(node: ScalarNode, word: Word, equals: number, free: boolean): Entry {
  const [start, middle, end] = [word.start, word.start + equals, word.end].map((offset) => offsetInScalar(node, offset))
  const [at = 0, equal = 0, stop = 0] = [start, middle, end]
  const name = word.text.slice(0, equals)
  return {
    name,
    key: scalarNode(node.source, name, at, equal),
    value: scalarNode(
      node.source,
      free ? typed(word.text.slice(equals + 1)) : unquote(word.text.slice(equals + 1)),
      equal + 1,
      Math.max(stop, equal + 2),
    ),
  }
}

/** A value whose quote is not closed would run on unseen. */
function checkQuotes(node: ScalarNode, word: Word, schema: ArgsSchema, reading: Reading): void {
  const equals = keyLength(word.text)
  if (equals === 0 || (schema.freeForm !== undefined && !isArgument(schema, word.text.slice(0, equals)))) return
  const value = word.text.slice(equals + 1)
  const [quote = ''] = value
  if ((quote !== '"' && quote !== "'") || (value.length > 1 && value.endsWith(quote))) return
  reading.add(
    `this text is not closed: a ${quote} is missing`,
    placeInText(node, word.start + equals + 1, value.length),
    `end it with ${quote}`,
  )
}

/** What is left when the arguments are taken out: between them the text keeps its own blanks. */
function freeEntry(node: ScalarNode, name: string, text: string, rest: readonly Word[]): Entry {
  let value = ''
  let previous: Word | undefined
  for (const word of rest) {
    if (previous !== undefined) value += adjacent(text, previous, word) ? text.slice(previous.end, word.start) : ' '
    value += word.text
    previous = word
  }
  const start = offsetInScalar(node, rest[0]?.start ?? 0)
  const scalar = value === text ? node : scalarNode(node.source, value, start, Math.max(node.end, start + 1))
  return { name, key: scalar, value: scalar }
}
const adjacent = (text: string, before: Word, after: Word) => text.slice(before.end, after.start).trim() === ''

/** Words at blanks outside quotes and `{{ }}`, `{% %}`, `{# #}`. */
function words(text: string): readonly Word[] {
  const found: Word[] = []
  const pattern =
    /(?:\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|(?<=^|[\s=])"(?:\\.|[^"\\])*"|(?<=^|[\s=])'(?:\\.|[^'\\])*'|\S)+/gs
  for (const match of text.matchAll(pattern))
    found.push({ text: match[0], start: match.index, end: match.index + match[0].length })
  return found
}

/** The text of a word without its quotes; within them, a backslash quotes as it does in a double-quoted YAML text. */
function unquote(text: string): string {
  const quote = text[0]
  if (text.length < 2 || (quote !== '"' && quote !== "'") || !text.endsWith(quote)) return text
  return text
    .slice(1, -1)
    .replaceAll(/\\(["'\\nt])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === 't' ? '\t' : letter))
}

/** For `set_fact`, whose arguments have no types: the words for booleans are booleans, anything else text. */
function typed(text: string): string | boolean {
  return /^(?:yes|no|true|false)$/i.test(text) ? /^[yt]/i.test(text) : unquote(text)
}
