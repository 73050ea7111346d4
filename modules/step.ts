import type { Json } from '../schema/infer.ts'
import type { Fact } from './fact.ts'
import type { AnswerTo, HttpQuestion, Question, SqlQuestion } from './question.ts'

/** One thing that remains to be done: what differs (for people), how to do it (for the machine), what is then true (for later tasks). */
export interface Step {
  readonly change: Change
  readonly actions: readonly Action[]
  readonly effects: readonly Effect[]
  /** For a step that may cut the connection it is made over: the next steps wait until it is confirmed over a new one. */
  readonly confirm?: Confirmation
  /** For a step after which the host goes away, or has yet to come: the next steps wait until it is reached over a new connection. */
  readonly reach?: Reach
}

/** How a step is confirmed. The step itself sees to it that the host goes back to what it was where the confirmation does not come. */
export interface Confirmation {
  /** Seconds that the host waits for it. */
  readonly within: number
  /** Performed over a new connection. One that fails says that it came too late. */
  readonly actions: readonly Action[]
}

/**
 * How a host is reached again. That the connection is lost meanwhile is no failure. It counts as one more action, whose start and end are
 * those of the waiting.
 */
export interface Reach {
  /** What is waited for, for error messages: `wait for the host to come back`. */
  readonly title: string
  /** Seconds before the first try. */
  readonly delay: number
  /** Seconds to try at most, counted from the beginning. */
  readonly timeout: number
  /** Seconds between two tries. */
  readonly sleep: number
  /** Seconds for each. */
  readonly connectTimeout: number
  /** What has to be another one than before: the host has booted since. */
  readonly unlike?: { readonly fact: Fact<string>; readonly value: string }
  /** Seconds to wait once it is reached. */
  readonly settle?: number
  /** Must then succeed; tried again until the time is over. */
  readonly test?: readonly HostAction[]
}

/** What a step changes, before and after. Text and attributes are shown side by side; neither hides the other. */
export interface Change {
  /** What changes: a path, `unit mysql`, `/dev/vdb partition 5`. */
  readonly subject: string
  readonly verb: 'create' | 'update' | 'remove' | 'run'
  /** A file's text before and after; null where there is or will be none. Shown as a unified diff. */
  readonly text?: { readonly before: string | null; readonly after: string | null }
  /** Named attributes that differ; only those that do. */
  readonly attributes?: readonly AttributeChange[]
  /** True where the text holds a secret: the diff then says only that it differs. */
  readonly secret?: boolean
}
export interface AttributeChange {
  readonly name: string
  readonly before: Json
  readonly after: Json
}

/** Owner and mode of something in the file system. `mode` is octal digits (`0644`); owner and group are names or numbers. */
export interface Ownership {
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

/** Bytes for the host: at hand, or in a file of the controller that is streamed. */
export type Content =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly sha256: string }

/** A verb that the engine can perform. Few, and each either happens whole or leaves things as they were, `run` and `sh` excepted. */
export type Action = HostAction | ServiceAction
/** What the host's shell does. */
export type HostAction =
  WriteAction | AttributesAction | DirectoryAction | LinkAction | RemoveAction | RunAction | ScriptAction
/** What the engine does by itself, over the host's connection. */
export type ServiceAction = AwaitAction | RequestAction | FetchAction

/**
 * Replaces or makes a regular file: a temporary file in the same directory, synced, mode, owner and SELinux context set, renamed over
 * `path`. Unset ownership keeps the old file's, or the umask's for a new one. A checksum is compared before the rename. Fails where
 * something else than a regular file, or a link to one, is at `path`; a link is replaced, not followed.
 */
export interface WriteAction extends Ownership {
  readonly do: 'write'
  readonly path: string
  readonly content: Content
  /** Keeps the old file beside it as `PATH.PID.YYYY-MM-DD@HH:MM:SS~`. */
  readonly backup?: boolean
  /** A command that must accept the new file before it replaces the old one; `%s` in a word stands for its path. */
  readonly validate?: readonly string[]
}
/** Sets mode, owner, group or times of what is at `path`; of the link itself, which has no mode, where it is one and `link` is true. */
export interface AttributesAction extends Ownership {
  readonly do: 'attributes'
  readonly path: string
  readonly link?: boolean
  /** Seconds since the epoch. */
  readonly mtime?: number
  readonly atime?: number
}
/** Makes one directory; its parent must be there. An existing directory is left as it is, ownership included. */
export interface DirectoryAction extends Ownership {
  readonly do: 'directory'
  readonly path: string
}
/** Makes a link at `path`, replacing a link or file (not a directory) in one rename. */
export interface LinkAction {
  readonly do: 'link'
  readonly path: string
  readonly target: string
  readonly hard?: boolean
}
/** Removes what is at `path`; a directory with all that is in it only if `recursive`. Never crosses into another mounted filesystem. */
export interface RemoveAction {
  readonly do: 'remove'
  readonly path: string
  readonly recursive?: boolean
}

