import type { Effect } from '../../modules/step.ts'
import type { Performed } from '../host/host.ts'
import type { Window } from '../host/window.ts'
import type { Target } from './module-run.ts'

type Foretold = Extract<Effect, { kind: 'becomes' }>

/** What is foretold of facts after the steps; of each fact the last word. */
function foretold(effects: readonly Effect[]): readonly Foretold[] {
  if (effects.some((effect) => effect.kind === 'anything')) return []
  const known = new Map<string, Foretold>()
  // What is live is asked anew by whoever wants it.
  for (const effect of effects)
    if (effect.kind === 'becomes' && effect.fact.kind.live !== true) known.set(effect.fact.key, effect)
  return [...known.values()]
}

/** Facts that are read back, so that what is known is what the host says. */
export const readBackOf = (effects: readonly Effect[]): readonly Foretold['fact'][] =>
  foretold(effects).flatMap(({ fact }) => (fact.kind.print === undefined ? [fact] : []))

/** Brings what is known of the host up to date with what was performed, and with what was read back, if nobody else touched that. */
export function settle(
  target: Pick<Target, 'settle' | 'view'>,
  effects: readonly Effect[],
  performed: Extract<Performed, { kind: 'performed' }>,
  window: Window,
): void {
  const readings = performed.readings.values()
  const learnt = foretold(effects).flatMap(({ fact, value }) => {
    if (fact.kind.print === undefined) return [{ fact, reading: readings.next().value }]
    const raw = performed.failure === null ? fact.kind.print(value) : undefined
    return raw === undefined ? [] : [{ fact, reading: { kind: 'raw' as const, raw } }]
  })
  const kept = learnt.filter(({ fact }) => window.keeps(fact))
  target.settle(effects)
  for (const { fact, reading } of kept) if (reading?.kind === 'raw') target.view.learn(fact, reading)
}
