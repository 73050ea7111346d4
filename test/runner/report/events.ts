import type { Change } from '../../../modules/step.ts'
import type {
  Event,
  HostFinished,
  HostRecap,
  Item,
  Outcome,
  RunFinished,
  RunStarted,
  TaskStarted,
} from '../../../runner/engine/events.ts'

/** A step of the clock between two events, in milliseconds. */
const TICK = 100

type Finished = Partial<
  Pick<HostFinished, 'ignored' | 'message' | 'changes' | 'result' | 'warnings' | 'items' | 'duration'>
>

/** Makes a run's events one after the other, with a clock and numbers of their own. Each method gives what it made, and keeps it. */
export class EventLog {
  readonly events: Event[] = []
  #time: number
  #play = 0
  #task = 0

  constructor(start = 1_700_000_000_000) {
    this.#time = start
  }

  run(options: Partial<Pick<RunStarted, 'check' | 'diff'>> = {}): Event {
    return this.#add({ event: 'run-started', playbooks: ['site.yml'], check: false, diff: false, forks: 5, ...options })
  }

  play(name: string, hosts: readonly string[]): Event {
    this.#play += 1
    return this.#add({ event: 'play-started', play: this.#play, name, hosts })
  }

  /** Gives the task's number. */
  task(name: string, hosts: readonly string[], options: Partial<Pick<TaskStarted, 'action' | 'handler'>> = {}): number {
    this.#task += 1
    const at = { file: 'site.yml', line: 10 + this.#task, column: 7 }
    this.#add({
      event: 'task-started',
      task: this.#task,
      play: this.#play,
      name,
      action: 'command',
      handler: false,
      hosts,
      at,
      ...options,
    })
    return this.#task
  }

  start(task: number, host: string): Event {
    return this.#add({ event: 'host-started', task, host })
  }

  progress(task: number, host: string, message: string, item?: Item): Event {
    return this.#add({ event: 'host-progress', task, host, message, ...(item === undefined ? {} : { item }) })
  }

  finish(task: number, host: string, outcome: Outcome, options: Finished = {}): Event {
    return this.#add({
      event: 'host-finished',
      task,
      host,
      outcome,
      ignored: false,
      message: null,
      changes: [],
      result: {},
      warnings: [],
      items: [],
      duration: 200,
      roundTrips: 1,
      ...options,
    })
  }

  taskDone(task: number): Event {
    return this.#add({ event: 'task-finished', task })
  }

  playDone(): Event {
    return this.#add({ event: 'play-finished', play: this.#play })
  }

  warn(message: string, line: number | null = null): Event {
    return this.#add({ event: 'warning', message, at: line === null ? null : { file: 'site.yml', line, column: 1 } })
  }

  end(
    recap: Readonly<Record<string, HostRecap>>,
    options: Partial<Pick<RunFinished, 'check' | 'interrupted' | 'exitStatus'>> = {},
  ): Event {
    return this.#add({
      event: 'run-finished',
      recap,
      interrupted: false,
      check: false,
      exitStatus: 0,
      duration: 12_345,
      ...options,
    })
  }

  #add(event: Untimed): Event {
    this.#time += TICK
    const timed = { time: this.#time, ...event } as Event
    this.events.push(timed)
    return timed
  }
}
type Untimed = Event extends infer E ? (E extends Event ? Omit<E, 'time'> : never) : never

export function recap(counts: Partial<HostRecap> = {}): HostRecap {
  const wire = { roundTrips: 0, requests: 0, channels: 0, connects: 0, bytesSent: 0, bytesReceived: 0 }
  return {
    ok: 0,
    changed: 0,
    unknown: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
    done: [],
    wire,
    ...counts,
  }
}

export function item(label: Item['label'], outcome: Outcome, options: Partial<Item> = {}): Item {
  return { label, outcome, message: null, changes: [], ...options }
}

export const textChange = (
  subject: string,
  before: string | null,
  after: string | null,
  options: Partial<Change> = {},
): Change => ({
  subject,
  verb: before === null ? 'create' : after === null ? 'remove' : 'update',
  text: { before, after },
  ...options,
})
