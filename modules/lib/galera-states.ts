import type { Json, JsonObject } from '../../schema/infer.ts'
import type { NamedState } from './galera-bootstrap.ts'

/** The argument `grastates`, as `galera_check` returned them on the hosts; null where it is unset. */
export function statesIn(given: JsonObject | undefined): readonly NamedState[] | null {
  if (given === undefined) return null
  return Object.entries(given).map(([name, value]) => ({ name, state: stateOf(value) }))
}

function stateOf(value: Json): NamedState['state'] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const { uuid, seqno, safe_to_bootstrap: safe } = value as JsonObject
  if (typeof uuid !== 'string') return null
  return { uuid, seqno: Number(seqno), safeToBootstrap: safe === true }
}
