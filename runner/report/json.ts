import type { Change } from '../../modules/step.ts'
import type { Event, Reporter } from '../engine/events.ts'
import type { Output } from './output.ts'

/**
 * One JSON object a line for each event, as runner/engine/events.ts defines them: for other programs. Texts of files, which may hold secrets
 * that nobody has named, are there only in a run that shows what changes line by line, and those of secret changes never.
 */
export class JsonReporter implements Reporter {
  readonly #output: Output
  #diff = false

  constructor(output: Output) {
    this.#output = output
  }

  report(event: Event): void {
    if (event.event === 'run-started') this.#diff = event.diff
    this.#output.write(`${textOf(withTexts(event, this.#diff))}\n`)
  }

  close(): Promise<void> {
    return this.#output.close()
  }
}

/** An event with no more of its changes' texts than may be seen. */
function withTexts(event: Event, diff: boolean): Event {
  const seen = (changes: readonly Change[]): readonly Change[] =>
    changes.map(({ text, ...change }) =>
      diff && change.secret !== true && text !== undefined ? { ...change, text } : change,
    )
  switch (event.event) {
    case 'host-finished': {
      const items = event.items.map((item) => ({ ...item, changes: seen(item.changes) }))
      return { ...event, changes: seen(event.changes), items }
    }
    case 'host-progress': {
      const { item } = event
      return item === undefined ? event : { ...event, item: { ...item, changes: seen(item.changes) } }
    }
    default:
      return event
  }
}

/** An event as JSON; what a task returned and printed is left out where it is longer than any text can be (some 500 MB). */
function textOf(event: Event): string {
  try {
    return JSON.stringify(event, plain)
  } catch (error) {
    if (!(error instanceof RangeError) || event.event !== 'host-finished') throw error
    const warnings = [...event.warnings, 'what the task returned is too long to be told']
    return JSON.stringify({ ...event, result: null, items: [], warnings }, plain)
  }
}

/**
 * Turns what JSON cannot hold into what it can: bytes become text, or `{ base64 }` where they are none; big integers become strings. (Buffers
 * have a `toJSON`, so the value is taken from its holder.)
 */
function plain(this: { readonly [key: string]: unknown }, key: string, converted: unknown): unknown {
  const value = this[key]
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const text = bytes.toString('utf8')
    return Buffer.from(text, 'utf8').equals(bytes) ? text : { base64: bytes.toString('base64') }
  }
  if (typeof value === 'bigint') return value.toString()
  return converted
}
