import { stringify } from 'yaml'

import { commandLine } from '../../modules/lib/quote.ts'
import type { Change } from '../../modules/step.ts'
import type { Json, JsonObject } from '../../schema/infer.ts'
import type { HostFinished, Item, Place } from '../engine/events.ts'
import { drawChange } from './diff.ts'
import { isTrouble } from './outcome.ts'
import type { Style } from './style.ts'
import { count } from './units.ts'
import { visibleLine, visibleLines } from './visible.ts'

/** What a reader wants to see, and in which run. */
export interface Shown {
  readonly style: Style
  /** 0 what happened, 1 results as well, 2 what went over the wire as well. */
  readonly verbosity: number
  readonly diff: boolean
  readonly check: boolean
}

const INDENT = '    '
/** Lines of a failed command's output that are shown, from its end. */
const OUTPUT_LINES = 30
const LABEL_WIDTH = 200

/** What stands beneath a host's line: why and where it failed, what differs, warnings, the result where asked for. Indented. */
export function hostDetails(event: HostFinished, at: Place | null, shown: Shown): string[] {
  const { style } = shown
  return [
    ...messageBlock(event.message),
    ...(isTrouble(event.outcome) && at !== null ? [style.dim(`at ${visibleLine(at.file)}:${at.line}`)] : []),
    // At verbosity 1 the whole result follows anyway.
    ...(event.outcome === 'failed' && shown.verbosity < 1 ? commandOutput(event.result ?? {}, style) : []),
    ...drawChanges(itemsTell(event.items) ? [] : event.changes, shown),
    ...event.warnings.map((warning) => `${style.yellow('warning:')} ${visibleLine(warning)}`),
    ...(shown.verbosity >= 1 && event.result !== null ? resultLines(event.result, style) : []),
  ].map((line) => INDENT + line)
}

/** What stands beneath an item's line. Indented. */
export function itemDetails(item: Item, shown: Shown): string[] {
  return [...messageBlock(item.message), ...drawChanges(item.changes, shown)].map((line) => INDENT + line)
}

/** A message where it fits on the line of its host: ` — no such package`. Longer ones follow in `hostDetails`. */
export function messageSuffix(message: string | null): string {
  return message === null || message === '' || isBlock(message) ? '' : ` — ${visibleLine(message)}`
}

export function itemLabel(label: Json): string {
  const text = visibleLine(typeof label === 'string' ? label : JSON.stringify(label))
  return text.length > LABEL_WIDTH ? `${text.slice(0, LABEL_WIDTH)}…` : text
}

const isBlock = (message: string): boolean => message.trimEnd().includes('\n')
const messageBlock = (message: string | null): readonly string[] =>
  message !== null && isBlock(message) ? visibleLines(message.trimEnd()) : []

/** Where a loop's items carry the changes, the host's own list holds the same once more. */
const itemsTell = (items: readonly Item[]): boolean => items.some((item) => item.changes.length > 0)

const drawChanges = (changes: readonly Change[], shown: Shown): readonly string[] =>
  shown.diff ? changes.flatMap((change) => drawChange(change, shown.style)) : []

function commandOutput(result: JsonObject, style: Style): readonly string[] {
  const { cmd, rc } = result
  return [
    ...(cmd === undefined || cmd === null ? [] : [`${style.dim('command:')} ${visibleLine(commandText(cmd))}`]),
    ...(typeof rc === 'number' ? [`${style.dim('exit status:')} ${rc}`] : []),
    ...stream('stderr', result['stderr'], style),
    ...stream('stdout', result['stdout'], style),
  ]
}

function commandText(command: Json): string {
  if (typeof command === 'string') return command
  // NUL has no quoted form, and a report must not fail on what a host says.
  return Array.isArray(command)
    ? commandLine(command.map((word) => String(word).replaceAll('\0', '^@')))
    : JSON.stringify(command)
}

function stream(name: string, text: Json | undefined, style: Style): readonly string[] {
  if (typeof text !== 'string' || text.trim() === '') return []
  const lines = visibleLines(text.trimEnd())
  const left = lines.length - OUTPUT_LINES
  return [
    style.dim(`${name}:`),
    ...(left > 0 ? [style.dim(`  … ${count(left, 'earlier line')}; -v shows all`)] : []),
    ...lines.slice(-OUTPUT_LINES).map((line) => `  ${line}`),
  ]
}

function resultLines(result: JsonObject, style: Style): readonly string[] {
  if (Object.keys(result).length === 0) return []
  const text = stringify(result, { lineWidth: 0, aliasDuplicateObjects: false })
  return [style.dim('result:'), ...visibleLines(text).map((line) => `  ${line}`)]
}
