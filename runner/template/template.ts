import type { Position } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'

/**
 * What templates are evaluated with: variables by name. Values are plain data (null, booleans, numbers, strings, arrays, plain
 * objects); a variable that holds templates has been evaluated when it gets here.
 */
export interface Scope {
  /** The value, or undefined where there is no such variable. Throws `TemplateError` when the variable's own template fails. */
  get(name: string): unknown
  /** Names that `get` knows, for nearest-name hints. */
  names(): Iterable<string>
  /** Directories where lookups (`file`, `template`, `fileglob`, …) look for relative paths, nearest first; without it, the working directory. */
  readonly searchPath?: readonly string[]
  /** Opens what ansible-vault encrypted. */
  readonly vault?: Vault | undefined
}

/** A template that was read: errors in its syntax are found when it is made, errors in values when it is evaluated. */
export interface Template {
  /** Evaluates with native types: a template that is one `{{ expression }}` gives its value, anything else text. */
  evaluate(scope: Scope): unknown
  /** Variables that it refers to, with their place; `guarded` where being undefined is expected (`default`, `is defined`). */
  readonly references: readonly Reference[]
}
export interface Reference {
  readonly name: string
  readonly guarded: boolean
  /** Offset of the name in the template's own text. */
  readonly offset: number
}

/** A template that cannot be read or evaluated. The message names the variable or the token, without the place. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly reason: 'syntax' | 'undefined' | 'value'
  /** Where in the template's own text: offset of a UTF-16 unit, where known. */
  readonly offset: number | undefined
  readonly hint: string | undefined
  /** Where in the user's files; set by whoever knows it. */
  readonly at: Position | undefined
  constructor(
    reason: TemplateError['reason'],
    message: string,
    details: {
      readonly offset?: number | undefined
      readonly hint?: string | undefined
      readonly at?: Position | undefined
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: details.cause })
    this.reason = reason
    this.offset = details.offset
    this.hint = details.hint
    this.at = details.at
  }
}
