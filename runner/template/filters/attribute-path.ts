import { item } from '../access.ts'
import type { Context } from '../routine.ts'
import { str } from '../values/python-text.ts'
import { Undefined, isInteger, noArguments, type Arguments } from '../values/types.ts'

/** Gets what an `attribute=` argument names: `a.b.0` goes through mappings and lists. Without one, the value itself. */
export function getter(context: Context, path: unknown, fallback?: unknown): (value: unknown) => unknown {
  if (path === undefined || path === null) return (value) => value
  const steps = isInteger(path)
    ? [path]
    : str(path)
        .split('.')
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  const place = { path: '', offset: 0 }
  return (value) => {
    let current = value
    for (const step of steps) {
      current = item(context, current, step, place)
      if (current instanceof Undefined && fallback !== undefined) return fallback
    }
    // The place is that of the filter, which is set where the error passes by.
    return current instanceof Undefined ? new Undefined(current.message, undefined, current.hint) : current
  }
}

/** How values are compared by `sort`, `unique`, `min` and the like: text without regard to case unless asked. */
export function caseKey(caseSensitive: boolean): (value: unknown) => unknown {
  return (value) => (!caseSensitive && typeof value === 'string' ? value.toLowerCase() : value)
}

/** Splits off the name of a filter or test that `map`, `select` and so on are given, with the arguments for it. */
export function applied(
  args: readonly unknown[],
  keywords: ReadonlyMap<string, unknown>,
): { name: string; args: Arguments } {
  const [name, ...positional] = args
  if (positional.length === 0 && keywords.size === 0) return { name: str(name), args: noArguments }
  return { name: str(name), args: { positional, keywords } }
}
