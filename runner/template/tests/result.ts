import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { hasKey, valueOf } from '../values/mapping.ts'
import { Undefined, fail, isMapping, type Mapping } from '../values/types.ts'

/** A test of a registered result. */
const result = (name: string, check: (has: (key: string) => boolean, mapping: Mapping) => boolean): Routine =>
  routine('', (_: Context, value: unknown) => {
    if (value instanceof Undefined) throw value.error()
    if (!isMapping(value)) return fail(`the test '${name}' needs a registered result`)
    return check((key) => hasKey(value, key) && truthy(valueOf(value, key)), value)
  })

const failed = result('failed', (has) => has('failed'))
const success = result('success', (has) => !has('failed'))
/** A loop is changed when one of its items is. */
const changed = result('changed', (has, mapping) => {
  if (hasKey(mapping, 'changed')) return has('changed')
  const results = valueOf(mapping, 'results')
  return Array.isArray(results) && results.some((one) => isMapping(one) && truthy(valueOf(one, 'changed') ?? false))
})
const skipped = result('skipped', (has) => has('skipped'))

export const resultTests: Routines = new Map([
  ['failed', failed],
  ['failure', failed],
  ['success', success],
  ['succeeded', success],
  ['successful', success],
  ['changed', changed],
  ['change', changed],
  ['skipped', skipped],
  ['skip', skipped],
  ['unreachable', result('unreachable', (has) => has('unreachable'))],
  ['reachable', result('reachable', (has) => !has('unreachable'))],
  // What never ran in the background is both started and finished.
  ['finished', result('finished', (has, mapping) => !hasKey(mapping, 'finished') || has('finished'))],
  ['started', result('started', (has, mapping) => !hasKey(mapping, 'started') || has('started'))],
])
