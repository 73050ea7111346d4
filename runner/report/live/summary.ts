import stringWidth from 'string-width'

import type { HostFinished } from '../../engine/events.ts'
import { hostDetails, itemDetails, itemLabel, messageSuffix, type Shown } from '../details.ts'
import { taskName } from '../headings.ts'
import { isTrouble, outcomeColour, outcomeWord } from '../outcome.ts'
import { duration } from '../units.ts'
import { visibleLine } from '../visible.ts'
import { drawCounts } from './counts.ts'
import type { Counts, Tally } from './tally.ts'

/** Where the counts start, so that they stand in one column; further left where the terminal is narrow. */
const NAME_WIDTH = 48
/** Hosts that are named where several have the same to tell. */
const NAMED_HOSTS = 4

export interface Ending {
  /** False where the run left the task under way. */
  readonly done: boolean
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly columns: number
}

/**
 * A task that is done, or that the run left where it was: one line with its counts, beneath it what has to be read: failures,
 * messages, warnings, differences. Hosts with the same to tell are told together.
 */
export function drawSummary(tally: Tally, ending: Ending, shown: Shown): readonly string[] {
  const { style } = shown
  const counts = tally.counts()
  const kind = tally.task.handler ? 'handler ' : ''
  const name = `${kind}${taskName(tally.task)}`
  const title = counts.skipped === tally.hosts.size ? style.dim(name) : name
  const took = ending.time - tally.task.time
  const time = took < 1000 ? '' : style.dim(`  ${duration(took)}`)
  const numbers = `${drawCounts(counts, shown)}${time}`
  const column = Math.min(NAME_WIDTH, ending.columns - 2 - stringWidth(numbers))
  const gap = ' '.repeat(Math.max(2, column - stringWidth(name)))
  return [`${symbol(counts, ending.done, shown)} ${title}${gap}${numbers}`, ...details(tally, shown)]
}

function symbol(counts: Counts, done: boolean, { style }: Shown): string {
  if (counts.failed + counts.unreachable > 0) return style.failure('✖')
  if (!done) return style.yellow('■')
  if (counts.changed > 0) return style.yellow('●')
  if (counts.unknown > 0) return style.magenta('?')
  return counts.ok + counts.ignored > 0 ? style.green('✔') : style.dim('–')
}

function details(tally: Tally, shown: Shown): readonly string[] {
  const groups = new Map<
    string,
    { readonly hosts: string[]; readonly heading: (hosts: string) => string; readonly lines: readonly string[] }
  >()
  for (const event of tally.finished) {
    const lines = [...itemLines(event, shown), ...hostDetails(event, tally.task.at, shown)]
    const suffix = event.outcome === 'skipped' ? '' : messageSuffix(event.message)
    if (lines.length === 0 && suffix === '' && !isTrouble(event.outcome)) continue
    const key = JSON.stringify([event.outcome, event.ignored, suffix, lines])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { hosts: [event.host], heading: heading(event, suffix, shown), lines })
    else group.hosts.push(event.host)
  }
  return [...groups.values()].flatMap(({ hosts, heading, lines }) =>
    [heading(hostList(hosts)), ...lines].map((line) => `  ${line}`),
  )
}

const heading =
  (event: HostFinished, suffix: string, { style, check }: Shown) =>
  (hosts: string): string => {
    const colour = event.ignored ? style.cyan : outcomeColour(event.outcome, style)
    return `${colour(`${outcomeWord(event.outcome, check)}${event.ignored ? ' (ignored)' : ''}:`)} ${hosts}${suffix}`
  }

/** Items that failed, differ or have something to say; the others are counted. */
function itemLines(event: HostFinished, shown: Shown): readonly string[] {
  const { style, check } = shown
  return event.items.flatMap((item) => {
    const lines = itemDetails(item, shown)
    const suffix = item.outcome === 'skipped' ? '' : messageSuffix(item.message)
    if (lines.length === 0 && suffix === '' && !isTrouble(item.outcome)) return []
    const word = outcomeColour(item.outcome, style)(`${outcomeWord(item.outcome, check)}:`)
    return [`  ${word} item=${itemLabel(item.label)}${suffix}`, ...lines.map((line) => `  ${line}`)]
  })
}

function hostList(hosts: readonly string[]): string {
  const named = hosts.length <= NAMED_HOSTS + 1 ? hosts : hosts.slice(0, NAMED_HOSTS)
  const names = named.map(visibleLine).join(', ')
  return named.length < hosts.length ? `${names} and ${hosts.length - named.length} others` : names
}
