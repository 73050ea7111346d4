import type { HostFinished, HostProgress, HostStarted, Outcome, TaskStarted } from '../../engine/events.ts'
import { OUTCOMES } from '../outcome.ts'

/** Where a host stands in a task. `since` is when it started, in milliseconds since the epoch. */
export type HostState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly since: number; readonly note: string; readonly items: number }
  | { readonly state: 'finished'; readonly event: HostFinished }

/** How far one task has got on all its hosts. */
export class Tally {
  readonly task: TaskStarted
  readonly #hosts = new Map<string, HostState>()

  constructor(task: TaskStarted) {
    this.task = task
    for (const host of task.hosts) this.#hosts.set(host, { state: 'waiting' })
  }

  /** Hosts in the play's order. */
  get hosts(): ReadonlyMap<string, HostState> {
    return this.#hosts
  }

  get finished(): readonly HostFinished[] {
    return [...this.#hosts.values()].flatMap((host) => (host.state === 'finished' ? [host.event] : []))
  }

  started(event: HostStarted): void {
    this.#hosts.set(event.host, { state: 'running', since: event.time, note: '', items: 0 })
  }

  progress(event: HostProgress): void {
    const before = this.#hosts.get(event.host)
    const { since, items } = before?.state === 'running' ? before : { since: event.time, items: 0 }
    const done = items + (event.item === undefined ? 0 : 1)
    this.#hosts.set(event.host, { state: 'running', since, note: event.message, items: done })
  }

  finish(event: HostFinished): void {
    this.#hosts.set(event.host, { state: 'finished', event })
  }

  /** How many hosts are where; ignored failures are counted apart from those that stop a host. */
  counts(): Counts {
    const counts = { ...NONE }
    for (const host of this.#hosts.values()) {
      if (host.state !== 'finished') counts[host.state] += 1
      else if (host.event.ignored) counts.ignored += 1
      else counts[host.event.outcome] += 1
    }
    return counts
  }
}

export type Place = 'running' | 'waiting' | 'ignored' | Outcome
export type Counts = { readonly [place in Place]: number }
export const PLACES: readonly Place[] = ['running', 'waiting', ...OUTCOMES, 'ignored']
const NONE = {
  running: 0,
  waiting: 0,
  ignored: 0,
  ok: 0,
  changed: 0,
  unknown: 0,
  skipped: 0,
  failed: 0,
  unreachable: 0,
}
