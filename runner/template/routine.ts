import type { Scope } from './template.ts'
import { Undefined, fail, type Arguments } from './values/types.ts'
import { repr, typeName } from './values/python-text.ts'

/** What filters, tests, lookups and globals may ask of the template that they are used in. */
export interface Context {
  readonly scope: Scope
  /** The variable as the template sees it at this place, or an `Undefined`. */
  variable(name: string): unknown
  filter(name: string, value: unknown, args: Arguments): unknown
  test(name: string, value: unknown, args: Arguments): boolean
  /** Renders the text of a template file with the variables of this place. */
  render(text: string, variables: ReadonlyMap<string, unknown>): string
  /** Evaluates a template or plain text, natively. */
  evaluate(text: string): unknown
}

/** A filter, test, method or global function: what it does, with the names of its arguments. */
export interface Routine {
  /** Gives the arguments in the order of the parameters; what was not given is undefined. */
  bind(name: string, args: Arguments): unknown[]
  readonly run: (context: Context, value: unknown, ...args: never[]) => unknown
  /** Whether so many arguments, given by their place alone, are what `bind` makes of them: then it need not be asked. */
  takes(count: number): boolean
  /** Whether a filter may get an undefined value, as `default` does. */
  readonly takesUndefined?: boolean
}
export type Routines = ReadonlyMap<string, Routine>

/**
 * Declares a routine. Parameters are named as in Python, with spaces between: `a` must be given, `a?` may be, `*a` takes all other
 * positional arguments as a list, `**a` all other named ones as a Map.
 */
export function routine(
  parameters: string,
  run: (context: Context, value: never, ...args: never[]) => unknown,
): Routine {
  const all = parameters.split(' ').filter((name) => name !== '')
  const rest = all.some((name) => name.startsWith('*') && !name.startsWith('**'))
  const options = all.some((name) => name.startsWith('**'))
  const named = all.filter((name) => !name.startsWith('*'))
  const names = named.map((name) => name.replace('?', ''))
  const isNeeded = named.map((name) => !name.endsWith('?'))
  const bind = (name: string, { positional, keywords }: Arguments): unknown[] => {
    if (positional.length > names.length && !rest)
      fail(`${name} takes at most ${names.length} argument${names.length === 1 ? '' : 's'}, not ${positional.length}`)
    const bound: unknown[] = positional.slice(0, names.length)
    const others = options ? new Map<string, unknown>() : null
    for (const [key, value] of keywords) {
      const at = names.indexOf(key)
      if (at >= 0 && at >= positional.length) bound[at] = value
      else if (at >= 0) fail(`${name} got the argument "${key}" twice`)
      else if (others) others.set(key, value)
      else fail(`${name} has no argument "${key}"`, names.length > 0 ? `it takes ${names.join(', ')}` : undefined)
    }
    for (let at = 0; at < names.length; at += 1) {
      if (isNeeded[at] && bound[at] === undefined) fail(`${name} needs the argument "${names[at] ?? ''}"`)
      if (at >= bound.length) bound.push(undefined)
    }
    if (rest) bound.push(positional.slice(names.length))
    if (others) bound.push(others)
    return bound
  }
  const least = isNeeded.lastIndexOf(true) + 1
  const takes = (count: number): boolean => !rest && !options && count >= least && count <= names.length
  return { bind, run: run as Routine['run'], takes }
}

/** The same filter, which may get an undefined value. */
export function takingUndefined(filter: Routine): Routine {
  return { ...filter, takesUndefined: true }
}

/** Runs a routine on a value with the arguments of a call. */
export function invoke(name: string, target: Routine, context: Context, value: unknown, args: Arguments): unknown {
  return target.run(context, value, ...(target.bind(name, args) as never[]))
}

/** The argument as text; throws for anything else, naming it. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  if (value instanceof Undefined) throw value.error()
  return fail(`${what} must be text, not ${typeName(value)} ${repr(value)}`)
}
