import type { ArgsSchema } from '../../schema/infer.ts'

/** What acts on the run instead of on a host: its arguments, and what needs more than a schema to be checked. */
export interface Statement {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly args: ArgsSchema
  /** Arguments that are expressions, evaluated without `{{ }}`. */
  readonly expressions?: readonly string[]
}
