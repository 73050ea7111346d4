import { stringify } from 'yaml'
import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Event, HostFinished, Reporter } from '../engine/events.ts'
import { hostDetails, type Shown } from './details.ts'
import { hostLine, warningLine } from './headings.ts'
import type { Output } from './output.ts'
import { drawRecap } from './recap.ts'
import { drawProfile } from './profile.ts'
import type { Style } from './style.ts'
import { visibleLines } from './visible.ts'

/** What one task gave on each host: for a run of a single task, where headings and counts would be in the way. */
export class HostsReporter implements Reporter {
  readonly #output: Output
  #shown: Shown

  constructor(output: Output, style: Style, verbosity: number) {
    this.#output = output
    this.#shown = { style, verbosity, diff: false, check: false }
  }

  report(event: Event): void {
    this.#output.lines(this.#draw(event))
  }

  close(): Promise<void> {
    return this.#output.close()
  }

  #draw(event: Event): readonly string[] {
    const { style, verbosity } = this.#shown
    switch (event.event) {
      case 'run-started':
        this.#shown = { ...this.#shown, diff: event.diff, check: event.check }
        return event.check ? [style.bold('CHECK  nothing will be changed')] : []
      case 'host-finished':
        return [hostLine(event, this.#shown), ...this.#details(event)]
      case 'warning':
        return [warningLine(event, style)]
      case 'run-finished':
        return verbosity >= 2 ? ['', ...drawRecap(event, this.#shown)] : []
      case 'run-profiled':
        return ['', ...drawProfile(event, style)]
      case 'play-started':
      case 'task-started':
      case 'host-started':
      case 'host-progress':
      case 'task-finished':
      case 'play-finished':
        return []
    }
  }

  #details(event: HostFinished): readonly string[] {
    const details = hostDetails(event, null, this.#shown)
    // A failure has its output among its details, and so has each result from verbosity 1 on.
    if (event.outcome === 'failed' || this.#shown.verbosity >= 1 || event.result === null) return details
    const lines = given(event.result)
    // The message of `debug: var=` is its result.
    return lines.join('\n') === event.message?.trimEnd() ? details : [...details, ...lines.map((line) => `    ${line}`)]
  }
}

/** What a program printed; of what is no program's, the result as YAML. */
function given(result: JsonObject): readonly string[] {
  const { stdout, stderr } = result
  if (typeof stdout === 'string') return [stdout, typeof stderr === 'string' ? stderr : ''].flatMap(linesOf)
  const told = Object.entries(result).filter(([name]) => !hidden.has(name))
  const values: { readonly [name: string]: Json } = Object.fromEntries(told)
  return told.length === 0 ? [] : linesOf(stringify(values, { lineWidth: 0, aliasDuplicateObjects: false }))
}
/** What the line of the host says already. */
const hidden: ReadonlySet<string> = new Set(['changed', 'failed', 'msg', 'diff', 'skipped', 'unreachable'])

const linesOf = (text: string): readonly string[] => (text.trim() === '' ? [] : visibleLines(text.trimEnd()))
