import type { Event, Reporter } from '../engine/events.ts'
import type { Output } from './output.ts'

/** One JSON object a line for each event, as runner/engine/events.ts defines them: for other programs. */
export class JsonReporter implements Reporter {
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  report(event: Event): void {
    this.#output.write(`${textOf(event)}\n`)
  }

  close(): Promise<void> {
    return this.#output.close()
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
 * Turns what JSON cannot hold into what it can: bytes become text, or `{ base64 }` where they are none; big integers become strings. The
 * text of a secret change is left out. (Buffers have a `toJSON`, so the value is taken from its holder.)
 */
function plain(this: { readonly [key: string]: unknown }, key: string, converted: unknown): unknown {
  const value = this[key]
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const text = bytes.toString('utf8')
    return Buffer.from(text, 'utf8').equals(bytes) ? text : { base64: bytes.toString('base64') }
  }
  if (typeof value === 'bigint') return value.toString()
  if (key === 'text' && 'secret' in this && this['secret'] === true) return undefined
  return converted
}
