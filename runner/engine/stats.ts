import type { Json, JsonObject } from '../../schema/infer.ts'

/** What `set_stats` keeps until the end of the run: by host, `` for the run as a whole. */
export class Stats {
  readonly #values = new Map<string, Record<string, Json>>()

  /** Keeps values; `aggregate` adds them to what is there. */
  keep(host: string, data: JsonObject, aggregate: boolean): void {
    const kept = this.#values.get(host) ?? {}
    for (const [name, value] of Object.entries(data)) kept[name] = aggregate ? sum(kept[name], value) : value
    this.#values.set(host, kept)
  }

  /** For the event that ends the run; nothing where nothing is kept. */
  all(): { readonly stats?: Readonly<Record<string, JsonObject>> } {
    return this.#values.size === 0 ? {} : { stats: Object.fromEntries(this.#values) }
  }
}

/** Numbers and texts are added, lists joined, mappings merged; what is of another type is replaced. */
function sum(kept: Json | undefined, value: Json): Json {
  if (typeof kept === 'number' && typeof value === 'number') return kept + value
  if (typeof kept === 'string' && typeof value === 'string') return kept + value
  if (Array.isArray(kept) && Array.isArray(value)) return [...(kept as readonly Json[]), ...(value as readonly Json[])]
  return isMapping(kept) && isMapping(value) ? { ...kept, ...value } : value
}

const isMapping = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
