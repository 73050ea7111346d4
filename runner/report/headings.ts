import type { HostFinished, Place, PlayStarted, TaskStarted, Warning } from '../engine/events.ts'
import { messageSuffix, type Shown } from './details.ts'
import { outcomeColour, outcomeWord } from './outcome.ts'
import type { Style } from './style.ts'
import { count, duration } from './units.ts'
import { visibleLine } from './visible.ts'

/** `playbooks/site.yml:12` */
export const placeText = (at: Place): string => `${visibleLine(at.file)}:${at.line}`

/** `PLAY  Install Galera  (3 hosts)` */
export function playHeader({ name, hosts }: PlayStarted, style: Style): string {
  return `${style.bold(`PLAY  ${visibleLine(name)}`)}  ${style.dim(`(${hosts.length === 0 ? 'no hosts' : count(hosts.length, 'host')})`)}`
}

export function warningLine({ message, at }: Warning, style: Style): string {
  return `${style.yellow('warning:')} ${visibleLine(message)}${at === null ? '' : style.dim(` (${placeText(at)})`)}`
}

/** A task's name, or what it does where it has none. */
export const taskName = (task: TaskStarted): string => visibleLine(task.name === '' ? task.action : task.name)

/** `changed: n1 (0.2 s)`, `failed (ignored): n2 (0.1 s) — no such package`. */
export function hostLine(event: HostFinished, { style, check }: Shown): string {
  const word = `${outcomeWord(event.outcome, check)}${event.ignored ? ' (ignored)' : ''}:`
  const items = event.items.length === 0 ? '' : `${count(event.items.length, 'item')}, `
  const time = event.outcome === 'skipped' && items === '' ? '' : style.dim(` (${items}${duration(event.duration)})`)
  const colour = event.ignored ? style.cyan : outcomeColour(event.outcome, style)
  return `${colour(word)} ${visibleLine(event.host)}${time}${messageSuffix(event.message)}`
}
