import type { Event } from './events.ts'

const mask = '********'

/** Keeps secrets out of what leaves the engine: each event's texts with every known secret replaced. The only place that redacts. */
export class Redactor {
  #secrets: readonly string[] = []

  /** A value that must not be seen from here on. Very short ones are not taken: masking them would garble everything and hide nothing. */
  add(secret: string): void {
    for (const text of [secret, secret.trim()]) {
      if (text.length < 4 || this.#secrets.includes(text)) continue
      // Longest first, so that a secret that holds another one disappears whole.
      this.#secrets = [...this.#secrets, text].toSorted((a, b) => b.length - a.length)
    }
  }

  clean(event: Event): Event {
    return this.#secrets.length === 0 ? event : (this.#value(event) as Event)
  }

  text(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, mask), text)
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.#value(item))
    if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#value(inner)]))
    }
    return value
  }
}
