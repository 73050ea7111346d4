import type { Fact } from '../../modules/fact.ts'
import type { Effect } from '../../modules/step.ts'
import { Touches } from './touches.ts'

/** What was done to a host while something was being read of it; kept as long as a reading is under way. */
export class Journal {
  readonly #open = new Set<Window>()
  readonly #touches: Touches[] = []

  open(): Window {
    const window = new Window(this.#touches)
    this.#open.add(window)
    return window
  }

  close(window: Window): void {
    this.#open.delete(window)
    if (this.#open.size === 0) this.#touches.length = 0
  }

  touched(effects: readonly Effect[]): void {
    if (this.#open.size > 0) this.#touches.push(new Touches(effects))
  }

  forget(): void {
    for (const window of this.#open) window.forget()
  }
}

/** The time that a reading takes: what is touched meanwhile may have been read as it was before. */
export class Window {
  readonly #touches: readonly Touches[]
  readonly #start: number
  #forgotten = false

  constructor(touches: readonly Touches[]) {
    this.#touches = touches
    this.#start = touches.length
  }

  forget(): void {
    this.#forgotten = true
  }

  /** True where what was read of the fact may be older than something that was done to it. */
  isOvertaken(fact: Fact<unknown>): boolean {
    for (let index = this.#start; index < this.#touches.length; index++)
      if (this.#touches[index]?.touch(fact) === true) return true
    return false
  }

  /** True where what was read is still worth knowing. */
  keeps(fact: Fact<unknown>): boolean {
    return !this.#forgotten && !this.isOvertaken(fact)
  }
}
