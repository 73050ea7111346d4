import { attribute, type Place } from './access.ts'
import type { Evaluate } from './compile-expression.ts'
import type { Frame } from './frame.ts'
import { methodsOf } from './methods/all.ts'
import type { CallArguments } from './parse/tree.ts'
import type { Context, Routine } from './routine.ts'
import { typeName } from './values/python-text.ts'
import { Callable, Undefined, defined, fail, type Arguments } from './values/types.ts'

/** Whether all arguments are given by their place alone, as far as can be seen before they are evaluated. */
export function arePositional({ keywords, spread, spreadKeywords }: CallArguments): boolean {
  return keywords.length === 0 && !spread && !spreadKeywords
}

/**
 * Runs a filter or test whose arguments need not be bound (`Routine.takes`). An undefined value, or argument, is an error for
 * all but those that ask for it.
 */
export function compileRun(
  { run }: Routine,
  takesUndefined: boolean,
  target: Evaluate,
  args: readonly Evaluate[],
): Evaluate {
  const work = run as (context: Context, value: unknown, ...args: readonly unknown[]) => unknown
  const check = takesUndefined ? same : defined
  const [first, second] = args
  if (!first) return (frame) => work(frame, check(target(frame)))
  if (!second)
    return (frame) => {
      const value = target(frame)
      const one = first(frame)
      return work(frame, check(value), check(one))
    }
  return (frame) => {
    const value = target(frame)
    const given = args.map((evaluate) => evaluate(frame))
    return work(frame, check(value), ...given.map(check))
  }
}

const same = (value: unknown): unknown => value

/** Calls `value.name(…)`: a method of the value's type with arguments as they stand at once, anything else as what `value.name` gives. */
export function compileMethodCall(
  name: string,
  place: Place,
  target: Evaluate,
  args: (frame: Frame) => Arguments,
): Evaluate {
  return (frame) => {
    const value = target(frame)
    const method = methodsOf(value).get(name)
    if (!method) return call(attribute(frame, value, name, place), args(frame))
    const given = args(frame)
    const { positional, keywords } = given
    const bound =
      keywords.size === 0 && method.takes(positional.length)
        ? positional
        : method.bind(`${typeName(value)}.${name}()`, given)
    return method.run(frame, value, ...(bound as never[]))
  }
}

export function call(target: unknown, args: Arguments): unknown {
  if (target instanceof Callable) return target.call(args)
  if (target instanceof Undefined) throw target.error()
  return fail(`'${typeName(target)}' object is not callable`)
}
