import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { compare, contains, equal, truthy } from '../values/compare.ts'
import { firstMatch } from '../values/match.ts'
import { pythonRegex } from '../values/regex.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import { versionOrder } from './version.ts'

const by = (check: (value: unknown, other: unknown) => boolean): Routine =>
  routine('other', (_: Context, value: unknown, other: unknown) => check(value, other))

const eq = by(equal)
const ne = by((a, b) => !equal(a, b))
const lt = by((a, b) => compare(a, b, '<') < 0)
const le = by((a, b) => compare(a, b, '<=') <= 0)
const gt = by((a, b) => compare(a, b, '>') > 0)
const ge = by((a, b) => compare(a, b, '>=') >= 0)
const subset = by((a, b) => iterate(a).every((item) => contains(iterate(b), item)))
const superset = by((a, b) => iterate(b).every((item) => contains(iterate(a), item)))

/** `regex`, `match` (from the start) and `search`. */
function matcher(kind: 'regex' | 'match' | 'search'): Routine {
  const parameters =
    kind === 'regex' ? 'pattern? ignorecase? multiline? match_type?' : 'pattern? ignorecase? multiline?'
  return routine(
    parameters,
    (
      _,
      value: unknown,
      pattern: unknown = '',
      ignoreCase: unknown = false,
      multiLine: unknown = false,
      type: unknown = 'search',
    ) => {
      const how = kind === 'regex' ? str(type) : kind
      if (how !== 'search' && how !== 'match' && how !== 'fullmatch')
        return fail(`match_type is search, match or fullmatch, not ${how}`)
      const regex = pythonRegex(str(pattern), {
        ignoreCase: truthy(ignoreCase),
        multiLine: truthy(multiLine),
        ...(how === 'search' ? {} : { at: how === 'match' ? 'start' : 'whole' }),
      })
      return firstMatch(regex, str(value)) !== null
    },
  )
}

const version: Routine = routine(
  'version operator? strict? version_type?',
  (
    _: Context,
    value: unknown,
    other: unknown,
    operator: unknown = 'eq',
    strict: unknown = null,
    type: unknown = null,
  ) => {
    if (strict !== null && type !== null) fail('Cannot specify both strict and version_type')
    const kind = type === null ? (truthy(strict) ? 'strict' : 'loose') : str(type)
    const order = versionOrder(str(value), str(other), kind)
    switch (str(operator)) {
      case '==':
      case '=':
      case 'eq':
        return order === 0
      case '<':
      case 'lt':
        return order < 0
      case '<=':
      case 'le':
        return order <= 0
      case '>':
      case 'gt':
        return order > 0
      case '>=':
      case 'ge':
        return order >= 0
      case '!=':
      case '<>':
      case 'ne':
        return order !== 0
      default:
        return fail(`'${str(operator)}' is no operator for versions`, 'use ==, !=, <, <=, > or >=')
    }
  },
)

export const comparisonTests: Routines = new Map([
  ['eq', eq],
  ['equalto', eq],
  ['==', eq],
  ['ne', ne],
  ['!=', ne],
  ['lt', lt],
  ['lessthan', lt],
  ['<', lt],
  ['le', le],
  ['<=', le],
  ['gt', gt],
  ['greaterthan', gt],
  ['>', gt],
  ['ge', ge],
  ['>=', ge],
  ['in', by((item, container) => contains(container, item))],
  ['contains', by((container, item) => contains(container, item))],
  ['subset', subset],
  ['issubset', subset],
  ['superset', superset],
  ['issuperset', superset],
  ['any', routine('', (_, value: unknown) => iterate(value).some(truthy))],
  ['all', routine('', (_, value: unknown) => iterate(value).every(truthy))],
  ['regex', matcher('regex')],
  ['match', matcher('match')],
  ['search', matcher('search')],
  ['version', version],
  ['version_compare', version],
])
