import { routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { strptime } from '../values/strptime.ts'
import { strftime } from '../values/strftime.ts'
import { str } from '../values/python-text.ts'
import { number } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import { parseFloatText } from './number.ts'

export const timeFilters: Routines = new Map([
  [
    'strftime',
    routine('second? utc?', (_, value: unknown, second: unknown = null, utc: unknown = false) => {
      const given =
        typeof second === 'string' ? (parseFloatText(second) ?? fail(`'${second}' is no number of seconds`)) : second
      const time = given === null ? Date.now() : number(given, 'second') * 1000
      return strftime(str(value), time, truthy(utc) ? 'UTC' : undefined)
    }),
  ],
  [
    'to_datetime',
    routine('format?', (_, value: unknown, format: unknown = '%Y-%m-%d %H:%M:%S') => strptime(str(value), str(format))),
  ],
])
