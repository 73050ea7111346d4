import {
  blocksOf,
  fromLines,
  indent,
  isBlank,
  isComment,
  itemValue,
  splitOption,
  toBlocks,
  toLines,
  trim,
  type Block,
  type Item,
  type Line,
} from './ini-lines.ts'

/** What is wanted of an option: its lines' values, null for a name without one. */
export interface IniOption {
  readonly section: string | null
  readonly option: string
  readonly values: readonly (string | null)[]
}
export interface IniStyle {
  /** Whether lines of the option with other values go. */
  readonly exclusive: boolean
  /** Whether lines that have to be written are `key=value`; otherwise as the line was, or as the file's other lines are. */
  readonly noExtraSpaces: boolean
}

/** The values of an option, one for each of its lines, in the file's order. */
export function iniValues(text: string, section: string | null, option: string): readonly (string | null)[] {
  const lines = toLines(text)
  return found(lines, section, option).map(({ value }) => value)
}

/**
 * The text with an option set. Lines that already say a wanted value stay; others are rewritten in place where a wanted value is
 * missing, and removed where none is (`exclusive`). What is still missing comes after the option's last line, else after its commented-out
 * default, else after the section's last option. The `ini` packages of npm do not keep text as it is, hence this one.
 */
export function setIniOption(text: string, wanted: IniOption, style: IniStyle): string {
  const lines = toLines(text)
  const present = found(lines, wanted.section, wanted.option)
  const missing = [...new Set(wanted.values.map(normal))]
  const others = present.filter(({ value, plain }) => {
    const at = missing.findIndex((want) => want === value || want === plain)
    if (at >= 0) missing.splice(at, 1)
    return at < 0
  })
  if (!style.exclusive) return insertOption(lines, wanted, missing, style)
  const edits = new Map<Item, readonly Line[]>()
  for (const { item } of others) {
    const value = missing.shift()
    edits.set(item, value === undefined ? [] : rewritten(lines, item, wanted.option, value, style))
  }
  return missing.length === 0
    ? replaced(lines, edits)
    : insertOption(toLines(replaced(lines, edits)), wanted, missing, style)
}

/** The text without an option's lines; only without those of certain values where `values` is given. */
export function removeIniOption(
  text: string,
  section: string | null,
  option: string,
  values?: readonly (string | null)[],
): string {
  const lines = toLines(text)
  const unwanted = values?.map(normal)
  const gone = found(lines, section, option).filter(
    ({ value, plain }) => unwanted?.some((want) => want === value || want === plain) ?? true,
  )
  return replaced(lines, new Map(gone.map(({ item }) => [item, []])))
}

/** Whether a header of that name would be read as one of that name: it is one line, and has no bracket that closes it earlier. */
export const isIniSection = (section: string): boolean =>
  blocksOf(toBlocks(toLines(`[${section}]\n`), ''), section).length > 0

/** The text with a section's header, at the end where there was none. */
export function ensureIniSection(text: string, section: string): string {
  const lines = toLines(text)
  if (blocksOf(toBlocks(lines, ''), section).length > 0) return text
  const apart = lines.length > 0 && !isBlank(lines.at(-1)?.text ?? '') ? [''] : []
  return fromLines(inserted(lines, lines.length, [...apart, `[${section}]`]))
}

/** The text without a section: its headers and all up to the next one. A comment right above the next header belongs to that. */
export function removeIniSection(text: string, section: string): string {
  const lines = toLines(text)
  const gone = new Set<number>()
  for (const { header, stop } of blocksOf(toBlocks(lines, ''), section)) {
    let end = stop
    if (stop < lines.length) while (end > header + 1 && isComment(lines[end - 1]?.text ?? '')) end--
    for (let index = header; index < end; index++) gone.add(index)
  }
  return fromLines(lines.filter((_, index) => !gone.has(index)))
}

interface Found {
  readonly item: Item
  readonly value: string | null
  /** The value without comments between its lines. */
  readonly plain: string | null
}

function found(lines: readonly Line[], section: string | null, option: string): readonly Found[] {
  return blocksOf(toBlocks(lines, option), section).flatMap(({ items }) =>
    items.flatMap((item) => {
      const value = itemValue(lines, item, option)
      if (value === undefined) return []
      return [
        {
          item,
          value,
          plain:
            value
              ?.split('\n')
              .filter((line, index) => index === 0 || !isComment(line))
              .join('\n') ?? null,
        },
      ]
    }),
  )
}

/** A value as reading gives it: lines without the blanks around them. */
const normal = (value: string | null): string | null => value?.split('\n').map(trim).join('\n') ?? null

function insertOption(
  lines: readonly Line[],
  wanted: IniOption,
  values: readonly (string | null)[],
  style: IniStyle,
): string {
  if (values.length === 0) return fromLines(lines)
  const blocks = blocksOf(toBlocks(lines, wanted.option), wanted.section)
  const [first] = blocks
  if (first === undefined && wanted.section !== null) {
    return insertOption(toLines(ensureIniSection(fromLines(lines), wanted.section)), wanted, values, style)
  }
  const own = found(lines, wanted.section, wanted.option).at(-1)?.item
  const at =
    own?.stop ?? commented(lines, blocks, wanted.option) ?? first?.items.at(-1)?.stop ?? beginning(lines, first)
  const margin = marginAt(lines, blocks, at)
  const equals = delimiter(lines, blocks, style)
  const bare = margin + wanted.option
  return fromLines(
    inserted(
      lines,
      at,
      values.flatMap((value) => optionLines(bare + equals, value, bare, margin)),
    ),
  )
}

