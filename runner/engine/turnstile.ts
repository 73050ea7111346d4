/**
 * Keeps turns of a loop in order while they overlap: each reads as early as it likes, plans when the one before it has planned, and performs
 * with the others.
 */
export interface Turnstile {
  /** Resolves when all turns before this one have planned. Rejects with `LoopEnded` where the loop has ended with one of them. */
  enter(): Promise<void>
  /** Says that this turn has planned, and that what it does is under way. */
  pass(): void
}

/** Thrown in a turn that is not to run, since the loop has ended with one before it. */
export class LoopEnded extends Error {
  override readonly name = 'LoopEnded'
}

const notYet = (): void => {}

/** The turnstiles of a loop's turns. */
export class Turnstiles {
  /** The last turn that may still run. */
  #last = Infinity
  #before: Promise<unknown> = Promise.resolve()

  /** Says that the loop ends with this turn, counted from 0. */
  end(last: number): void {
    this.#last = Math.min(this.#last, last)
  }

  isOver(turn: number): boolean {
    return turn > this.#last
  }

  /** That of the next turn; `turn` is its number. */
  next(turn: number): Turnstile {
    const before = this.#before
    let pass = notYet
    const passed = new Promise<void>((resolve) => {
      pass = resolve
    })
    this.#before = Promise.all([before, passed])
    return {
      enter: async () => {
        await before
        if (this.isOver(turn)) throw new LoopEnded('the loop has ended')
      },
      pass,
    }
  }
}
