import type { Json } from '../../schema/infer.ts'
import { askFact, type Fact } from '../fact.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import { TOKEN_IN_BODY } from '../lib/keystone-auth-v2.ts'
import { tokenRequest, type KeystoneLogin } from '../lib/keystone-auth.ts'
import type { HttpAnswer, HttpQuestion } from '../question.ts'

/** How Keystone is reached. */
export interface KeystoneWay {
  readonly via: 'host' | 'controller'
  readonly ca?: string
  readonly verify: boolean
  readonly patience: number
}

export interface Service {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly description: string
  readonly enabled: boolean
}
/** One interface of a service. In v2.0 those of a service in a region are one entry, and have one id. */
export interface Endpoint {
  readonly id: string
  readonly service: string
  readonly interface: string
  readonly url: string
  readonly region: string | null
  readonly enabled: boolean
}
/** All services, endpoints and regions, or why they are not known, for people. */
export type KeystoneCatalog =
  | {
      readonly kind: 'known'
      readonly services: readonly Service[]
      readonly endpoints: readonly Endpoint[]
      /** Ids, which are the names that people give. In v2.0 one comes to be with its first endpoint. */
      readonly regions: readonly string[]
    }
  | { readonly kind: 'unknown'; readonly message: string }

/** The token that the first request was answered with, by either version. */
export const TOKEN = { 'x-auth-token': { answerTo: 0, header: 'x-subject-token', orBody: TOKEN_IN_BODY } } as const

/** Where services and endpoints are read and set: v2.0 has an API of its own for administrators. */
export interface CatalogPlace {
  readonly origin: string
  readonly base: string
}

/**
 * Services and endpoints: https://docs.openstack.org/api-ref/identity/v3/, `GET /v3/services`, `/v3/endpoints` and `/v3/regions`; in v2.0 those
 * of its extension OS-KSADM.
 */
export function keystoneCatalog(
  login: KeystoneLogin,
  way: KeystoneWay,
  { origin, base }: CatalogPlace = login,
): Fact<KeystoneCatalog> {
  const read = (what: string) => ({ method: 'GET', origin, path: `${base}/${what}`, headers: TOKEN }) as const
  const lists = login.version === 2 ? ['OS-KSADM/services', 'endpoints'] : ['services', 'endpoints', 'regions']
  const question: HttpQuestion = {
    protocol: 'http',
    origin: login.origin,
    ...way,
    requests: [tokenRequest(login), ...lists.map(read)],
  }
  return askFact('keystone-catalog', login.origin, question, (answer: HttpAnswer) => {
    const noAdmin = answer.kind === 'answered' && answer.responses.length > 1 && answer.responses.at(-1)?.status === 404
    const message = `${origin}${base} is no admin API of v2.0: check the admin endpoint of the service identity in the catalogue`
    return login.version === 2 && noAdmin ? { kind: 'unknown', message } : catalogOf(answer, login)
  })
}

function catalogOf(answer: HttpAnswer, login: KeystoneLogin): KeystoneCatalog {
  const trouble = keystoneTrouble(answer, login, 'read services and endpoints')
  if (trouble !== null) return { kind: 'unknown', message: trouble }
  const [, services, endpoints, regions] = answer.kind === 'answered' ? answer.responses : []
  return {
    kind: 'known',
    services: listIn(services?.body, login.version === 2 ? 'OS-KSADM:services' : 'services').map((one) => ({
      id: text(one['id']),
      name: text(one['name']),
      type: text(one['type']),
      description: text(one['description']),
      enabled: one['enabled'] !== false,
    })),
    endpoints: listIn(endpoints?.body, 'endpoints').flatMap(login.version === 2 ? endpointsOf : endpointOf),
    regions: listIn(regions?.body, 'regions').map((one) => text(one['id'])),
  }
}

const endpointOf = (one: Raw): Endpoint => ({
  id: text(one['id']),
  service: text(one['service_id']),
  interface: text(one['interface']),
  url: text(one['url']),
  region: typeof one['region_id'] === 'string' ? one['region_id'] : null,
  enabled: one['enabled'] !== false,
})

/** The interfaces of an entry of v2.0. */
const endpointsOf = (one: Raw): readonly Endpoint[] =>
  ['public', 'internal', 'admin'].flatMap((name) => {
    const url = text(one[`${name}url`])
    const own = { ...one, interface: name, url, region_id: one['region'] ?? null }
    return url === '' ? [] : [endpointOf(own)]
  })

interface Raw {
  readonly [key: string]: Json
}
function listIn(body: string | undefined, name: string): readonly Raw[] {
  const parsed = JSON.parse(body ?? '{}') as { readonly [key: string]: readonly Raw[] }
  return parsed[name] ?? []
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
