import type { Fact } from '../../modules/fact.ts'
import type { Effect } from '../../modules/step.ts'
import { isTouched } from './touch.ts'

/** The time that a reading takes: what is touched meanwhile may have been read as it was before. */
export class Window {
  readonly #touches: Effect[] = []
  #forgotten = false

  touched(effects: readonly Effect[]): void {
    this.#touches.push(...effects)
  }

  forget(): void {
    this.#forgotten = true
  }

  /** True where what was read of the fact may be older than something that was done to it. */
  isOvertaken(fact: Fact<unknown>): boolean {
    return this.#touches.some((effect) => effect.kind === 'anything' || isTouched(fact, effect))
  }

  /** True where what was read is still worth knowing. */
  keeps(fact: Fact<unknown>): boolean {
    return !this.#forgotten && !this.isOvertaken(fact)
  }
}
