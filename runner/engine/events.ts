import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Change } from '../../modules/step.ts'
import type { Position } from '../language/source.ts'

/**
 * What happens in a run, typed and serialisable: all output is made from these. Every `…-started` has its `…-finished`. Values that
 * are secret have been redacted before an event is made.
 */
export type Event =
  | RunStarted
  | PlayStarted
  | TaskStarted
  | HostStarted
  | HostProgress
  | HostFinished
  | TaskFinished
  | PlayFinished
  | Warning
  | RunFinished
  | RunProfiled

export interface RunStarted {
  readonly event: 'run-started'
  readonly time: number
  readonly playbooks: readonly string[]
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
}
export interface PlayStarted {
  readonly event: 'play-started'
  readonly time: number
  readonly play: number
  readonly name: string
  readonly hosts: readonly string[]
}
export interface TaskStarted {
  readonly event: 'task-started'
  readonly time: number
  /** Unique in the run. */
  readonly task: number
  readonly play: number
  readonly name: string
  readonly action: string
  readonly handler: boolean
  /** Hosts that the task is to run on. */
  readonly hosts: readonly string[]
  readonly at: Place
}
export interface HostStarted {
  readonly event: 'host-started'
  readonly time: number
  readonly task: number
  readonly host: string
}
/** Something to tell while a task goes on for a host: one item of a loop done, a retry, a reconnection. */
export interface HostProgress {
  readonly event: 'host-progress'
  readonly time: number
  readonly task: number
  readonly host: string
  readonly message: string
  /** Set where an item of a loop is done. */
  readonly item?: Item
}
export interface HostFinished {
  readonly event: 'host-finished'
  readonly time: number
  readonly task: number
  readonly host: string
  readonly outcome: Outcome
  /** True where a failure or unreachability does not stop the host. */
  readonly ignored: boolean
  /** One line for people: why it failed or was skipped; the message of `debug`. */
  readonly message: string | null
  /** What differs, in order; in check mode what would. Empty where `no_log` holds. */
  readonly changes: readonly Change[]
  /** What the task returned, as `register` keeps it; null where `no_log` holds. */
  readonly result: JsonObject | null
  readonly warnings: readonly string[]
  readonly items: readonly Item[]
  /** Milliseconds from start to finish. */
  readonly duration: number
  /** Round trips that the task itself waited for. */
  readonly roundTrips: number
}
export interface TaskFinished {
  readonly event: 'task-finished'
  readonly time: number
  readonly task: number
}
export interface PlayFinished {
  readonly event: 'play-finished'
  readonly time: number
  readonly play: number
}
export interface Warning {
  readonly event: 'warning'
  readonly time: number
  readonly message: string
  readonly at: Place | null
}
export interface RunFinished {
  readonly event: 'run-finished'
  readonly time: number
  readonly recap: Readonly<Record<string, HostRecap>>
  /** True where the user interrupted it. */
  readonly interrupted: boolean
  readonly check: boolean
  readonly exitStatus: ExitStatus
  /** Milliseconds. */
  readonly duration: number
  /** What tasks kept with `set_stats`, by host; under the empty name, for the run as a whole. */
  readonly stats?: Readonly<Record<string, JsonObject>>
}

/** Where the time of a run went; comes last, where it was asked for. All times are seconds. */
export interface RunProfiled {
  readonly event: 'run-profiled'
  readonly time: number
  /** From the start of the process to that of the run: reading and checking. */
  readonly before: number
  /** From the start of the run to its end. */
  readonly elapsed: number
  /** Of these, how long the controller computed; the rest it waited. Near `elapsed`, it is what the run waits for. */
  readonly computing: number
  /** Of all tasks on all hosts together. */
  readonly parts: Parts
  /** In the order in which they started. */
  readonly tasks: readonly ProfiledTask[]
  readonly hosts: Readonly<Record<string, Spent>>
}
export interface ProfiledTask extends Pick<TaskStarted, 'task' | 'play' | 'name' | 'action' | 'handler' | 'at'> {
  /** By the clock, until the last of its hosts was done. */
  readonly elapsed: number
  /** Of its hosts together. */
  readonly parts: Parts
  readonly hosts: Readonly<Record<string, Spent>>
}
/** Of one host, or of one task on it: the parts add up to what elapsed. */
export interface Spent {
  readonly elapsed: number
  readonly parts: Parts
}
/** What a task on a host spends its time on: the parts add up to the time from the task's start to the host's end. */
export interface Parts {
  /** Opening a line to the host, and shells on it. */
  readonly connect: number
  /** Waiting for facts. */
  readonly read: number
  /** Evaluating templates. */
  readonly render: number
  /** Planning, also ahead for coming tasks. */
  readonly plan: number
  /** Waiting for the host to carry out steps. */
  readonly perform: number
  /** The rest: for the host's turn, for pauses, and for the controller while that is busy with other hosts. */
  readonly wait: number
}
export type Part = keyof Parts

/** Of a task on a host. `unknown` only in check mode: it cannot be said before the run whether it changes anything. */
export type Outcome = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable' | 'unknown'

export interface Item {
  readonly label: Json
  readonly outcome: Outcome
  readonly message: string | null
  readonly changes: readonly Change[]
}

/** 0 all is well, 1 wrong usage or playbook, 2 a host failed, 4 a host was unreachable, 99 interrupted. */
export type ExitStatus = 0 | 1 | 2 | 4 | 99

/** A place in a source, as far as a reader of events needs it. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}
export const placeOf = (at: Position): Place => ({ file: at.source.name, line: at.line, column: at.column })

/** What a host's tasks came to, and what it cost. */
export interface HostRecap {
  readonly ok: number
  readonly changed: number
  readonly unknown: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
  /** What was done on the host before it became unreachable or the run was interrupted: the changes' subjects. Empty elsewhere. */
  readonly done: readonly string[]
  readonly wire: Wire
}
/** What went over the wire; see the transport's meter. */
export interface Wire {
  readonly roundTrips: number
  readonly requests: number
  readonly channels: number
  readonly connects: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

/** Takes events as they come; `close` is called once at the end, and what it waits for is drawn before drover ends. */
export interface Reporter {
  report(event: Event): void
  close(): Promise<void>
}
