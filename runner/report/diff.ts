import { structuredPatch } from 'diff'

import type { AttributeChange, Change } from '../../modules/step.ts'
import type { Json } from '../../schema/infer.ts'
import type { Style } from './style.ts'
import { count } from './units.ts'
import { visible, visibleLine } from './visible.ts'

/** How much of a diff is drawn before it is cut with a note. */
export interface DiffLimits {
  /** Lines of one diff. */
  readonly lines: number
  /** Characters of one line. */
  readonly width: number
}
const DIFF_LIMITS: DiffLimits = { lines: 400, width: 500 }

/** Lines in common that are shown around each difference. */
const CONTEXT = 3
/** Lines added and removed beyond which two texts are not compared line by line: the work grows with the square. */
const MOST_EDITS = 1000
const NO_NEWLINE = '\\ No newline at end of file'

/**
 * One change as lines for people: a text as a unified diff, attributes as `name: before → after` beneath its header. What comes from a
 * host or a file is made visible, so that it cannot steer the terminal.
 */
export function drawChange(change: Change, style: Style, limits: DiffLimits = DIFF_LIMITS): string[] {
  const attributes = (change.attributes ?? []).map((attribute) => `    ${drawAttribute(attribute, change.verb)}`)
  const { text } = change
  if (text === undefined || text.before === text.after) return [title(change, style), ...attributes]
  if (change.secret === true) {
    return [title(change, style), ...attributes, style.dim('    content differs (secret, not shown)')]
  }
  const path = visibleLine(change.subject)
  return [
    style.bold(`--- ${path} (${text.before === null ? 'absent' : 'before'})`),
    style.bold(`+++ ${path} (${text.after === null ? 'absent' : 'after'})`),
    ...attributes,
    ...drawText(text.before, text.after, style, limits),
  ]
}

function title(change: Change, style: Style): string {
  const words = `${change.verb} ${visibleLine(change.subject)}`
  switch (change.verb) {
    case 'create':
      return style.green(words)
    case 'remove':
      return style.red(words)
    case 'update':
      return style.cyan(words)
    case 'run':
      return style.magenta(words)
  }
}

function drawAttribute({ name, before, after }: AttributeChange, verb: Change['verb']): string {
  const label = visibleLine(name)
  if (verb === 'create' && before === null) return `${label}: ${value(after)}`
  if (verb === 'remove' && after === null) return `${label}: ${value(before)}`
  return `${label}: ${value(before)} → ${value(after)}`
}

function value(json: Json): string {
  if (json === null) return 'none'
  if (json === '') return '""'
  const text = typeof json === 'string' ? json : JSON.stringify(json)
  const line = visibleLine(text)
  return line.length > DIFF_LIMITS.width ? `${line.slice(0, DIFF_LIMITS.width)}…` : line
}

function drawText(before: string | null, after: string | null, style: Style, limits: DiffLimits): string[] {
  const hunks = compareOnce(before ?? '', after ?? '')
  if (hunks === null) {
    const sizes = `${count(lineCount(before), 'line')} before, ${count(lineCount(after), 'line')} after`
    return [style.dim(`too different to compare line by line: ${sizes}`)]
  }
  const drawn = hunks.slice(0, limits.lines).map((line) => drawLine(line, style, limits.width))
  const left = hunks.length - drawn.length
  return left > 0 ? [...drawn, style.dim(`… ${count(left, 'more line')} of this diff`)] : drawn
}

type Hunks = readonly string[] | null
interface Compared {
  readonly before: string
  readonly after: string
  readonly hunks: Hunks
}
/** The latest comparisons: many hosts get the same change one after the other. */
const latest: Compared[] = []
const LATEST = 4

/** A unified diff's hunks as lines, or null where the texts have too little in common. */
function compareOnce(before: string, after: string): Hunks {
  const known = latest.find((pair) => pair.before === before && pair.after === after)
  if (known !== undefined) return known.hunks
  const hunks = compare(before, after)
  latest.unshift({ before, after, hunks })
  latest.length = Math.min(latest.length, LATEST)
  return hunks
}

function compare(before: string, after: string): Hunks {
  // Nothing on one side needs no comparison, however long the other is.
  if (before === '' || after === '') return oneSided(before === '' ? '+' : '-', before === '' ? after : before)
  const patch = structuredPatch('', '', before, after, '', '', { context: CONTEXT, maxEditLength: MOST_EDITS })
  if (patch === undefined) return null
  return patch.hunks.flatMap((hunk) => [
    hunkHeader(range(hunk.oldStart, hunk.oldLines), range(hunk.newStart, hunk.newLines)),
    ...hunk.lines,
  ])
}

function oneSided(sign: '+' | '-', text: string): readonly string[] {
  if (text === '') return []
  const whole = text.endsWith('\n')
  const lines = (whole ? text.slice(0, -1) : text).split('\n')
  const there = range(1, lines.length)
  return [
    sign === '+' ? hunkHeader('0,0', there) : hunkHeader(there, '0,0'),
    ...lines.map((line) => sign + line),
    ...(whole ? [] : [NO_NEWLINE]),
  ]
}

const range = (start: number, lines: number): string => (lines === 1 ? `${start}` : `${start},${lines}`)
const hunkHeader = (before: string, after: string): string => `@@ -${before} +${after} @@`

function lineCount(text: string | null): number {
  if (text === null || text === '') return 0
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

function drawLine(line: string, style: Style, width: number): string {
  const cut = line.length > width + 1
  const shown = visible(cut ? line.slice(0, width + 1) : line)
  const note = cut ? style.dim(`… ${count(line.length - width - 1, 'more character')}`) : ''
  switch (line[0]) {
    case '+':
      return style.green(shown) + note
    case '-':
      return style.red(shown) + note
    case '@':
      return style.cyan(shown) + note
    case '\\':
      return style.dim(shown) + note
    default:
      return shown + note
  }
}
