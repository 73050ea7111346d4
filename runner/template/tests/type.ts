import { vaultHeader } from '../../language/vault.ts'
import { parseFloatText } from '../filters/number.ts'
import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { equal, truthy } from '../values/compare.ts'
import { number } from '../values/sequence.ts'
import { binary } from '../operators.ts'
import { Attributed, Callable, Undefined, isFloat, isInteger, isMapping, isNumeric } from '../values/types.ts'

/** A test of what a value is. An undefined value is none of these things. */
const is = (check: (value: unknown) => boolean): Routine => routine('', (_: Context, value: unknown) => check(value))
/** A test of the value itself, which must be defined. */
const of = (check: (value: unknown) => boolean): Routine =>
  routine('', (_: Context, value: unknown) => {
    if (value instanceof Undefined) throw value.error()
    return check(value)
  })

const isNan = of((value) => Number.isNaN(typeof value === 'string' ? (parseFloatText(value) ?? 0) : number(value)))

export const typeTests: Routines = new Map([
  ['defined', is((value) => !(value instanceof Undefined))],
  ['undefined', is((value) => value instanceof Undefined)],
  ['none', is((value) => value === null)],
  ['boolean', is((value) => typeof value === 'boolean')],
  ['true', is((value) => value === true)],
  ['false', is((value) => value === false)],
  ['integer', is(isInteger)],
  ['float', is(isFloat)],
  ['number', is(isNumeric)],
  ['string', is((value) => typeof value === 'string')],
  ['mapping', is(isMapping)],
  ['vault_encrypted', of((value) => typeof value === 'string' && value.startsWith(vaultHeader))],
  ['sequence', is((value) => typeof value === 'string' || Array.isArray(value) || isMapping(value))],
  ['iterable', of((value) => typeof value === 'string' || Array.isArray(value) || isMapping(value))],
  [
    'callable',
    is(
      (value) =>
        value instanceof Callable ||
        value instanceof Undefined ||
        (value instanceof Attributed && value.typeName === 'Cycler'),
    ),
  ],
  ['even', of((value) => equal(binary('%', value, 2), 0))],
  ['odd', of((value) => equal(binary('%', value, 2), 1))],
  ['divisibleby', routine('num', (_, value: unknown, by: unknown) => equal(binary('%', value, by), 0))],
  ['lower', of((value) => typeof value === 'string' && value === value.toLowerCase() && value !== value.toUpperCase())],
  ['upper', of((value) => typeof value === 'string' && value === value.toUpperCase() && value !== value.toLowerCase())],
  ['escaped', of(() => false)],
  [
    'sameas',
    routine(
      'other',
      (_, value: unknown, other: unknown) =>
        value === other ||
        (isNumeric(value) && isNumeric(other) && typeof value === typeof other && equal(value, other)),
    ),
  ],
  ['nan', isNan],
  ['isnan', isNan],
  ['truthy', conversion(true)],
  ['falsy', conversion(false)],
])

/** `truthy` and `falsy`; `convert_bool` also takes words like "no" for what they mean. */
function conversion(wanted: boolean): Routine {
  return routine('convert_bool?', (_, value: unknown, convert: unknown = false) => {
    if (value instanceof Undefined) throw value.error()
    const word = truthy(convert) && typeof value === 'string' ? value.toLowerCase() : null
    const meant = word === null ? value : ['false', 'f', 'no', 'n', 'off', '0'].includes(word) ? false : value
    return truthy(meant) === wanted
  })
}
