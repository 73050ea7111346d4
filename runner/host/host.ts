import type { Fact } from '../../modules/fact.ts'
import type { Action, ActionResult } from '../../modules/step.ts'

/** One host as one identity: reads facts, performs actions. Rejects only with the transport's `ConnectionError` and `BecomeError`. */
export interface Host {
  /** Resolves when the host is reached, at once where it is: what is asked for until then goes into one batch. Rejects as `read` does. */
  open?(): Promise<void>
  /** Reads facts, one reading for each in the same order, in as few requests as their size allows. */
  read(facts: readonly Fact<unknown>[]): Promise<readonly Reading[]>
  /** Performs actions in order, up to the first that fails, in one request unless their content is large. */
  perform(work: Work): Promise<Performed>
}

/** What a fact's script printed for one parameter, or why it could not be read, for people. */
export type Reading =
  { readonly kind: 'raw'; readonly raw: Buffer } | { readonly kind: 'unreadable'; readonly message: string }

export interface Work {
  readonly actions: readonly Action[]
  /** What the actions were planned from: compared on the host before the first action. */
  readonly basis: readonly Basis[]
  /** Facts to read after the actions, in the same request; also when an action failed. */
  readonly readBack: readonly Fact<unknown>[]
  /** Variables for what `run` and `sh` start. */
  readonly environment: { readonly [name: string]: string }
  /** Milliseconds for all of it. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Told what is still waited for, whenever that changes. */
  readonly progress?: ((message: string) => void) | undefined
}
export interface Basis {
  readonly fact: Fact<unknown>
  readonly raw: Buffer
}

export type Performed =
  /** A fact of the basis is not what it was: nothing was done. */
  | { readonly kind: 'moved' }
  | {
      readonly kind: 'performed'
      /** One for each action that was started; the last is the one that failed, if any did. */
      readonly results: readonly ActionResult[]
      /** The action that failed, and why, for people. */
      readonly failure: Failure | null
      readonly readings: readonly Reading[]
    }
export interface Failure {
  readonly action: Action
  readonly reason: 'status' | 'timed-out' | 'interrupted' | 'overflowed' | 'unconfirmed'
  readonly message: string
}
