import type { Event, Reporter } from '../engine/events.ts'
import type { Output } from './output.ts'

/** One JSON object a line for each event, as runner/engine/events.ts defines them: for other programs. */
export class JsonReporter implements Reporter {
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  report(event: Event): void {
    this.#output.write(`${JSON.stringify(event, plain)}\n`)
  }

  close(): Promise<void> {
    return this.#output.close()
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
