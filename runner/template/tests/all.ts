import type { Routines } from '../routine.ts'
import { routine } from '../routine.ts'
import { filters } from '../filters/all.ts'
import { comparisonTests } from './comparison.ts'
import { pathTests } from './path.ts'
import { resultTests } from './result.ts'
import { typeTests } from './type.ts'
import { urlTests } from './url.ts'

const own: Routines = new Map([...comparisonTests, ...pathTests, ...resultTests, ...typeTests, ...urlTests])

/** All tests by name. */
export const tests: Routines = new Map([
  ...own,
  ['filter', routine('', (_, value: unknown) => typeof value === 'string' && filters.has(value))],
  [
    'test',
    routine(
      '',
      (_, value: unknown) => typeof value === 'string' && (own.has(value) || value === 'filter' || value === 'test'),
    ),
  ],
])
