import type { Fact } from '../../modules/fact.ts'
import { stat } from '../../modules/facts/stat.ts'
import type { Effect } from '../../modules/step.ts'

/** What check mode knows of a fact without asking the host: its value after the steps so far, or that nobody can know it. */
export type Predicted = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unknown' }

/** What holds for facts about a path that nothing more particular is known of. */
interface Rule {
  readonly path: string
  readonly reach: 'itself' | 'beneath'
  readonly now: 'absent' | 'unknown'
}

const unknown: Predicted = { kind: 'unknown' }
const statKind = stat('/').kind

/** The predicted state of one host: the effects of steps that were planned and not performed, the latest first in force. */
export class Overlay {
  readonly #facts = new Map<string, { readonly fact: Fact<unknown>; readonly predicted: Predicted }>()
  readonly #rules: Rule[] = []
  /** Paths that steps change, for the facts that are touched by them. */
  readonly #changed = new Set<string>()
  #started = false

  /** True where a service that does not answer now may do so after the steps so far. */
  get started(): boolean {
    return this.#started
  }

  /** What is predicted for a fact; undefined where the host itself is to be asked. */
  lookup(fact: Fact<unknown>): Predicted | undefined {
    const known = this.#facts.get(fact.key)
    if (known !== undefined) return known.predicted
    const path = pathOf(fact)
    const rule = path === undefined ? undefined : this.#ruleFor(path)
    if (rule !== undefined)
      return rule.now === 'absent' && 'absent' in fact.kind ? { kind: 'value', value: fact.kind.absent } : unknown
    return this.#isTouched(fact) ? unknown : undefined
  }

  /** Lays the effects of one task: what they say of a fact outweighs that others of them touch it. */
  lay(effects: readonly Effect[]): void {
    for (const effect of effects) this.#touch(effect)
    for (const effect of effects) this.#lay(effect)
  }

  #lay(effect: Effect): void {
    switch (effect.kind) {
      case 'becomes':
        if (effect.fact.kind === statKind) this.#appear(pathOf(effect.fact), effect.value !== null)
        this.#facts.set(effect.fact.key, { fact: effect.fact, predicted: { kind: 'value', value: effect.value } })
        break
      case 'stale':
        this.#facts.set(effect.fact.key, { fact: effect.fact, predicted: unknown })
        break
      case 'beneath':
        this.#rule({ path: effect.path, reach: 'beneath', now: effect.now })
        break
      case 'started':
        this.#started = true
        break
      case 'anything':
        this.#started = true
        // What an opaque command would have done is not known; the run says so once, and predictions go on from what is.
        break
    }
  }

  /** Where nothing is, no fact has anything to tell; where something is again, what it is like is not known. */
  #appear(path: string | undefined, there: boolean): void {
    if (path === undefined) return
    if (!there) {
      this.#rule({ path, reach: 'itself', now: 'absent' })
      this.#rule({ path, reach: 'beneath', now: 'absent' })
    } else if (this.#ruleFor(path)?.now === 'absent') this.#rules.push({ path, reach: 'itself', now: 'unknown' })
  }

  /** A rule outweighs all that was known before of what it covers. */
  #rule(rule: Rule): void {
    for (const [key, { fact }] of this.#facts) {
      const path = pathOf(fact)
      if (path !== undefined && covers(rule, path)) this.#facts.delete(key)
    }
    this.#rules.push(rule)
  }

  #ruleFor(path: string): Rule | undefined {
    return this.#rules.findLast((rule) => covers(rule, path))
  }

  #touch(effect: Effect): void {
    if (effect.kind === 'anything' || effect.kind === 'started') return
    if (effect.kind === 'stale' && effect.alone === true) return
    const path = effect.kind === 'beneath' ? effect.path : pathOf(effect.fact)
    if (path === undefined) return
    this.#changed.add(path)
    for (const [key, { fact }] of this.#facts) {
      if (fact.kind.touchedBy?.(path, fact.param) === true) this.#facts.set(key, { fact, predicted: unknown })
    }
  }

  #isTouched(fact: Fact<unknown>): boolean {
    const { kind, param } = fact
    if (kind.touchedBy === undefined) return false
    for (const path of this.#changed) if (kind.touchedBy(path, param)) return true
    return false
  }
}

const pathOf = (fact: Fact<unknown>): string | undefined => fact.kind.path?.(fact.param)

const covers = (rule: Rule, path: string): boolean =>
  rule.reach === 'itself' ? path === rule.path : isBeneath(path, rule.path)

/** True where `path` lies below the directory `directory`, itself excluded. */
export function isBeneath(path: string, directory: string): boolean {
  return (
    path.startsWith(directory === '/' ? '/' : `${directory.replace(/\/+$/, '')}/`) && path.length > directory.length
  )
}
