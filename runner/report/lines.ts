import type { Event, HostFinished, HostProgress, Item, Reporter, TaskStarted } from '../engine/events.ts'
import { hostDetails, itemDetails, itemLabel, messageSuffix, type Shown } from './details.ts'
import { hostLine, placeText, playHeader, taskName, warningLine } from './headings.ts'
import { outcomeColour, outcomeWord } from './outcome.ts'
import type { Output } from './output.ts'
import { drawRecap } from './recap.ts'
import { drawProfile } from './profile.ts'
import type { Style } from './style.ts'
import { visibleLine } from './visible.ts'

/** Plain lines, each written when it is known: for logs, pipes and terminals that cannot move the cursor. */
export class LinesReporter implements Reporter {
  readonly #output: Output
  #shown: Shown
  readonly #tasks = new Map<number, TaskStarted>()
  /** The task whose header was written last: with several under way, a host's line gets its header again. */
  #current: number | null = null
  /** Items of a loop already told, by task and host. */
  readonly #told = new Map<string, number>()

  constructor(output: Output, style: Style, verbosity: number) {
    this.#output = output
    this.#shown = { style, verbosity, diff: false, check: false }
  }

  report(event: Event): void {
    const lines = this.#draw(event)
    this.#output.lines(lines)
  }

  close(): Promise<void> {
    return this.#output.close()
  }

  #draw(event: Event): readonly string[] {
    const { style } = this.#shown
    switch (event.event) {
      case 'run-started':
        this.#shown = { ...this.#shown, diff: event.diff, check: event.check }
        return event.check ? [style.bold('CHECK  nothing will be changed')] : []
      case 'play-started':
        return ['', playHeader(event, style)]
      case 'task-started':
        this.#tasks.set(event.task, event)
        return this.#header(event.task)
      case 'host-progress':
        return this.#progress(event)
      case 'host-finished':
        return this.#finished(event)
      case 'task-finished':
        this.#tasks.delete(event.task)
        return []
      case 'warning':
        return [warningLine(event, style)]
      case 'run-finished':
        return ['', ...drawRecap(event, this.#shown)]
      case 'run-profiled':
        return ['', ...drawProfile(event, style)]
      case 'host-started':
      case 'play-finished':
        return []
    }
  }

  #header(number: number): readonly string[] {
    const task = this.#tasks.get(number)
    if (this.#current === number || task === undefined) return []
    this.#current = number
    const { style } = this.#shown
    const kind = task.handler ? 'HANDLER' : 'TASK'
    return ['', `${style.bold(`${kind}  ${taskName(task)}`)}  ${style.dim(placeText(task.at))}`]
  }

  #progress(event: HostProgress): readonly string[] {
    const header = this.#header(event.task)
    const host = visibleLine(event.host)
    if (event.item === undefined) return [...header, this.#shown.style.dim(`${host}: ${visibleLine(event.message)}`)]
    const key = itemsKey(event)
    this.#told.set(key, (this.#told.get(key) ?? 0) + 1)
    return [...header, ...this.#item(host, event.item)]
  }

  #finished(event: HostFinished): readonly string[] {
    const host = visibleLine(event.host)
    const untold = event.items.slice(this.#told.get(itemsKey(event)) ?? 0)
    this.#told.delete(itemsKey(event))
    return [
      ...this.#header(event.task),
      ...untold.flatMap((item) => this.#item(host, item)),
      hostLine(event, this.#shown),
      ...hostDetails(event, this.#tasks.get(event.task)?.at ?? null, this.#shown),
    ]
  }

  #item(host: string, item: Item): readonly string[] {
    const { style, check } = this.#shown
    const word = outcomeColour(item.outcome, style)(`${outcomeWord(item.outcome, check)}:`)
    const line = `  ${word} ${host} (item=${itemLabel(item.label)})${messageSuffix(item.message)}`
    return [line, ...itemDetails(item, this.#shown)]
  }
}

const itemsKey = (event: HostFinished | HostProgress): string => `${event.task} ${event.host}`