/** The indentation for a line at an index: so that neither it nor what follows continues another option. */
function marginAt(lines: readonly Line[], blocks: readonly Block[], at: number): string {
  const block = blocks.find(({ header, stop }) => header < at && at <= stop)
  const before = block?.items.findLast(({ stop }) => stop <= at)
  const after = block?.items.find(({ start }) => start >= at)?.start ?? block?.stop ?? -1
  const like = before?.stop === at ? before.start : after < lines.length ? after : before?.start
  return indent(lines[like ?? -1]?.text ?? '')
}

/** The line after the last commented-out default of an option. */
function commented(lines: readonly Line[], blocks: readonly Block[], option: string): number | undefined {
  const inside = blocks.flatMap(({ header, stop, items }) =>
    lines.slice(header + 1, stop).flatMap((_, offset) => {
      const index = header + 1 + offset
      return items.some((item) => item.start <= index && index < item.stop) ? [] : [index]
    }),
  )
  const last = inside.findLast((index) => {
    const [, behind] = /^[ \t]*[#;][#; \t]*(.*)$/.exec(lines[index]?.text ?? '') ?? []
    return behind !== undefined && typeof splitOption(behind, option)?.prefix === 'string'
  })
  return last === undefined ? undefined : last + 1
}

/**
 * Where the first option of a section without any goes: below its header; before any section, below the comment that opens the file, if
 * that stands apart.
 */
function beginning(lines: readonly Line[], block: Block | undefined): number {
  if (block !== undefined && block.header >= 0) return block.header + 1
  const start = lines[0]?.text === '' && !lines[0].end.endsWith('\n') ? 1 : 0
  const end = lines.findIndex(({ text }, index) => index >= start && !isComment(text))
  const stop = end < 0 ? lines.length : end
  return stop === lines.length || isBlank(lines[stop]?.text ?? '') ? stop : start
}

/** How a new line writes `=`: as most options of its section do, else of the file, else of its commented-out defaults. */
function delimiter(lines: readonly Line[], own: readonly Block[], style: IniStyle): string {
  if (style.noExtraSpaces) return '='
  const written = (blocks: readonly Block[]) =>
    blocks.flatMap(({ items }) => items.map(({ start }) => lines[start]?.text ?? ''))
  const defaults = lines.map(({ text }) => /^[#;][ \t]?([\w.-]+[ \t]*=.*)$/.exec(text)?.[1] ?? '')
  for (const candidates of [written(own), written(toBlocks(lines, '')), defaults]) {
    const votes = candidates.flatMap((text) => (/^[^=:]*=/.test(text) ? [/^[^=]*[ \t]=/.test(text)] : []))
    if (votes.length > 0) return votes.filter(Boolean).length * 2 >= votes.length ? ' = ' : '='
  }
  return ' = '
}

function rewritten(
  lines: readonly Line[],
  item: Item,
  option: string,
  value: string | null,
  style: IniStyle,
): readonly Line[] {
  const { text, end: first } = lines[item.start] ?? { text: '', end: '\n' }
  const end = lines[item.stop - 1]?.end ?? first
  const bare = indent(text) + option
  const old = splitOption(text, option)?.prefix ?? null
  const prefix =
    style.noExtraSpaces || old === null ? bare + delimiter(lines, [], style) : old.replace(/([ \t][=:])$/, '$1 ')
  const texts = optionLines(prefix, value, bare, indent(text))
  return texts.map((line, index) => ({
    text: line,
    end: index === texts.length - 1 ? end : first === '' ? '\n' : first,
  }))
}

/** The lines that give an option a value; those after the first are indented, so that they continue it. */
function optionLines(prefix: string, value: string | null, bare: string, margin: string): readonly string[] {
  if (value === null) return [bare]
  const [first = '', ...more] = value.split('\n').map(trim)
  return [first === '' ? prefix.replace(/[ \t]+$/, '') : prefix + first, ...more.map((line) => `${margin}    ${line}`)]
}

function replaced(lines: readonly Line[], edits: ReadonlyMap<Item, readonly Line[]>): string {
  const starts = new Map([...edits].map(([item, now]) => [item.start, { stop: item.stop, now }]))
  const result: Line[] = []
  for (let index = 0; index < lines.length; index++) {
    const edit = starts.get(index)
    const line = lines[index]
    if (edit === undefined) result.push(...(line === undefined ? [] : [line]))
    else {
      result.push(...edit.now)
      index = edit.stop - 1
    }
  }
  return fromLines(result)
}

/** Lines with more of them at an index. Their ends are the file's own; a file whose last line has none keeps it so. */
function inserted(lines: readonly Line[], at: number, texts: readonly string[]): readonly Line[] {
  const end = lines.find((line) => line.end.endsWith('\n'))?.end ?? '\n'
  const before = lines.slice(0, at)
  const last = before.at(-1)
  const open = last !== undefined && last.end === ''
  const whole = open ? [...before.slice(0, -1), { ...last, end }] : before
  const added = texts.map((text, index) => ({ text, end: open && index === texts.length - 1 ? '' : end }))
  return [...whole, ...added, ...lines.slice(at)]
}
