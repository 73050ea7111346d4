import { routine, textOf, type Routine, type Routines } from '../routine.ts'
import { entriesOf, sizeOf } from '../values/mapping.ts'
import { firstMatch } from '../values/match.ts'
import { str } from '../values/python-text.ts'
import { pythonRegex } from '../values/regex.ts'
import { iterate } from '../values/sequence.ts'
import { fail, isMapping } from '../values/types.ts'

type Matches = (key: string) => boolean

function matcher(targets: readonly string[], how: unknown): Matches {
  switch (how) {
    case 'equality':
      return (key) => targets.includes(key)
    case 'starts_with':
      return (key) => targets.some((target) => key.startsWith(target))
    case 'ends_with':
      return (key) => targets.some((target) => key.endsWith(target))
    case 'regex':
      return (key) => targets.some((target) => firstMatch(pythonRegex(target, { at: 'start' }), key) !== null)
    default:
      return fail('matching_parameter is equality, starts_with, ends_with or regex')
  }
}

/** Only the entries with these keys, at any depth. */
function kept(value: unknown, matches: Matches): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((item) => kept(item, matches)).filter(isFull)
  if (!isMapping(value)) return undefined
  const entries = entriesOf(value).map(([key, item]) => [key, matches(str(key)) ? item : kept(item, matches)] as const)
  return new Map(entries.filter(([key, item]) => matches(str(key)) || isFull(item)))
}

/** All but the entries with these keys, at any depth. */
function without(value: unknown, matches: Matches): unknown {
  if (Array.isArray(value))
    return (value as unknown[]).map((item) => without(item, matches)).filter((item) => !isMapping(item) || isFull(item))
  if (!isMapping(value)) return value
  const rest = entriesOf(value).filter(([key]) => !matches(str(key)))
  return new Map(rest.map(([key, item]) => [key, without(item, matches)]))
}

function isFull(value: unknown): boolean {
  return isMapping(value) ? sizeOf(value) > 0 : Array.isArray(value) && value.length > 0
}

const byKeys = (change: typeof kept): Routine =>
  routine('target matching_parameter?', (_, value: unknown, target: unknown, how: unknown = 'equality') => {
    if (!isMapping(value) && !Array.isArray(value)) fail('keys are those of a mapping or a list of mappings')
    const targets = typeof target === 'string' ? [target] : iterate(target).map((name) => textOf(name, 'a key'))
    return change(value, matcher(targets, how))
  })

export const keyFilters: Routines = new Map([
  ['keep_keys', byKeys(kept)],
  ['remove_keys', byKeys(without)],
])
