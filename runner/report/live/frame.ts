import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'

import type { HostFinished } from '../../engine/events.ts'
import { messageSuffix, type Shown } from '../details.ts'
import { isTrouble, outcomeColour, outcomeSymbol, outcomeWord } from '../outcome.ts'
import { taskName } from '../headings.ts'
import { count, duration } from '../units.ts'
import { padded, visibleLine } from '../visible.ts'
import { drawCounts } from './counts.ts'
import type { HostState, Tally } from './tally.ts'

/** What is drawn of one running task: the line beside the spinner, and the lines beneath it. */
export interface Panel {
  readonly title: string
  readonly body: readonly string[]
}
/** The room on the terminal, in lines and columns. */
export interface Room {
  readonly rows: number
  readonly columns: number
}

/** Lines left free at the bottom, for the cursor and what the user types. */
const FREE_ROWS = 3
const MOST_HOST_NAME = 30
/** Running hosts named where not all fit. */
const MOST_SLOW = 5

type Entry = readonly [host: string, state: HostState]

/**
 * The running tasks as they stand at `now` (milliseconds since the epoch), one panel each, none wider or together higher than the room.
 * Hosts that do not fit one a line become counts, with the failures and the hosts that have been at it longest beneath.
 */
export function drawFrame(tallies: readonly Tally[], room: Room, now: number, shown: Shown): readonly Panel[] {
  const most = Math.max(1, room.rows - FREE_ROWS)
  const drawn = tallies.slice(0, most)
  const each = Math.max(0, Math.floor((most - drawn.length) / Math.max(1, drawn.length)))
  return drawn.map((tally) => ({
    title: fit(title(tally, now, shown), room.columns - 3),
    body: body(tally, each, now, shown).map((line) => fit(line, room.columns - 5)),
  }))
}

const fit = (line: string, columns: number): string => cliTruncate(line, Math.max(1, columns))

function title(tally: Tally, now: number, shown: Shown): string {
  const { style } = shown
  const kind = tally.task.handler ? style.dim('handler ') : ''
  const time = style.dim(`  ${duration(Math.max(0, now - tally.task.time))}`)
  return `${kind}${style.bold(taskName(tally.task))}${time}`
}

function body(tally: Tally, rows: number, now: number, shown: Shown): readonly string[] {
  const hosts = [...tally.hosts]
  if (hosts.length <= rows) {
    const width = nameWidth(hosts.map(([host]) => host))
    return hosts.map(([host, state]) => hostLine(host, state, width, now, shown))
  }
  return rows === 0 ? [] : [drawCounts(tally.counts(), shown), ...listed(hosts, rows - 1, now, shown)]
}

/** Of many hosts, those to look at: all failures that fit, and in what room is left the few that have been at it longest. */
function listed(hosts: readonly Entry[], rows: number, now: number, shown: Shown): readonly string[] {
  const troubled = hosts.filter(([, state]) => state.state === 'finished' && isTrouble(state.event.outcome))
  const failures = troubled.length <= rows ? troubled : troubled.slice(0, Math.max(0, rows - 1))
  const slowest = hosts
    .flatMap(([host, state]) => (state.state === 'running' ? [{ host, state }] : []))
    .toSorted((a, b) => a.state.since - b.state.since)
    .slice(0, Math.min(MOST_SLOW, rows - failures.length))
    .map(({ host, state }): Entry => [host, state])
  const left = troubled.length - failures.length
  const entries = left > 0 ? failures : [...failures, ...slowest]
  const width = nameWidth(entries.map(([host]) => host))
  return [
    ...entries.map(([host, state]) => hostLine(host, state, width, now, shown)),
    ...(left > 0 && rows > 0 ? [shown.style.dim(`… and ${left} more that failed`)] : []),
  ]
}

const nameWidth = (hosts: readonly string[]): number =>
  Math.min(MOST_HOST_NAME, Math.max(0, ...hosts.map((host) => stringWidth(visibleLine(host)))))

function hostLine(host: string, state: HostState, width: number, now: number, shown: Shown): string {
  const { style } = shown
  const name = padded(host, width)
  switch (state.state) {
    case 'waiting':
      return style.dim(`· ${name}  waiting`)
    case 'running': {
      const items = state.items === 0 ? '' : `${count(state.items, 'item')}  `
      return `${style.cyan('›')} ${name}  ${style.dim(`${items}${duration(Math.max(0, now - state.since))}  ${visibleLine(state.note)}`.trimEnd())}`
    }
    case 'finished':
      return finishedLine(name, state.event, shown)
  }
}

function finishedLine(name: string, event: HostFinished, { style, check }: Shown): string {
  const colour = event.ignored ? style.cyan : outcomeColour(event.outcome, style)
  const ignored = event.ignored ? ' (ignored)' : ''
  // A block of text would not fit here; it is shown whole when the task is done.
  const message = event.outcome === 'skipped' ? '' : messageSuffix(event.message)
  return `${colour(`${outcomeSymbol(event.outcome)} ${name}  ${outcomeWord(event.outcome, check)}${ignored}`)}${message}`
}
