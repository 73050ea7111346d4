import type { Connect } from '../../host/line.ts'
import type { Event, ProfiledTask, RunProfiled, Spent, TaskStarted } from '../events.ts'
import { Clock } from './clock.ts'
import { Lines } from './lines.ts'
import { added } from './parts.ts'
import { TimedConnection } from './timed-connection.ts'

/** A task that is under way or over; the times are milliseconds. */
interface Timed {
  readonly task: TaskStarted
  readonly start: number
  readonly clocks: ReadonlyMap<string, Clock>
  end: number
}

/**
 * Where the time of a run goes, by task and host. It learns from the run's events what is under way, and from those who work for a task,
 * by way of the task's `Clock` on the host, what they do.
 */
export class Profile {
  readonly #start = performance.now()
  readonly #utilization = performance.eventLoopUtilization()
  readonly #tasks = new Map<number, Timed>()
  readonly #lines = new Lines()

  /** The clock of a task on a host. */
  clock(task: number, host: string): Clock | undefined {
    return this.#tasks.get(task)?.clocks.get(host)
  }

  /** Takes note of an event of the run, as it comes. */
  take(event: Event): void {
    if (event.event === 'task-started') {
      // Before any of its clocks starts: a task takes no less time than its hosts.
      const start = performance.now()
      const clocks = new Map(event.hosts.map((host) => [host, new Clock(this.#lines)]))
      this.#tasks.set(event.task, { task: event, start, clocks, end: start })
    } else if (event.event === 'host-finished') this.clock(event.task, event.host)?.stop()
    else if (event.event === 'task-finished') {
      const timed = this.#tasks.get(event.task)
      if (timed === undefined) return
      // Hosts whose turn had not come when the run was interrupted.
      for (const clock of timed.clocks.values()) clock.stop()
      timed.end = performance.now()
    }
  }

  /** What connects to that host, with note taken of the time that takes, and each shell on the line. */
  connecting(host: string, connect: Connect): Connect {
    const opening = <T>(work: () => Promise<T>): Promise<T> => this.#lines.opening(host, work)
    return (endpoint) => opening(async () => new TimedConnection(await connect(endpoint), opening))
  }

  /** What it has come to. */
  result(): RunProfiled {
    const timed = [...this.#tasks.values()]
    const byHost = new Map<string, Clock[]>()
    for (const { clocks } of timed)
      for (const [host, clock] of clocks) {
        const own = byHost.get(host)
        if (own === undefined) byHost.set(host, [clock])
        else own.push(clock)
      }
    const elapsed = performance.now() - this.#start
    const { active } = performance.eventLoopUtilization(this.#utilization)
    return {
      event: 'run-profiled',
      time: Date.now(),
      before: seconds(this.#start),
      elapsed: seconds(elapsed),
      computing: seconds(Math.min(active, elapsed)),
      parts: spentBy([...byHost.values()].flat()).parts,
      tasks: timed.map(profiled),
      hosts: Object.fromEntries([...byHost].map(([host, clocks]) => [host, spentBy(clocks)])),
    }
  }
}

function profiled({ task: { task, play, name, action, handler, at }, start, end, clocks }: Timed): ProfiledTask {
  const hosts = [...clocks].map(([host, clock]): [string, Spent] => [host, spentBy([clock])])
  const { parts } = spentBy([...clocks.values()])
  const elapsed = seconds(end - start)
  return { task, play, name, action, handler, at, elapsed, parts, hosts: Object.fromEntries(hosts) }
}

/** What these clocks counted, together. */
function spentBy(clocks: readonly Clock[]): Spent {
  const parts = added(clocks.map((clock) => clock.parts))
  return {
    elapsed: seconds(clocks.reduce((sum, { elapsed }) => sum + elapsed, 0)),
    parts: {
      connect: seconds(parts.connect),
      read: seconds(parts.read),
      render: seconds(parts.render),
      plan: seconds(parts.plan),
      perform: seconds(parts.perform),
      wait: seconds(parts.wait),
    },
  }
}

/** Of milliseconds, to the microsecond. */
const seconds = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1e6
