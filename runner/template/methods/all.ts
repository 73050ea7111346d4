import type { Routines } from '../routine.ts'
import { isInteger, isMapping } from '../values/types.ts'
import { listMethods } from './list.ts'
import { mappingMethods } from './mapping.ts'
import { integerMethods, stringMethods } from './string.ts'

const none: Routines = new Map()

/** The methods that a value has in a template: Python's, of its type. */
export function methodsOf(value: unknown): Routines {
  if (typeof value === 'string') return stringMethods
  if (Array.isArray(value)) return listMethods
  if (isMapping(value)) return mappingMethods
  return isInteger(value) ? integerMethods : none
}

/** Whether any type has a method of that name. */
export const isMethod = (name: string): boolean =>
  [stringMethods, listMethods, mappingMethods, integerMethods].some((methods) => methods.has(name))

/** Methods that change what they are called on. */
export const changingMethods: ReadonlySet<string> = new Set([
  'append',
  'clear',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'reverse',
  'setdefault',
  'sort',
  'update',
])
