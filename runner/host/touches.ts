import type { Fact } from '../../modules/fact.ts'
import type { Effect } from '../../modules/step.ts'
import { isBeneath } from './overlay.ts'

/** What steps did, as far as it makes what was read of facts untrue. Adding and asking cost the same however many they are. */
export class Touches {
  readonly keys = new Set<string>()
  readonly paths = new Set<string>()
  /** Directories below which everything is touched. */
  readonly trees = new Set<string>()
  /** Paths whose change touches also what depends on them. */
  readonly #causes = new Set<string>()
  everything = false

  constructor(effects: readonly Effect[] = []) {
    this.add(effects)
  }

  add(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'anything':
          this.everything = true
          break
        case 'beneath':
          this.trees.add(effect.path)
          this.#causes.add(effect.path)
          break
        case 'becomes':
        case 'stale': {
          const { key, kind, param } = effect.fact
          const path = kind.path?.(param)
          this.keys.add(key)
          if (path === undefined) break
          this.paths.add(path)
          if (effect.kind !== 'stale' || effect.alone !== true) this.#causes.add(path)
          break
        }
        // Services are asked anew each time.
        case 'started':
      }
    }
  }

  /** True where what was read of the fact is no longer true: it is named, or its kind says that it depends on what is. */
  touch(fact: Fact<unknown>): boolean {
    const { kind, param } = fact
    if (this.everything || this.name(fact)) return true
    if (kind.wide === true && (this.keys.size > 0 || this.trees.size > 0)) return true
    return kind.touchedBy !== undefined && [...this.#causes].some((cause) => kind.touchedBy?.(cause, param))
  }

  /** True where an effect names the fact, or something else about the same path. */
  name({ key, kind, param }: Fact<unknown>): boolean {
    if (this.keys.has(key)) return true
    const path = kind.path?.(param)
    return path !== undefined && (this.paths.has(path) || [...this.trees].some((tree) => isBeneath(path, tree)))
  }
}

/** The facts among `observed` that effects name: what must not have moved when the steps are performed. */
export function touchedFacts(observed: Iterable<Fact<unknown>>, effects: readonly Effect[]): readonly Fact<unknown>[] {
  const touches = new Touches(effects)
  return [...observed].filter((fact) => touches.name(fact))
}
