import type { Shown } from '../details.ts'
import type { Output } from '../output.ts'
import type { Style } from '../style.ts'
import { drawFrame } from './frame.ts'
import type { Tally } from './tally.ts'
import type { View } from './view.ts'

/** Milliseconds that a task may take before it is drawn: what is over at once would only flicker. */
const CALM = 80

/** Brings lines that stay and the view that moves onto one screen, in order: the view gives way, the lines are written, it returns. */
export class Stage {
  readonly #output: Output
  readonly #style: Style
  #wanted: readonly Tally[] = []
  #shown: Shown | null = null
  #lines: string[] = []
  #view: { readonly view: View; readonly tallies: readonly Tally[] } | null = null
  #busy: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  /** The task that the timer runs for. */
  #timed: Tally | null = null

  constructor(output: Output, style: Style) {
    this.#output = output
    this.#style = style
  }

  /** From now on these tasks move. */
  show(tallies: readonly Tally[], shown: Shown): void {
    this.#wanted = tallies
    this.#shown = shown
    this.#settle()
  }

  /** Writes lines that stay, above what moves. */
  print(lines: readonly string[]): void {
    this.#lines = this.#lines.concat(lines)
    this.#settle()
  }

  /** Resolves when the screen shows what it should. */
  async settled(): Promise<void> {
    while (this.#busy !== null) await this.#busy
  }

  #settle(): void {
    if (this.#busy !== null) return
    if (this.#view === null) {
      this.#write()
      this.#wait()
      return
    }
    if (this.#lines.length === 0 && same(this.#view.tallies, this.#wanted)) return
    this.#work(this.#replace())
  }

  #work(work: Promise<void>): void {
    this.#busy = work.finally(() => {
      this.#busy = null
      this.#settle()
    })
  }

  /** Opens the view once the oldest task has been under way for a while. */
  #wait(): void {
    const oldest = this.#wanted[0] ?? null
    if (oldest === this.#timed) return
    this.#timed = oldest
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = oldest === null ? null : setTimeout(this.#ripe, CALM)
  }

  readonly #ripe = (): void => {
    if (this.#busy === null && this.#view === null) this.#work(this.#open())
  }

  async #replace(): Promise<void> {
    await this.#view?.view.close()
    this.#view = null
    this.#write()
    if (this.#wanted.length > 0) await this.#open()
  }

  async #open(): Promise<void> {
    // listr2 is loaded when there is something for it to draw, not by every run.
    const { View } = await import('./view.ts')
    const { stream } = this.#output
    const tallies = this.#wanted
    const shown = this.#shown
    if (tallies.length === 0 || shown === null) return
    const panels = () =>
      drawFrame(tallies, { rows: stream.rows ?? 24, columns: stream.columns ?? 80 }, Date.now(), shown)
    this.#view = { view: new View(this.#output, panels, this.#style), tallies }
  }

  #write(): void {
    this.#output.lines(this.#lines)
    this.#lines = []
  }
}

const same = (a: readonly Tally[], b: readonly Tally[]): boolean =>
  a.length === b.length && a.every((tally, index) => tally === b[index])
