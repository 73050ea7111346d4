import type { Event, Reporter } from '../engine/events.ts'
import type { Shown } from './details.ts'
import { playHeader, warningLine } from './headings.ts'
import { drawSummary } from './live/summary.ts'
import { Stage } from './live/stage.ts'
import { Tally } from './live/tally.ts'
import type { Output } from './output.ts'
import { drawRecap } from './recap.ts'
import { drawProfile } from './profile.ts'
import type { Style } from './style.ts'

/** For people at a terminal: running tasks move at the bottom of the screen, finished ones stay above as one line each. */
export class LiveReporter implements Reporter {
  readonly #output: Output
  readonly #stage: Stage
  readonly #tallies = new Map<number, Tally>()
  #shown: Shown
  #now = 0

  constructor(output: Output, style: Style, verbosity: number) {
    this.#output = output
    this.#shown = { style, verbosity, diff: false, check: false }
    this.#stage = new Stage(output, style)
  }

  report(event: Event): void {
    this.#now = event.time
    const lines = this.#take(event)
    this.#stage.show([...this.#tallies.values()].filter(moves), this.#shown)
    this.#stage.print(lines)
  }

  async close(): Promise<void> {
    const left = this.#leave()
    this.#stage.show([], this.#shown)
    this.#stage.print(left)
    await this.#stage.settled()
    await this.#output.close()
  }

  /** Takes an event in, and gives the lines that are to stay. */
  #take(event: Event): readonly string[] {
    const { style } = this.#shown
    switch (event.event) {
      case 'run-started':
        this.#shown = { ...this.#shown, diff: event.diff, check: event.check }
        return event.check ? [style.bold('CHECK  nothing will be changed')] : []
      case 'play-started':
        return ['', playHeader(event, style)]
      case 'task-started':
        this.#tallies.set(event.task, new Tally(event))
        return []
      case 'host-started':
        this.#tallies.get(event.task)?.started(event)
        return []
      case 'host-progress':
        this.#tallies.get(event.task)?.progress(event)
        return []
      case 'host-finished':
        this.#tallies.get(event.task)?.finish(event)
        return []
      case 'task-finished': {
        const tally = this.#tallies.get(event.task)
        this.#tallies.delete(event.task)
        return tally === undefined ? [] : this.#summary(tally, true)
      }
      case 'play-finished':
        return []
      case 'warning':
        return [warningLine(event, style)]
      case 'run-finished':
        return [...this.#leave(), '', ...drawRecap(event, this.#shown, this.#columns)]
      case 'run-profiled':
        return ['', ...drawProfile(event, style)]
    }
  }

  #summary(tally: Tally, done: boolean): readonly string[] {
    return drawSummary(tally, { done, time: this.#now, columns: this.#columns }, this.#shown)
  }

  get #columns(): number {
    return this.#output.stream.columns ?? 80
  }

  /** What tasks had come to that will not finish any more. */
  #leave(): readonly string[] {
    const left = [...this.#tallies.values()]
    this.#tallies.clear()
    return left.flatMap((tally) => this.#summary(tally, false))
  }
}

/** `pause` may ask the user something, and a moving screen would draw over the question. */
const moves = (tally: Tally): boolean => !/^(ansible\.builtin\.)?pause$/.test(tally.task.action)
