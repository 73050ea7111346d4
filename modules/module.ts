import type { ArgsSchema, Infer, Json, JsonObject } from '../schema/infer.ts'
import type { Fact } from './fact.ts'
import type { ActionResult, Step } from './step.ts'

/** One host's state as a module sees it: the host's facts with what this run has done, or in check mode would have done, laid over. */
export interface HostState {
  /**
   * The value of a fact. Reads asked for in the same tick go to the host as one batch: ask with `Promise.all` for what is independent.
   * Rejects with `UnreadableFact` where the host could not read it, and with `UnknownFact` in check mode where an earlier step makes
   * the value impossible to know.
   */
  get<T>(fact: Fact<T>): Promise<T>
}

/** In check mode: the fact depends on a step that was not performed. The engine turns it into the outcome `unknown`. */
export class UnknownFact extends Error {
  override readonly name = 'UnknownFact'
  readonly fact: string
  constructor(fact: string) {
    super(`${fact} cannot be known before the run`)
    this.fact = fact
  }
}

/** What a module may ask of the machine that drover runs on: the user's own files, looked up along the task's search path. */
export interface Controller {
  /** A file of the user's, for `copy: src=`: its whole path, size and digests; null where there is none. One that ansible-vault encrypted is decrypted, unless `decrypt` is false. `list` names what a directory holds. */
  file(name: string, options?: { readonly decrypt?: boolean }): Promise<ControllerFile | null>
  /** What is where a file of the host is to go: a relative path starts at the playbook, `~` is the home directory of whoever runs drover. */
  place(path: string): Promise<ControllerPlace>
  /** The host's name in the inventory. */
  readonly hostName: string
  /** A template of the user's, rendered with the task's variables. Problems in it are the engine's to report. */
  render(name: string, options?: RenderOptions): Promise<string>
}
export type ControllerFile =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mode: string
      readonly size: number
      readonly sha1: string
      readonly sha256: string
      read(): Promise<Buffer>
    }
  | {
      readonly kind: 'directory'
      readonly path: string
      readonly mode: string
      readonly entries: readonly ControllerEntry[]
    }
/** What is at a path of the controller, `path` being the whole of it. */
export type ControllerPlace =
  | { readonly kind: 'absent' | 'directory' | 'other'; readonly path: string }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly size: number
      readonly sha1: string
      readonly sha256: string
    }
/** One thing in a directory of the controller, at any depth, parents before children; `name` is relative to the directory. */
export interface ControllerEntry {
  readonly name: string
  readonly kind: 'file' | 'directory'
  readonly mode: string
}
export interface RenderOptions {
  readonly newlineSequence?: '\n' | '\r' | '\r\n'
  readonly trimBlocks?: boolean
  readonly lstripBlocks?: boolean
}

/** What remains to be done: the steps (none: converged), or why nothing may be done. */
export type Plan = Proposal | Refusal
export interface Proposal {
  readonly kind: 'proposal'
  readonly steps: readonly Step[]
  /**
   * What the task returns beside `changed`, as far as it is known before performing. A `changed: false` in it says that performing the steps
   * changes nothing (`wait_for`): the task is ok then, and in check mode nothing is foretold.
   */
  readonly result: JsonObject
  readonly warnings: readonly string[]
  /** False where the result is only known after performing: what a check makes of it is then unknown. */
  readonly foretold?: boolean
}
/** An expected failure: for people, what is wrong and what to do. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly message: string
  readonly result: JsonObject
}
export const propose = (
  steps: readonly Step[],
  result: JsonObject = {},
  warnings: readonly string[] = [],
): Proposal => ({ kind: 'proposal', steps, result, warnings })
export const refuse = (message: string, result: JsonObject = {}): Refusal => ({ kind: 'refusal', message, result })

export interface Example {
  readonly title: string
  /** A task in YAML, as a user would write it. A test runs it on a lab host: observe, plan, perform, and then it plans nothing. */
  readonly task: string
  /** Tasks in YAML that set the stage for it. */
  readonly given?: string
  /** What a plain host lacks, e.g. `a Galera cluster`: the example is then not run there; a test of the module's own sees to what it says. */
  readonly needs?: string
}

export interface ModuleDefinition<S extends ArgsSchema, State> {
  readonly name: string
  /** Other names, e.g. Ansible's `mount` for `fstab`. Fully qualified names are understood by the language. */
  readonly aliases?: readonly string[]
  /** One line that ends with a full stop. */
  readonly summary: string
  /** Paragraphs: what to know before using it. */
  readonly description?: string
  readonly args: S
  /** What the task returns, by name, beside `changed`, `failed`, `msg`, `diff`. */
  readonly returns?: { readonly [name: string]: string }
  /** Those of them that are secret: they can be used in later tasks, and are shown nowhere. */
  readonly secretReturns?: readonly string[]
  readonly examples: readonly Example[]
  /** True where performing twice may differ from performing once (`command`): never repeated after a lost connection; check mode says `unknown`. */
  readonly opaque?: boolean
  /** Reads what the plan needs. May only read. */
  observe(host: HostState, args: Infer<S>, controller: Controller): Promise<State>
  /** The steps that remain. Pure: the same arguments and state give the same plan. */
  plan(args: Infer<S>, state: State): Plan
  /**
   * What the task returns after performing, where that holds more than the plan's `result`. A `failed: true` in it fails the task, and a
   * `changed: false` says that nothing was changed after all.
   * `performed` has one entry for each action performed, in order.
   */
  result?(args: Infer<S>, state: State, performed: readonly ActionResult[]): JsonObject
}

/** A module as the engine holds it. Arguments have been validated against `args` before they get here. */
export type Module = ModuleDefinition<ArgsSchema, unknown>

/** Makes a module from one literal: its arguments' schema gives the type, the validator, the editor's schema and the documentation. */
export function defineModule<const S extends ArgsSchema, State>(definition: ModuleDefinition<S, State>): Module {
  // The engine calls `observe` and `plan` only with arguments that ajv checked against S, and with the state that `observe` gave.
  return definition
}

/** Text for a result: what a program printed, without the last newline, as Ansible returns it. */
export function outputText(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\r?\n+$/, '')
}
export type { Infer, Json, JsonObject }
