import { decodeOctal, encodeOctal } from './octal-escapes.ts'

/** One entry of fstab(5), decoded. */
export interface FstabEntry {
  readonly source: string
  /** The mount point; `none` or `swap` for swap areas. */
  readonly target: string
  readonly fstype: string
  readonly options: string
  /** Fields 5 and 6; null where the line has none, which means 0. */
  readonly dump: string | null
  readonly passno: string | null
}

/** A line of the file with its own ending, and the entry in it: null for comments, blank lines and what mount(8) would skip. */
export interface FstabLine {
  readonly text: string
  readonly entry: FstabEntry | null
}

/** The lines of an fstab; joined again, their texts are the file byte for byte. */
export function parseFstab(text: string): readonly FstabLine[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => ({ text: line, entry: parseLine(line) }))
}

function parseLine(line: string): FstabEntry | null {
  const trimmed = line.trim()
  // Only a first non-blank `#` makes a comment: `LABEL=a#b` and `#` in field 7 do not.
  if (trimmed === '' || trimmed.startsWith('#')) return null
  const [source, target, fstype, options, dump, passno] = trimmed.split(/[ \t]+/)
  if (source === undefined || target === undefined || fstype === undefined) return null
  return {
    source: decodeOctal(source),
    target: decodeOctal(target),
    fstype: decodeOctal(fstype),
    options: decodeOctal(options ?? 'defaults'),
    dump: dump ?? null,
    passno: passno ?? null,
  }
}

/** True for an entry without a mount point: it is known by its source. */
export const isSwap = (entry: { readonly target: string; readonly fstype: string }): boolean =>
  entry.fstype === 'swap' || ((entry.target === 'none' || entry.target === 'swap') && entry.fstype !== 'none')

/** A mount point without slashes at its end, and without doubled ones. */
export const normalPath = (path: string): string => path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')

/** Whether two entries are about the same thing: the same mount point, or for swap the same source. */
export function sameKey(a: FstabEntry, b: FstabEntry): boolean {
  if (isSwap(a) || isSwap(b)) return isSwap(a) && isSwap(b) && plainSource(a.source) === plainSource(b.source)
  return normalPath(a.target) === normalPath(b.target)
}

/** A source without the quotes that may stand around a tag's value. */
export const plainSource = (source: string): string => source.replace(/^([A-Z]+=)"(.*)"$/, '$1$2')

/** Whether two entries say the same; absent fields 5 and 6 are 0. */
export function sameEntry(a: FstabEntry, b: FstabEntry): boolean {
  return (
    a.source === b.source &&
    (isSwap(a) || normalPath(a.target) === normalPath(b.target)) &&
    a.fstype === b.fstype &&
    a.options === b.options &&
    (a.dump ?? '0') === (b.dump ?? '0') &&
    (a.passno ?? '0') === (b.passno ?? '0')
  )
}

const join = (all: readonly FstabLine[]): string => all.map((line) => line.text).join('')

export interface FstabEdit {
  readonly text: string
  /** The entry that was there before: the first one where there were several. */
  readonly before: FstabEntry | null
  /** How many further entries of the same key there are; they are left as they are. */
  readonly duplicates: number
}

/** The file with this entry in it: in place of the one with the same key, or a new line where mount order wants it. */
export function setEntry(text: string, entry: FstabEntry): FstabEdit {
  const lines = parseFstab(text)
  const same = lines.filter((line) => line.entry !== null && sameKey(line.entry, entry))
  const [first] = same
  const duplicates = Math.max(0, same.length - 1)
  if (first?.entry) {
    if (sameEntry(first.entry, entry)) return { text, before: first.entry, duplicates }
    const edited = { text: rewriteLine(first.text, first.entry, entry), entry }
    return { text: join(lines.map((line) => (line === first ? edited : line))), before: first.entry, duplicates }
  }
  const at = placeFor(lines, entry)
  const ending = lines.some((line) => line.text.endsWith('\r\n')) ? '\r\n' : '\n'
  const head = join(lines.slice(0, at))
  const gap = head !== '' && !head.endsWith('\n') ? ending : ''
  return { text: head + gap + formatEntry(entry) + ending + join(lines.slice(at)), before: null, duplicates }
}

/** The file without any entry of this key. */
export function removeEntry(text: string, key: FstabEntry): FstabEdit {
  const lines = parseFstab(text)
  const same = lines.filter((line) => line.entry !== null && sameKey(line.entry, key))
  const kept = lines.filter((line) => !same.includes(line))
  return {
    text: join(kept),
    before: same[0]?.entry ?? null,
    duplicates: Math.max(0, same.length - 1),
  }
}

/** A new line for an entry, without its ending. */
export function formatEntry(entry: FstabEntry): string {
  const fields = [entry.source, entry.target, entry.fstype, entry.options].map((field) => encodeOctal(field))
  return [...fields, entry.dump ?? '0', entry.passno ?? '0'].join(' ')
}

/** The line with only those fields changed that differ: blanks between them, and what follows field 6, stay. */
function rewriteLine(line: string, was: FstabEntry, now: FstabEntry): string {
  const fields: readonly (readonly [string | null, string | null])[] = [
    [was.source, now.source],
    [was.target, now.target],
    [was.fstype, now.fstype],
    [was.options, now.options],
    [was.dump ?? '0', now.dump ?? '0'],
    [was.passno ?? '0', now.passno ?? '0'],
  ]
  const last = fields.findLastIndex(([before, after]) => before !== after)
  const [, indent = '', body = '', ending = ''] = /^([ \t]*)(.*?)(\s*)$/s.exec(line) ?? []
  let out = indent
  const parts = body.split(/([ \t]+)/)
  for (let index = 0; index * 2 < Math.max(parts.length, last * 2 + 1); index++) {
    const old = parts[index * 2]
    const blank = parts[index * 2 - 1] ?? ' '
    const [before, after] = fields[index] ?? [null, null]
    const word = old !== undefined && before === after ? old : after === null ? (old ?? '') : encodeOctal(after)
    out += (index === 0 ? '' : blank) + word
  }
  return out + ending
}

/** Behind everything, but before the first mount point that lies inside this one. */
function placeFor(lines: readonly FstabLine[], entry: FstabEntry): number {
  if (isSwap(entry)) return lines.length
  const parent = normalPath(entry.target)
  const inside = parent === '/' ? '/' : `${parent}/`
  const child = lines.findIndex(
    (line) =>
      line.entry !== null &&
      !isSwap(line.entry) &&
      normalPath(line.entry.target) !== parent &&
      normalPath(line.entry.target).startsWith(inside),
  )
  return child === -1 ? lines.length : child
}
