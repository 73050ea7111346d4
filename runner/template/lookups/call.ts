import { nearest } from '../access.ts'
import type { Context } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { str } from '../values/python-text.ts'
import { Undefined, fail } from '../values/types.ts'
import { TemplateError } from '../template.ts'
import { fileLookups } from './files.ts'
import { listLookups } from './lists.ts'
import { password } from './password.ts'
import { runLookups } from './run.ts'
import { tableLookups } from './tables.ts'
import { url } from './url.ts'
import { variableLookups } from './variables.ts'

export type Options = ReadonlyMap<string, unknown>
/** A lookup: from its terms, a list. Options are the named arguments. Reads on the machine where drover runs. */
export type Lookup = (context: Context, terms: readonly unknown[], options: Options) => readonly unknown[]

/** All lookups by name; the engine's `with_*` loops use them too. */
export const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ...fileLookups,
  ...listLookups,
  ...runLookups,
  ...tableLookups,
  ...variableLookups,
  ['password', password],
  ['url', url],
])

/** Lookups whose only result is given as it is, though it is a list of one. */
const lists: ReadonlySet<string> = new Set([
  'items',
  'nested',
  'together',
  'subelements',
  'sequence',
  'indexed_items',
  'flattened',
  'dict',
  'list',
])

/**
 * `lookup(name, terms…)`: texts joined with commas, one result as it is, several as a list, none as an empty one; `wantlist=true` gives the list always.
 * `errors` is `strict`, `warn` or `ignore`: with the last two, what fails gives nothing.
 */
export function lookUp(context: Context, name: string, terms: readonly unknown[], options: Options): unknown {
  const found = lookups.get(name.replace(/^ansible\.(?:builtin|legacy)\./, ''))
  if (!found) return fail(`there is no lookup named "${name}"`, nearest(name, lookups.keys()))
  const { wantlist = false, errors = 'strict', ...rest } = Object.fromEntries(options)
  const wantsList = truthy(wantlist)
  let values: readonly unknown[]
  try {
    for (const term of terms) if (term instanceof Undefined) throw term.error()
    values = found(context, terms, new Map(Object.entries(rest)))
  } catch (error) {
    if (error instanceof TemplateError && error.reason === 'undefined' && errors === 'strict') throw error
    if (str(errors) !== 'strict') return wantsList ? [] : null
    return fail(`the lookup "${name}" failed: ${error instanceof Error ? error.message : str(error)}`)
  }
  if (wantsList || values.length === 0) return values
  if (values.length === 1 && (!lists.has(name) || typeof values[0] !== 'string')) return values[0]
  return values.every((value) => typeof value === 'string') ? values.join(',') : values
}
