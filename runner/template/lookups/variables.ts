import { nearest } from '../access.ts'
import { firstMatch } from '../values/match.ts'
import { pythonRegex } from '../values/regex.ts'
import { str } from '../values/python-text.ts'
import { Undefined, fail } from '../values/types.ts'
import type { Lookup } from './call.ts'

export const variableLookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  [
    'env',
    (_, terms, options) =>
      terms.map((term) => {
        const name = str(term).split(/\s+/)[0] ?? ''
        const value = process.env[name] ?? options.get('default') ?? ''
        if (value instanceof Undefined) throw value.error()
        return value
      }),
  ],
  [
    'vars',
    (context, terms, options) =>
      terms.map((term) => {
        const name =
          typeof term === 'string' ? term : fail(`Invalid setting identifier, "${str(term)}" is not a string`)
        const value = context.scope.get(name)
        if (value !== undefined) return value
        if (options.has('default')) return options.get('default')
        throw new Undefined(`'${name}' is undefined`, undefined, () => nearest(name, context.scope.names())).error()
      }),
  ],
  [
    'varnames',
    (context, terms) => {
      const names = [...context.scope.names()]
      return terms.flatMap((term) => {
        const regex = pythonRegex(str(term))
        return names.filter((name) => firstMatch(regex, name) !== null)
      })
    },
  ],
])
