import { lookUp } from './lookups/call.ts'
import { pairsOf } from './methods/mapping.ts'
import { routine, type Context, type Routine, type Routines } from './routine.ts'
import { truthy } from './values/compare.ts'
import { mapKey } from './values/mapping.ts'
import { Moment } from './values/moment.ts'
import { Cycler, Namespace, joiner } from './values/namespace.ts'
import { str } from './values/python-text.ts'
import { strftime } from './values/strftime.ts'
import { index, range } from './values/sequence.ts'
import { Undefined } from './values/types.ts'

type Options = ReadonlyMap<string, unknown>

function dict(values: readonly unknown[], options: Options): Map<unknown, unknown> {
  const given = values.flatMap((value) => pairsOf(value))
  return new Map([...given, ...options].map(([key, value]) => [mapKey(key), value]))
}

const query: Routine = routine(
  'name *terms **options',
  (context: Context, _: null, name: unknown, terms: unknown[], options: Map<string, unknown>) =>
    lookUp(context, str(name), terms, new Map([...options, ['wantlist', true]])),
)

/** The functions that every template can call. */
export const globals: Routines = new Map([
  [
    'range',
    routine('start stop? step?', (_, _self: null, start: unknown, stop: unknown, step: unknown = 1) =>
      stop === undefined ? range(0, index(start), 1) : range(index(start), index(stop), index(step)),
    ),
  ],
  [
    'dict',
    routine('*values **options', (_, _self: null, values: unknown[], options: Options) => dict(values, options)),
  ],
  [
    'namespace',
    routine(
      '*values **options',
      (_, _self: null, values: unknown[], options: Options) =>
        new Namespace(new Map([...dict(values, options)].map(([key, value]) => [str(key), value]))),
    ),
  ],
  ['cycler', routine('*items', (_, _self: null, items: unknown[]) => new Cycler(items))],
  ['joiner', routine('sep?', (_, _self: null, separator: unknown = ', ') => joiner(separator))],
  [
    'lookup',
    routine('name *terms **options', (context: Context, _: null, name: unknown, terms: unknown[], options: Options) =>
      lookUp(context, str(name), terms, options),
    ),
  ],
  ['query', query],
  ['q', query],
  [
    'now',
    routine('utc? fmt?', (_, _self: null, utc: unknown = false, format: unknown = null) => {
      const time = Date.now()
      const zone = truthy(utc) ? 'UTC' : undefined
      if (format !== null && format !== '') return strftime(str(format), time, zone)
      const shift = truthy(utc) ? 0 : new Date(time).getTimezoneOffset() * 60_000
      return new Moment(time - shift, new Date(time).getUTCMilliseconds() * 1000)
    }),
  ],
  [
    'undef',
    routine(
      'hint?',
      (_, _self: null, hint: unknown = null) => new Undefined(hint === null ? 'this value must be set' : str(hint)),
    ),
  ],
])
