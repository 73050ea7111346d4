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

/** The effect names the fact, or something else about the same path. */
function isNamed(fact: Fact<unknown>, effect: Named): boolean {
  const path = fact.kind.path?.(fact.param)
  if (effect.kind === 'beneath') return path !== undefined && isBeneath(path, effect.path)
  return effect.fact.key === fact.key || (path !== undefined && path === effect.fact.kind.path?.(effect.fact.param))
}
