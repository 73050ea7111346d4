import type { Fact } from '../../modules/fact.ts'
import type { Effect } from '../../modules/step.ts'
import { isBeneath } from './overlay.ts'

type Named = Exclude<Effect, { kind: 'anything' | 'started' }>

/** The facts among `observed` that effects touch: what must not have moved when the steps are performed. */
export function touchedFacts(observed: Iterable<Fact<unknown>>, effects: readonly Effect[]): readonly Fact<unknown>[] {
  return [...observed].filter((fact) => effects.some((effect) => names(effect) && isNamed(fact, effect)))
}

/** Services are asked anew each time. */
const names = (effect: Effect): effect is Named => effect.kind !== 'anything' && effect.kind !== 'started'

/** True where the effect makes what was read of the fact untrue. */
export function isTouched(fact: Fact<unknown>, effect: Exclude<Effect, { kind: 'anything' }>): boolean {
  if (effect.kind === 'started') return false
  if (isNamed(fact, effect)) return true
  if (effect.kind === 'stale' && effect.alone === true) return false
  const path = effect.kind === 'beneath' ? effect.path : effect.fact.kind.path?.(effect.fact.param)
  return path !== undefined && fact.kind.touchedBy?.(path, fact.param) === true
}

/** The effect names the fact, or something else about the same path. */
function isNamed(fact: Fact<unknown>, effect: Named): boolean {
  const path = fact.kind.path?.(fact.param)
  if (effect.kind === 'beneath') return path !== undefined && isBeneath(path, effect.path)
  return effect.fact.key === fact.key || (path !== undefined && path === effect.fact.kind.path?.(effect.fact.param))
}
