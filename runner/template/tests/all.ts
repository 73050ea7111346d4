import type { Routines } from '../routine.ts'
import { routine } from '../routine.ts'
import { filters } from '../filters/all.ts'
import { Undefined } from '../values/types.ts'
import { comparisonTests } from './comparison.ts'
import { pathTests } from './path.ts'
import { resultTests } from './result.ts'
import { typeTests } from './type.ts'
import { urlTests } from './url.ts'

const own: Routines = new Map([...comparisonTests, ...pathTests, ...resultTests, ...typeTests, ...urlTests])

/** Whether a value is the name of something; what is undefined names nothing. */
const names = (has: (name: string) => boolean): ReturnType<typeof routine> =>
  routine('', (_, value: unknown) => {
    if (value instanceof Undefined) throw value.error()
    return typeof value === 'string' && has(value)
  })

/** All tests by name. */
export const tests: Routines = new Map([
  ...own,
  ['filter', names((name) => filters.has(name))],
  ['test', names((name) => own.has(name) || name === 'filter' || name === 'test')],
])
