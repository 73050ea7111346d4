import { nearest } from './access.ts'
import { findFilter, findTest } from './find.ts'
import { globals } from './globals.ts'
import type { Output } from './output.ts'
import { invoke, type Context, type Routine } from './routine.ts'
import { TemplateError, type Scope } from './template.ts'
import { deepCopy } from './values/mapping.ts'
import { truthy } from './values/compare.ts'
import { Callable, Undefined, type Arguments, fail, undefinedFor } from './values/types.ts'

/** Writes a piece of a template; says whether a loop is left or goes on. */
export type Render = (frame: Frame, out: Output) => 'break' | 'continue' | undefined

/** A template whose statements are compiled. */
export interface Compiled {
  readonly render: Render
  readonly blocks: ReadonlyMap<string, Render>
  /** Whether it calls methods that change lists or mappings: then it gets copies of the variables. */
  readonly changes: boolean
}

/** What is shared by all frames while one template is evaluated, with those that it includes and extends. */
export interface Run {
  readonly scope: Scope
  /** The variables that were read, copied so that the template may change them; null when it changes none. */
  readonly copies: Map<string, unknown> | null
  /** What each block is, the most derived template's first. */
  blocks: Map<string, Render[]>
  /** The template that this one extends, once that statement was met. */
  parent: string | null
  depth: number
  /** How often loops went round so far. */
  turns: number
  /** The template of that name, or null where there is none. */
  load(name: string): Compiled | null
  render(text: string, scope: Scope): string
  evaluate(text: string, scope: Scope): unknown
}

const depthLimit = 200

/** The variables that are bound at one place of a template: a loop's, a macro's, or the template's own. */
export class Frame implements Context {
  readonly run: Run
  readonly parent: Frame | null
  /** Null until something is bound here: most places bind nothing. */
  private own: Map<string, unknown> | null = null
  /** True in a template that was brought in without context: it sees no variables but its own. */
  readonly isApart: boolean
  constructor(run: Run, parent: Frame | null, isApart = parent?.isApart ?? false) {
    this.run = run
    this.parent = parent
    this.isApart = isApart
  }

  /** Variables of the template itself come first, as `lookup('template')` must see them. */
  get scope(): Scope {
    const outer = this.run.scope
    const names = this.boundNames()
    if (names.size === 0) return outer
    const { searchPath, vault } = outer
    return {
      get: (name) => (names.has(name) ? this.lookUp(name) : outer.get(name)),
      names: () => [...names, ...outer.names()],
      ...(searchPath ? { searchPath } : {}),
      ...(vault ? { vault } : {}),
    }
  }

  get bound(): Map<string, unknown> {
    this.own ??= new Map()
    return this.own
  }

  child(): Frame {
    return new Frame(this.run, this)
  }

  variable(name: string, offset?: number): unknown {
    const value = this.lookUp(name)
    if (value !== undefined) return value
    if (this.isApart) return this.builtIn(name, offset)
    const { scope, copies } = this.run
    const copied = copies?.get(name)
    if (copied !== undefined) return copied
    const given = read(scope, name)
    if (given === undefined) return this.builtIn(name, offset)
    if (!copies) return given
    const copy = deepCopy(given)
    copies.set(name, copy)
    return copy
  }

  filter(name: string, value: unknown, args: Arguments): unknown {
    return applyFilter(this, name, findFilter(name), value, args)
  }

  test(name: string, value: unknown, args: Arguments): boolean {
    return truthy(invoke(name, findTest(name), this, value, args))
  }

  render(text: string, variables: ReadonlyMap<string, unknown>): string {
    const frame = this.child()
    for (const [name, value] of variables) frame.bound.set(name, value)
    return this.deeper(() => this.run.render(text, frame.scope))
  }

  evaluate(text: string): unknown {
    return this.deeper(() => this.run.evaluate(text, this.scope))
  }

  /** Runs what may call itself again, like macros and includes, and stops it before the stack ends. */
  deeper<T>(work: () => T): T {
    if (this.run.depth >= depthLimit) fail(`templates are nested more than ${depthLimit} deep`)
    this.run.depth += 1
    try {
      return work()
    } finally {
      this.run.depth -= 1
    }
  }

  private lookUp(name: string): unknown {
    const value = this.own?.get(name)
    return value === undefined ? this.parent?.lookUp(name) : value
  }

  private boundNames(): Set<string> {
    return new Set([...(this.own?.keys() ?? []), ...(this.parent?.boundNames() ?? [])])
  }

  private builtIn(name: string, offset: number | undefined): unknown {
    const found = globals.get(name)
    if (found) return new Callable(name, (args) => invoke(`${name}()`, found, this, null, args))
    return new Undefined(`'${name}' is undefined`, offset, () =>
      nearest(name, [...this.run.scope.names(), ...this.boundNames()]),
    )
  }
}

function read(scope: Scope, name: string): unknown {
  try {
    return scope.get(name)
  } catch (error) {
    return undefinedFor(error)
  }
}

/** Runs a filter. Only those that ask for it may get an undefined value. */
export function applyFilter(frame: Frame, name: string, filter: Routine, value: unknown, args: Arguments): unknown {
  if (!filter.takesUndefined) {
    if (value instanceof Undefined) throw value.error()
    for (const argument of args.positional) if (argument instanceof Undefined) throw argument.error()
    for (const argument of args.keywords.values()) if (argument instanceof Undefined) throw argument.error()
  }
  return invoke(name, filter, frame, value, args)
}

/** The error with its place in the template, where it has none yet. */
export function placed(error: unknown, offset: number): unknown {
  if (error instanceof TemplateError) {
    if (error.offset !== undefined) return error
    const { reason, message, hint, at, cause } = error
    return new TemplateError(reason, message, { offset, hint, at, cause })
  }
  if (error instanceof URIError || (error instanceof Error && 'syscall' in error))
    return new TemplateError('value', error.message, { offset, cause: error })
  if (error instanceof RangeError)
    return new TemplateError('value', `too large: ${error.message}`, { offset, cause: error })
  return error
}
