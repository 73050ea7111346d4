import type { Event } from './events.ts'

const mask = '********'

/** How a secret may show: whole, inside JSON, in base64, and the lines of a long one, since diffs and `stdout_lines` have it in lines. */
function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim()
  if (trimmed.length < 4) return []
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim())
  return [
    secret,
    trimmed,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(trimmed).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= 8) : []),
  ]
}

/** What of an event comes from the host or the playbook. */
const ofHost: ReadonlySet<string> = new Set(['result', 'changes', 'items'])

/** Keeps secrets out of what leaves the engine: each event's texts with every known secret replaced. The only place that redacts. */
export class Redactor {
  #secrets: readonly string[] = []

  /** A value that must not be seen from here on. Very short ones are not taken: masking them would garble everything and hide nothing. */
  add(secret: string): void {
    const fresh = formsOf(secret).filter((text) => text.length >= 4 && !this.#secrets.includes(text))
    // Longest first, so that a secret that holds another one disappears whole.
    if (fresh.length > 0)
      this.#secrets = [...new Set([...this.#secrets, ...fresh])].toSorted((a, b) => b.length - a.length)
  }

  clean(event: Event): Event {
    if (this.#secrets.length === 0) return event
    const fields = Object.entries(event).map(([name, value]: [string, unknown]) => [
      name,
      this.#value(value, ofHost.has(name)),
    ])
    return Object.fromEntries(fields) as Event
  }

  text(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, mask), text)
  }

  /** `numbers` where a number may be a secret, too, and not one of drover's own. */
  #value(value: unknown, numbers: boolean): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'number' && numbers) return this.#secrets.includes(String(value)) ? mask : value
    if (Array.isArray(value)) return value.map((item) => this.#value(item, numbers))
    if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#value(inner, numbers)]))
    }
    return value
  }
}
