import { ownAttribute } from '../access.ts'
import { routine, takingUndefined, textOf, type Context, type Routine, type Routines } from '../routine.ts'
import { equal, truthy } from '../values/compare.ts'
import { pretty } from '../values/pretty.ts'
import { str, typeName } from '../values/python-text.ts'
import { Undefined, fail } from '../values/types.ts'

const byDefault: Routine = takingUndefined(
  routine('default_value? boolean?', (_: Context, value: unknown, fallback: unknown = '', boolean: unknown = false) => {
    if (value instanceof Undefined) return fallback
    return truthy(boolean) && !truthy(value) ? fallback : value
  }),
)

export const valueFilters: Routines = new Map([
  ['default', byDefault],
  ['d', byDefault],
  [
    'bool',
    routine('', (_, value: unknown) => {
      if (value === null || typeof value === 'boolean') return value
      const text = typeof value === 'string' ? value.toLowerCase() : value
      return ['yes', 'on', '1', 'true', 1].some((yes) => equal(yes, text))
    }),
  ],
  [
    'ternary',
    takingUndefined(
      routine('true_val false_val none_val?', (_, value: unknown, yes: unknown, no: unknown, none: unknown = null) => {
        if (value === null && none !== null) return none
        return truthy(value) ? yes : no
      }),
    ),
  ],
  [
    'mandatory',
    takingUndefined(
      routine('msg?', (_, value: unknown, message: unknown = null) => {
        if (!(value instanceof Undefined)) return value
        return message === null
          ? fail(`Mandatory variable ${/^'.*?'/.exec(value.message)?.[0] ?? ''} not defined.`.replace('  ', ' '))
          : fail(str(message))
      }),
    ),
  ],
  [
    'type_debug',
    takingUndefined(
      routine('', (_, value: unknown) => (value instanceof Undefined ? 'AnsibleUndefined' : typeName(value))),
    ),
  ],
  [
    'attr',
    routine('name', (context, value: unknown, name: unknown) => ownAttribute(context, value, textOf(name, 'the name'))),
  ],
  ['pprint', routine('', (_, value: unknown) => pretty(value))],
])
