import type { Json, JsonObject } from '../../schema/infer.ts'
import { askFact, type Fact } from '../fact.ts'
import type { CloudService } from '../lib/cloud-service.ts'
import { cloudTrouble } from '../lib/cloud-trouble.ts'
import { tokenRequest } from '../lib/keystone-auth.ts'
import { TOKEN } from './keystone-catalog.ts'

/** A thing as a service describes it, by the names of its API. */
export type Item = JsonObject & { readonly id: string }

/** For each path what is there, in the same order; or why that is not known, for people. */
export type CloudItems =
  | { readonly kind: 'known'; readonly lists: readonly (readonly Item[])[] }
  | { readonly kind: 'unknown'; readonly message: string }

export interface Listing {
  /** Below the base of the API. */
  readonly path: string
  /** What holds the list in the answer, or the one thing: `pools`, `healthmonitor`. */
  readonly key: string
}

/** What a service has at paths of its API; `about` says in a few words what, for people. */
export function cloudItems(service: CloudService, about: string, asked: readonly Listing[]): Fact<CloudItems> {
  const { origin, base, way } = service
  const requests = [
    tokenRequest(service.login),
    ...asked.map(({ path }) => ({ method: 'GET', path: `${base}${path}`, headers: TOKEN }) as const),
  ]
  return askFact('cloud-items', about, { protocol: 'http', origin, ...way, requests }, (answer) => {
    const trouble = cloudTrouble(answer, service, `read the ${about}`, requests.length)
    if (trouble !== null || answer.kind !== 'answered') return { kind: 'unknown', message: trouble ?? '' }
    const bodies = answer.responses.slice(1).map(({ body }) => JSON.parse(body) as { readonly [key: string]: Json })
    return { kind: 'known', lists: asked.map(({ key }, index) => itemsOf(bodies[index]?.[key])) }
  })
}

const itemsOf = (found: Json | undefined): readonly Item[] =>
  (Array.isArray(found) ? (found as readonly Json[]) : found === undefined ? [] : [found]).filter(isItem)

const isItem = (value: Json): value is Item =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'

/** A value as people read it. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)

/** What is put behind a path to ask for less: `?name=web&project_id=…`. What is null is left out. */
export function queryOf(filter: { readonly [name: string]: string | null }): string {
  const words = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return words.length === 0 ? '' : `?${words.join('&')}`
}
