/** A line and what ends it: `\n`, `\r\n`, or nothing at the end of the file; for the empty line before the first, a byte order mark. */
export interface Line {
  readonly text: string
  readonly end: string
}

/** An option: its line and those that continue it, as indices; `stop` is the one after. */
export interface Item {
  readonly start: number
  readonly stop: number
}

/** What belongs to one section header, or comes before the first. A section may have several. */
export interface Block {
  /** What the brackets hold; null before the first header. */
  readonly name: string | null
  /** The header's line; -1 before the first header. */
  readonly header: number
  /** The line after the block's last. */
  readonly stop: number
  readonly items: readonly Item[]
}

// Byte-exact editing: texts here are bytes read as Latin-1, so blanks are named one by one (\s would take a byte of a UTF-8 letter).
const BLANK = /^[ \t\v\f\r]*$/
const COMMENT = /^[ \t]*[#;]/
const HEADER = /^[ \t]*\[([^\]]*|.*)\][ \t]*(?:[#;].*)?$/
const ENDS_OPEN = /\\$/
const STARTS_OPTION = /^[ \t]*[A-Za-z][\w.-]*[ \t]*[=:]/

export const isBlank = (text: string): boolean => BLANK.test(text)
export const isComment = (text: string): boolean => COMMENT.test(text)
export const trim = (text: string): string => text.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, '')
export const indent = (text: string): string => /^[ \t]*/.exec(text)?.[0] ?? ''

/** UTF-8's byte order mark, read as Latin-1. */
const BOM = '\u00ef\u00bb\u00bf'

/** Cuts a text into lines; joined again they are the text, byte for byte. A byte order mark is an empty line of its own. */
export function toLines(text: string): readonly Line[] {
  if (text.startsWith(BOM)) return [{ text: '', end: BOM }, ...toLines(text.slice(BOM.length))]
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const end = /\r?\n$/.exec(line)?.[0] ?? ''
    return { text: line.slice(0, line.length - end.length), end }
  })
}

export const fromLines = (lines: readonly Line[]): string => lines.map(({ text, end }) => text + end).join('')

/**
 * The sections and options that lines hold. As in Python's configparser and oslo.config, a line continues the option above it when it is
 * indented deeper than that; as in systemd's files, also when the line above ends in a backslash and this one is no option itself,
 * least of all the one that is looked for.
 */
export function toBlocks(lines: readonly Line[], option: string): readonly Block[] {
  const blocks: { name: string | null; header: number; stop: number; items: Item[] }[] = [
    { name: null, header: -1, stop: lines.length, items: [] },
  ]
  for (let index = 0; index < lines.length; index++) {
    const text = lines[index]?.text ?? ''
    if (isBlank(text) || isComment(text)) continue
    const header = HEADER.exec(text)?.[1]
    if (header === undefined) {
      const stop = continued(lines, index, option)
      blocks.at(-1)?.items.push({ start: index, stop })
      index = stop - 1
      continue
    }
    const last = blocks.at(-1)
    if (last !== undefined) last.stop = index
    blocks.push({ name: header, header: index, stop: lines.length, items: [] })
  }
  return blocks
}

/** The line after the last that continues the option at `start`. Comments count only where more of the value follows them. */
function continued(lines: readonly Line[], start: number, option: string): number {
  const depth = indent(lines[start]?.text ?? '').length
  let stop = start + 1
  for (let index = start + 1; index < lines.length; index++) {
    const text = lines[index]?.text ?? ''
    if (isBlank(text)) break
    const open = ENDS_OPEN.test(lines[index - 1]?.text ?? '') && !isOwn(text, option)
    if (!open && indent(text).length <= depth) break
    if (!isComment(text)) stop = index + 1
  }
  return stop
}

/** Whether a line below a backslash is surely not its continuation. */
function isOwn(text: string, option: string): boolean {
  return isComment(text) || HEADER.test(text) || STARTS_OPTION.test(text) || splitOption(text, option) !== undefined
}

/** The blocks of a section. Blanks inside the brackets matter only where another section has the same name but for them. */
export function blocksOf(blocks: readonly Block[], section: string | null): readonly Block[] {
  const exact = blocks.filter(({ name }) => name === section)
  if (section === null || exact.length > 0) return exact
  return blocks.filter(({ name }) => name !== null && trim(name) === trim(section))
}

/** The value that an item gives an option: null for a name alone, undefined where the item is another option's. */
export function itemValue(lines: readonly Line[], item: Item, option: string): string | null | undefined {
  const split = splitOption(lines[item.start]?.text ?? '', option)
  if (split === undefined) return undefined
  const more = lines.slice(item.start + 1, item.stop).map(({ text }) => trim(text))
  if (split.prefix === null) return more.length === 0 ? null : more.join('\n')
  return [trim(split.value), ...more].join('\n')
}

/** A line of an option, cut behind its delimiter (`=`, or `:` with a blank behind it); undefined where it is another option's. */
export function splitOption(
  text: string,
  option: string,
): { readonly prefix: string | null; readonly value: string } | undefined {
  const start = indent(text).length
  if (!text.startsWith(option, start)) return undefined
  const rest = text.slice(start + option.length)
  if (isBlank(rest)) return { prefix: null, value: '' }
  const delimiter = /^[ \t]*(?:=[ \t]*|:(?=[ \t]|$)[ \t]*|:(?!.*=))/.exec(rest)?.[0]
  if (delimiter === undefined) return undefined
  const length = start + option.length + delimiter.length
  return { prefix: text.slice(0, length), value: text.slice(length) }
}
