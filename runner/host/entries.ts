import type { Fact } from '../../modules/fact.ts'
import type { Reading } from './host.ts'
import type { Touches } from './touches.ts'

/** What was read of a fact. */
export interface Entry {
  readonly fact: Fact<unknown>
  readonly reading: Reading
  /** Parsed when first asked for. */
  value?: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }
}

/** What is known of a host, by the facts' keys; finds what is about a path without looking at all of it. */
export class Entries {
  readonly #all = new Map<string, Entry>()
  readonly #byPath = new Map<string, Set<string>>()
  /** Facts that depend on other paths than their own. */
  readonly #dependent = new Set<string>()

  get(key: string): Entry | undefined {
    return this.#all.get(key)
  }

  set(entry: Entry): void {
    const { key, kind, param } = entry.fact
    this.#all.set(key, entry)
    const path = kind.path?.(param)
    if (path !== undefined) {
      const keys = this.#byPath.get(path) ?? new Set()
      this.#byPath.set(path, keys.add(key))
    }
    if (kind.touchedBy !== undefined || kind.wide === true) this.#dependent.add(key)
  }

  clear(): void {
    this.#all.clear()
    this.#byPath.clear()
    this.#dependent.clear()
  }

  /** Drops what is no longer true. */
  drop(touches: Touches): void {
    if (touches.everything) return this.clear()
    for (const key of this.#suspects(touches)) {
      const entry = this.#all.get(key)
      if (entry === undefined || !touches.touch(entry.fact)) continue
      const { kind, param } = entry.fact
      this.#all.delete(key)
      this.#dependent.delete(key)
      const path = kind.path?.(param)
      if (path !== undefined) this.#byPath.get(path)?.delete(key)
    }
  }

  #suspects(touches: Touches): Iterable<string> {
    if (touches.trees.size > 0) return this.#all.keys()
    const abouts = [...touches.paths].flatMap((path) => [...(this.#byPath.get(path) ?? [])])
    return new Set([...touches.keys, ...abouts, ...this.#dependent])
  }
}