/** A file of the controller that is streamed to a host. */
export interface InputFile {
  readonly path: string
  /** Bytes. */
  readonly size: number
}
interface Runs {
  readonly chdir?: string
  readonly environment?: { readonly [name: string]: string }
  readonly stdin?: Buffer
  /** A file of the controller, streamed to the standard input, in place of `stdin`. */
  readonly input?: InputFile
  readonly umask?: string
  /** Seconds after which what runs is ended. Without it, the task's own time-out holds. */
  readonly timeout?: number
  /** Exit statuses that are no failure; `any` leaves the judgement to the module's `result`. [0] where unset. */
  readonly accept?: readonly number[] | 'any'
}
/** Runs a program with an argument vector; no shell sees the words. */
export interface RunAction extends Runs {
  readonly do: 'run'
  readonly argv: readonly string[]
}
/** Runs a fixed POSIX sh text of the module's own; everything that varies comes as positional parameters. */
export interface ScriptAction extends Runs {
  readonly do: 'sh'
  /** What this does, for error messages: `build the swap file`. */
  readonly title: string
  readonly script: string
  readonly args: readonly string[]
}

/**
 * Reads facts again and again until nothing is missing. Changes nothing. Its standard output is the facts' last values as JSON, its exit
 * status `tooLate` where the time was over first; neither is a failure: the module's `result` judges.
 */
export interface AwaitAction {
  readonly do: 'await'
  /** What is waited for, for error messages: `wait for the cluster`. */
  readonly title: string
  readonly facts: readonly Fact<unknown>[]
  /** What the values still lack, for people; null where they are as wanted. */
  readonly missing: (values: readonly unknown[]) => string | null
  /** Seconds to wait at most. */
  readonly timeout: number
  /** Seconds between two readings. */
  readonly delay: number
}
/** Asks a service for a change. Its standard output is the answer as JSON; one that has a problem fails it. */
export type RequestAction = RequestTo<HttpQuestion> | RequestTo<SqlQuestion>
interface RequestTo<Q extends Question> {
  readonly do: 'request'
  /** What is done, for error messages: `create the public endpoint`. Holds no secret. */
  readonly title: string
  readonly request: Q
  /** What is wrong with the answer, for people; null where it is as it should be. */
  readonly problem: (answer: AnswerTo<Q>) => string | null
}
/**
 * Streams a file of the host to the controller: a temporary file beside `to`, synced, renamed over it; directories on the way are made. What
 * arrives must have the digest, or nothing is kept and the work counts as planned from what is no longer so. Its standard output is
 * `FetchedFile` as JSON.
 */
export interface FetchAction {
  readonly do: 'fetch'
  /** On the host; links are followed. */
  readonly path: string
  /** The whole path on the controller. */
  readonly to: string
  /** SHA-256 in hexadecimal; null where whatever arrives is taken. */
  readonly sha256: string | null
}
/** What arrived of a file. */
export interface FetchedFile {
  readonly size: number
  readonly sha1: string
  readonly sha256: string
}
/** The exit status of waiting that took too long. */
export const tooLate = 2

/** What performing an action gave. */
export interface ActionResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Start and end on the controller's clock, in milliseconds since the epoch. */
  readonly start: number
  readonly end: number
}

/** What a step does to facts. */
export type Effect =
  /** The fact has this value afterwards. */
  | { readonly kind: 'becomes'; readonly fact: Fact<unknown>; readonly value: unknown }
  /** The fact must be read again; in check mode its value is unknown from here on. */
  | { readonly kind: 'stale'; readonly fact: Fact<unknown>; readonly alone?: true }
  /** Everything below a directory (not itself): gone, or to be read again (in check mode: unknown). */
  | { readonly kind: 'beneath'; readonly path: string; readonly now: 'absent' | 'unknown' }
  /** A program was started: a service that does not answer now may answer then. */
  | { readonly kind: 'started' }
  /** An opaque command: every fact must be read again. */
  | { readonly kind: 'anything' }

export const becomes = <T>(fact: Fact<T>, value: T): Effect => ({ kind: 'becomes', fact, value })
export const stale = (fact: Fact<unknown>): Effect => ({ kind: 'stale', fact })
/** The fact must be read again, but facts that a change at its path would touch are only those that other effects name. */
export const staleAlone = (fact: Fact<unknown>): Effect => ({ kind: 'stale', fact, alone: true })
export const beneath = (path: string, now: 'absent' | 'unknown'): Effect => ({ kind: 'beneath', path, now })
export const started: Effect = { kind: 'started' }
export const anything: Effect = { kind: 'anything' }

export const run = (...argv: readonly string[]): RunAction => ({ do: 'run', argv })

/** The attributes that differ between two readings, in the order of `after`'s keys. */
export function attributeChanges(
  before: { readonly [name: string]: Json },
  after: { readonly [name: string]: Json },
): readonly AttributeChange[] {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
}
