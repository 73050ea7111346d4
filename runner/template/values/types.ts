import { TemplateError } from '../template.ts'

/**
 * The values that exist while a template is evaluated. Text, booleans, null, arrays (lists) and plain objects (mappings) are
 * themselves. Integers are numbers without a fraction, or bigints beyond the safe range; floats are numbers with a fraction (also
 * infinities and NaN), or `Float` where the fraction is zero, so that `4 / 2` prints as 2.0. Mappings that a template builds are
 * `Map`s, since their keys need not be text. `plain` turns what leaves a template into plain data.
 */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A float of this value. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value
}

/** Python's tuple: a list that prints with parentheses and is no list to `==`. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}
export function tuple(...items: readonly unknown[]): Tuple {
  const made = new Tuple()
  for (const item of items) made.push(item)
  return made
}

/** What `groupby` gives for a group: a pair whose parts have names too. */
export class Group extends Tuple {}

/** What `range()` gives: its numbers, and how it was made, for printing. */
export class Range extends Array<unknown> {
  label = 'range(0, 0)'
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** A value that is not there. It may be asked whether it is defined or replaced by a default; anything else throws `error()`. */
export class Undefined {
  readonly message: string
  readonly offset: number | undefined
  /** Looked for only when it becomes an error: most undefined values get a default. */
  readonly hint: (() => string | undefined) | undefined
  constructor(message: string, offset?: number, hint?: () => string | undefined) {
    this.message = message
    this.offset = offset
    this.hint = hint
  }
  error(): TemplateError {
    return new TemplateError('undefined', this.message, { offset: this.offset, hint: this.hint?.() })
  }
}

/** A variable whose own template uses what is not there: undefined itself, until it is used. Then the error is that of its template. */
export class UndefinedWithin extends Undefined {
  readonly cause: TemplateError
  constructor(cause: TemplateError) {
    super(cause.message)
    this.cause = cause
  }
  override error(): TemplateError {
    // Without its place, an offset would be taken for one in the text that uses the variable.
    const { message, hint, at } = this.cause
    return at ? this.cause : new TemplateError('undefined', message, { hint, cause: this.cause })
  }
}

/** What stands for a value whose reading failed: undefined, where something in it is undefined. Other errors are thrown again. */
export function undefinedFor(error: unknown): UndefinedWithin {
  if (error instanceof TemplateError && error.reason === 'undefined') return new UndefinedWithin(error)
  throw error
}

/** What an inline if without an else gives when it does not hold: empty text, false, an empty list. */
export class Nothing extends Undefined {}

export interface Arguments {
  readonly positional: readonly unknown[]
  readonly keywords: ReadonlyMap<string, unknown>
}
export const noArguments: Arguments = { positional: [], keywords: new Map() }

/** Something that can be called in a template: a macro, a method, a global function. */
export class Callable {
  readonly name: string
  readonly call: (args: Arguments) => unknown
  /** What a macro tells about itself: `name`, `arguments`, `catch_varargs` and so on. */
  readonly attributes: ReadonlyMap<string, unknown>
  constructor(name: string, call: (args: Arguments) => unknown, attributes: ReadonlyMap<string, unknown> = new Map()) {
    this.name = name
    this.call = call
    this.attributes = attributes
  }
}

/** An object with named attributes of its own: `loop`, a namespace, a date. */
export abstract class Attributed {
  abstract readonly typeName: string
  /** The attribute, or undefined where there is none. */
  abstract attribute(name: string): unknown
  abstract text(): string
}

/** What can be read from a mapping in a scope or in a template. */
export type Mapping = ReadonlyMap<unknown, unknown> | { readonly [key: string]: unknown }

export function isMapping(value: unknown): value is Mapping {
  if (value instanceof Map) return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export function isNumeric(value: unknown): value is number | bigint | boolean | Float {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float
}

export function isFloat(value: unknown): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
}

/** Whether it is an int in Python's sense; `True` and `False` are not counted here. */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
}

/** Throws a value error: what was wrong with a value, for people. */
export function fail(message: string, hint?: string): never {
  throw new TemplateError('value', message, { hint })
}

/** The value, or its error where it is undefined. */
export function defined(value: unknown): unknown {
  if (value instanceof Undefined) throw value.error()
  return value
}
