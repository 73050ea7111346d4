import { createHmac, randomBytes } from 'node:crypto'
import type { AnswerTo, Question } from './question.ts'

/**
 * A fact is a named, typed piece of host state that can be read. Its kind says how: a POSIX sh script that only reads, and a pure
 * parser of what the script prints. Facts are values: two facts with the same key are the same fact.
 */
export interface Fact<out T> {
  /** Unique among all facts: the kind's name, a colon, and the parameter. */
  readonly key: string
  readonly kind: FactKind
  readonly param: Param
  /** The value in what the kind's script printed for this parameter alone. Throws `UnreadableFact` where that says it cannot be read. */
  parse(raw: Buffer): T
}

/** What a fact is about: a path, a unit's name, or several words. */
export type Param = string | readonly string[]

export interface FactKind {
  readonly name: string
  /**
   * A POSIX sh script that reads all these parameters, in order. It runs in a subshell with LC_ALL=C, no standard input, and its
   * standard error kept for error messages. It may not change anything. Parameters go through `quote`.
   */
  script(params: readonly Param[]): string
  /**
   * Cuts what `script(params)` printed into one piece for each parameter, each equal to what `script([param])` prints. A kind
   * without `split` is read with one script for each parameter.
   */
  split?(output: Buffer, params: readonly Param[]): readonly Buffer[]
  /** Undoes `split`: what `script(params)` prints where `script([param])` prints these pieces, one for each. Lets many be compared at once. */
  join?(pieces: readonly Buffer[]): Buffer
  /** What the script prints where a fact has this value: for kinds of which the host itself makes sure, so that they need not be read back. */
  print?(value: unknown): Buffer
  /** The path that a parameter is about, for kinds that describe what is in the file system: lets effects find them. */
  path?(param: Param): string
  /** The value that facts of this kind have where nothing is at their path. */
  readonly absent?: unknown
  /** Says that a change of the file `path` makes this fact stale, e.g. a unit file and its unit. */
  touchedBy?(path: string, param: Param): boolean
  /** True for what is about so much of a host that any step makes it stale. A check goes on with what was read. */
  readonly wide?: boolean
  /** True for readings that differ from one moment to the next (free memory, the date): never compared before performing. */
  readonly volatile?: boolean
  /** Seconds that reading may take, where that is more than usual (fetching what repositories have). */
  readonly patience?: number
  /** Where set, a service is asked this instead of running the script; what is parsed is its answer as JSON. */
  readonly question?: Question
  /** A file of the controller that the script finds on its standard input: the fact is read by a request of its own, and is volatile. */
  readonly input?: { readonly path: string; readonly size: number }
  /** True for what may be otherwise the next moment without any step: asked anew by each task that observes it, never ahead of its turn. */
  readonly live?: boolean
  /** True for what is known of every host, and only in a check may be not to be known: no host is asked, and nothing is parsed. */
  readonly given?: boolean
}

/** Thrown by a parser when the host could not read a fact: the message says why, for people. */
export class UnreadableFact extends Error {
  override readonly name = 'UnreadableFact'
}

/** What differs between the kinds of facts: everything of `FactKind`, with a typed parameter and a parser. */
export interface FactDefinition<P extends Param, T> {
  readonly name: string
  script(params: readonly P[]): string
  split?(output: Buffer, params: readonly P[]): readonly Buffer[]
  join?(pieces: readonly Buffer[]): Buffer
  print?(value: T): Buffer
  parse(raw: Buffer, param: P): T
  path?(param: P): string
  readonly absent?: T
  touchedBy?(path: string, param: P): boolean
  readonly wide?: boolean
  readonly volatile?: boolean
  readonly patience?: number
  readonly live?: boolean
  readonly given?: boolean
}

/** Makes a kind of fact: gives the function that names one fact of it, e.g. `const unit = defineFact({ name: 'unit', … })`. */
export function defineFact<P extends Param, T>(definition: FactDefinition<P, T>): (param: P) => Fact<T> {
  // Params reach a kind only through the facts made here, so that P holds.
  const kind = definition as unknown as FactKind
  return (param) => ({
    key: `${definition.name}:${typeof param === 'string' ? param : JSON.stringify(param)}`,
    kind,
    param,
    parse: (raw) => definition.parse(raw, param),
  })
}

/** Tells questions apart without showing the passwords in them. */
const salt = randomBytes(16)

/**
 * A fact that a service tells: `about` says in a word or two what, for people. It is live. `parse` gets the answer to the question,
 * and says what it means.
 */
export function askFact<Q extends Question, T>(
  name: string,
  about: string,
  question: Q,
  parse: (answer: AnswerTo<Q>) => T,
): Fact<T> {
  const digest = createHmac('sha256', salt).update(JSON.stringify(question)).digest('hex').slice(0, 12)
  return {
    key: `${name}:${about}#${digest}`,
    kind: { name, question, live: true, script: () => '' },
    param: about,
    // The protocol of the question says what answers to it look like.
    parse: (raw) => parse(JSON.parse(raw.toString('utf8')) as AnswerTo<Q>),
  }
}
