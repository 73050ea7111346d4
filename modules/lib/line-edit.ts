import { expandReplacement, pythonRegex, searchIn } from './python-regex.ts'

/** Where a line or block goes that is not there yet: beside a line that matches, at the beginning or at the end of the file. */
export interface Place {
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  /** Beside the first line that matches, and not the last. */
  readonly firstmatch?: boolean
}
export interface LineWish extends Place {
  readonly line: string
  readonly regexp?: string | undefined
  readonly search?: string | undefined
  readonly backrefs: boolean
}

/** A text cut after each newline; each line keeps its end. */
export const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? []

/** How a line ends: `\n`, `\r\n`, or not at all. */
export const endOf = (line: string): string => /\r?\n$/.exec(line)?.[0] ?? ''
const bare = (line: string): string => line.replace(/\r?\n$/, '')

/** How lines of a text end: as its first one does. */
export const newlineOf = (lines: readonly string[]): string => endOf(lines[0] ?? '') || '\n'

/** Finds a Python pattern in a line without its end; also where the pattern knows of a carriage return before it. */
export function lineMatcher(pattern: string): (line: string) => RegExpMatchArray | null {
  const regex = pythonRegex(pattern, { bytes: true })
  return (line) => searchIn(regex, bare(line)) ?? (line.endsWith('\r\n') ? searchIn(regex, line.slice(0, -1)) : null)
}

/**
 * The index before which something is to be inserted; the number of lines for the end. `found` is false where a pattern was asked for that
 * no line matches.
 */
export function placeIn(lines: readonly string[], place: Place): { readonly at: number; readonly found: boolean } {
  const { insertafter, insertbefore } = place
  if (insertbefore === 'BOF' || insertafter === 'BOF') return { at: 0, found: true }
  const pattern = insertbefore ?? insertafter
  if (pattern === undefined || pattern === 'EOF') return { at: lines.length, found: true }
  const matches = lineMatcher(pattern)
  const index = place.firstmatch
    ? lines.findIndex((line) => matches(line) !== null)
    : lines.findLastIndex((line) => matches(line) !== null)
  if (index < 0) return { at: lines.length, found: false }
  return { at: insertbefore === undefined ? index + 1 : index, found: true }
}

/** Puts lines, which have their ends, at an index; what comes before gets an end if it lacks one. */
export function insertLines(lines: readonly string[], at: number, added: readonly string[]): readonly string[] {
  const newline = newlineOf(lines)
  const before = lines.slice(0, at).map((line) => (endOf(line) === '' ? line + newline : line))
  return [...before, ...added, ...lines.slice(at)]
}

/** The text in which the line is there: in place of the line that matches, or added; and what was done, in Ansible's words. */
export function ensureLine(text: string, wish: LineWish): { readonly text: string; readonly msg: string } {
  const lines = splitLines(text)
  const newline = newlineOf(lines)
  const found = findLine(lines, wish)
  if (found !== null) {
    const old = lines[found.index] ?? ''
    const line = found.match === null || !wish.backrefs ? wish.line : expandReplacement(wish.line, found.match)
    if (bare(old) === line) return { text, msg: '' }
    const changed = lines.with(found.index, bare(line) + (endOf(line) || endOf(old) || newline))
    return { text: changed.join(''), msg: 'line replaced' }
  }
  // A line that is there is not added again, though no pattern matches it.
  if (wish.backrefs || lines.some((each) => bare(each) === wish.line)) return { text, msg: '' }
  const { at } = placeIn(lines, wish)
  return {
    text: insertLines(lines, at, [wish.line + (wish.line.endsWith('\n') ? '' : newline)]).join(''),
    msg: 'line added',
  }
}

function findLine(
  lines: readonly string[],
  { regexp, search, line, firstmatch }: LineWish,
): { readonly index: number; readonly match: RegExpMatchArray | null } | null {
  const matches = regexp === undefined ? null : lineMatcher(regexp)
  const holds = (each: string): boolean =>
    matches !== null ? matches(each) !== null : search === undefined ? bare(each) === line : each.includes(search)
  const index = firstmatch ? lines.findIndex(holds) : lines.findLastIndex(holds)
  return index < 0 ? null : { index, match: matches?.(lines[index] ?? '') ?? null }
}

/** The text without the lines that match, and how many went. */
export function removeLines(
  text: string,
  {
    regexp,
    search,
    line,
  }: { readonly regexp?: string | undefined; readonly search?: string | undefined; readonly line?: string | undefined },
): { readonly text: string; readonly found: number } {
  const lines = splitLines(text)
  const matches = regexp === undefined ? null : lineMatcher(regexp)
  const kept = lines.filter((each) =>
    matches !== null ? matches(each) === null : search === undefined ? bare(each) !== line : !each.includes(search),
  )
  return { text: kept.join(''), found: lines.length - kept.length }
}
