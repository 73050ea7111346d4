import type { Fact } from '../../modules/fact.ts'
import type { Effect } from '../../modules/step.ts'

/** What check mode knows of a fact without asking the host: its value after the steps so far, or that nobody can know it. */
export type Predicted = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unknown' }

/** The predicted state of one host: the effects of steps that were planned and not performed, the latest first in force. */
export class Overlay {
  readonly #facts = new Map<string, { readonly fact: Fact<unknown>; readonly predicted: Predicted }>()
  readonly #beneath: { readonly path: string; readonly now: 'absent' | 'unknown' }[] = []

  /** What is predicted for a fact; undefined where the host itself is to be asked. */
  lookup(fact: Fact<unknown>): Predicted | undefined {
    const known = this.#facts.get(fact.key)
    if (known !== undefined) return known.predicted
    const path = fact.kind.path?.(fact.param)
    const rule = path === undefined ? undefined : this.#beneath.findLast((rule) => isBeneath(path, rule.path))
    if (rule === undefined) return undefined
    return rule.now === 'absent' && 'absent' in fact.kind
      ? { kind: 'value', value: fact.kind.absent }
      : { kind: 'unknown' }
  }

  lay(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'becomes':
          this.#facts.set(effect.fact.key, { fact: effect.fact, predicted: { kind: 'value', value: effect.value } })
          break
        case 'stale':
          this.#facts.set(effect.fact.key, { fact: effect.fact, predicted: { kind: 'unknown' } })
          break
        case 'beneath':
          for (const [key, { fact }] of this.#facts) {
            const path = fact.kind.path?.(fact.param)
            if (path !== undefined && isBeneath(path, effect.path)) this.#facts.delete(key)
          }
          this.#beneath.push(effect)
          break
        case 'anything':
          // What an opaque command would have done is not known; the run says so once, and predictions go on from what is.
          break
      }
    }
  }

  clear(): void {
    this.#facts.clear()
    this.#beneath.length = 0
  }
}

/** True where `path` lies below the directory `directory`, itself excluded. */
export function isBeneath(path: string, directory: string): boolean {
  return (
    path.startsWith(directory === '/' ? '/' : `${directory.replace(/\/+$/, '')}/`) && path.length > directory.length
  )
}
