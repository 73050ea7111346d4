import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import type { Parts, ProfiledTask, RunProfiled } from '../engine/events.ts'
import { added, partNames } from '../engine/profile/parts.ts'
import { placeText } from './headings.ts'
import type { Style } from './style.ts'
import { count } from './units.ts'
import { padded, visibleLine } from './visible.ts'

/** Tasks and hosts that are shown, slowest first. */
const MOST_ROWS = 20
const LONGEST_NAME = 60

interface Row {
  readonly name: string
  /** Seconds. */
  readonly elapsed: number
  readonly parts: Parts
}

/** Where the time of a run went, as lines: what it comes to, and tables by task and by host, slowest first. */
export function drawProfile(event: RunProfiled, style: Style): readonly string[] {
  const tasks = byPlace(event.tasks)
  const hosts = Object.entries(event.hosts).map(([host, spent]): Row => ({ name: visibleLine(host), ...spent }))
  return [
    style.bold('PROFILE'),
    `The run took ${text(event.elapsed)} s, during ${text(event.computing)} s of which drover itself computed. Reading and checking took ${text(event.before)} s before.`,
    '',
    ...table('TASK', tasks, { elapsed: event.elapsed, parts: event.parts }, style),
    '',
    ...table('HOST', hosts, { elapsed: hosts.reduce((sum, row) => sum + row.elapsed, 0), parts: event.parts }, style),
    style.dim('In seconds: by the clock (of all hosts: added up), then what each part took, of all hosts together.'),
  ]
}

/** Tasks of the same place are one row: what is included again and again, or what each host runs at its own pace. */
function byPlace(tasks: readonly ProfiledTask[]): readonly Row[] {
  const groups = new Map<string, ProfiledTask[]>()
  for (const task of tasks) {
    const key = `${task.play} ${placeText(task.at)}:${task.at.column} ${task.name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [task])
    else group.push(task)
  }
  return [...groups.values()].map((group) => {
    const [first] = group
    const times = group.length > 1 ? `${count(group.length, 'time')}: ` : ''
    return {
      name: `${times}${first === undefined ? '' : visibleLine(first.name === '' ? first.action : first.name)}`,
      elapsed: group.reduce((sum, { elapsed }) => sum + elapsed, 0),
      parts: added(group.map(({ parts }) => parts)),
    }
  })
}

function table(title: string, rows: readonly Row[], whole: Omit<Row, 'name'>, style: Style): readonly string[] {
  const shown = rows.toSorted((a, b) => b.elapsed - a.elapsed).slice(0, MOST_ROWS)
  const all = [...shown, { name: 'all', ...whole }]
  const cells = all.map(({ elapsed, parts }) => [text(elapsed), ...partNames.map((part) => text(parts[part]))])
  const heads = ['time', ...partNames]
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const names = all.map(({ name }) => cliTruncate(name, LONGEST_NAME))
  const nameWidth = Math.max(stringWidth(title), ...names.map((name) => stringWidth(name)))
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')
  const left = rows.length - shown.length
  const drawn = names.map((name, index) => `${padded(name, nameWidth)}  ${line(cells[index] ?? [])}`)
  return [
    style.bold(`${padded(title, nameWidth)}  ${line(heads)}`),
    ...drawn.slice(0, -1),
    ...(left > 0 ? [style.dim(`and ${count(left, 'more', 'more')}`)] : []),
    style.bold(drawn.at(-1) ?? ''),
  ]
}

/** Of seconds. */
const text = (seconds: number): string => seconds.toFixed(2)
