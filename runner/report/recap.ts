import stringWidth from 'string-width'

import type { HostRecap, RunFinished, Wire } from '../engine/events.ts'
import type { Shown } from './details.ts'
import { countColour } from './outcome.ts'
import type { Style } from './style.ts'
import { bytes, count, duration } from './units.ts'
import { padded, visibleLine } from './visible.ts'

type Count = Parameters<typeof countColour>[0]
/** As Ansible orders them; `unknown` stands only in check mode. */
const COUNTS: readonly Count[] = ['ok', 'changed', 'unknown', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored']
/** Hosts that a sentence names before it counts the rest. */
const NAMED_HOSTS = 5

type Row = readonly [host: string, recap: HostRecap]

/**
 * The end of a run as lines: a line of counts for each host, what needs explaining, the time it took. Where a line of counts would be
 * wider than `columns`, counts that are 0 on every host are left out.
 */
export function drawRecap(event: RunFinished, shown: Shown, columns = Infinity): string[] {
  const { style } = shown
  const rows = Object.entries(event.recap)
  return [
    style.bold('RECAP'),
    ...countLines(rows, event.check, columns, style),
    ...(shown.verbosity >= 2 ? ['', style.bold('WIRE'), ...wireLines(rows)] : []),
    ...doneLines(rows, event, style),
    '',
    ...(event.check ? checkLines(rows, event, style) : []),
    style.dim(`${event.interrupted ? 'Interrupted' : 'Finished'} after ${duration(event.duration)}`),
  ]
}

function countLines(rows: readonly Row[], check: boolean, columns: number, style: Style): readonly string[] {
  const all = COUNTS.filter((name) => check || name !== 'unknown')
  const widths = new Map(all.map((name) => [name, Math.max(...rows.map(([, recap]) => cell(name, recap).length))]))
  const nameWidth = hostWidth(rows)
  const fits = nameWidth + 2 + all.reduce((sum, name) => sum + 1 + (widths.get(name) ?? 0), 0) <= columns
  const names = fits ? all : all.filter((name) => name === 'ok' || rows.some(([, recap]) => recap[name] > 0))
  return rows.map(([host, recap]) => {
    const counts = names.map((name) =>
      countColour(name, recap[name], style)(cell(name, recap).padEnd(widths.get(name) ?? 0)),
    )
    return `${hostColour(recap, style)(padded(host, nameWidth))} : ${counts.join(' ')}`.trimEnd()
  })
}
const cell = (name: Count, recap: HostRecap): string => `${name}=${recap[name]}`

function hostColour(recap: HostRecap, style: Style): (text: string) => string {
  if (recap.failed + recap.unreachable > 0) return style.failure
  return recap.changed > 0 ? style.yellow : style.green
}

/** What was done before a host was lost or the run interrupted: that is what a user must look after. */
function doneLines(rows: readonly Row[], event: RunFinished, style: Style): readonly string[] {
  return rows
    .filter(([, recap]) => recap.done.length > 0)
    .flatMap(([host, recap]) => [
      '',
      style.bold(
        `Done on ${visibleLine(host)} before ${recap.unreachable > 0 ? 'it became unreachable' : reason(event)}:`,
      ),
      ...recap.done.map((subject) => `    ${visibleLine(subject)}`),
    ])
}
const reason = (event: RunFinished): string => (event.interrupted ? 'the run was interrupted' : 'the run ended')

function checkLines(rows: readonly Row[], event: RunFinished, style: Style): readonly string[] {
  const changing = rows.filter(([, recap]) => recap.changed > 0)
  const what = changing.length === 0 ? 'nothing' : `${count(changing.length, 'host')} (${hostNames(changing)})`
  const unknown = rows.filter(([, recap]) => recap.unknown > 0)
  const whole = !event.interrupted && rows.every(([, recap]) => recap.failed + recap.unreachable === 0)
  return [
    `${style.bold('This was a check: nothing was changed.')} ${whole ? 'The' : 'As far as it got, the'} run would change ${what}.`,
    ...(unknown.length === 0
      ? []
      : [
          `${style.magenta('unknown')} on ${hostNames(unknown)}: what these tasks do depends on a command or an earlier step that a check does not run, so they may change something.`,
        ]),
  ]
}

function hostNames(rows: readonly Row[]): string {
  const names = rows.slice(0, NAMED_HOSTS).map(([host]) => visibleLine(host))
  const left = rows.length - names.length
  return left > 0 ? `${names.join(', ')} and ${left} more` : names.join(', ')
}

function wireLines(rows: readonly Row[]): readonly string[] {
  const cells = rows.map(([, { wire }]) => wireCells(wire))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const nameWidth = hostWidth(rows)
  return rows.map(([host], index) => {
    const columns = (cells[index] ?? []).map((cell, column) => cell.padStart(widths[column] ?? 0))
    return `${padded(host, nameWidth)} : ${columns.join('  ')}`
  })
}

const wireCells = (wire: Wire): readonly string[] => [
  count(wire.roundTrips, 'round trip'),
  count(wire.requests, 'request'),
  count(wire.channels, 'channel'),
  count(wire.connects, 'connect'),
  `${bytes(wire.bytesSent)} out`,
  `${bytes(wire.bytesReceived)} in`,
]

const hostWidth = (rows: readonly Row[]): number => Math.max(0, ...rows.map(([host]) => stringWidth(visibleLine(host))))
