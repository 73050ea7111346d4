import type { Json } from '../../schema/infer.ts'
import { askFact, type Fact } from '../fact.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import type { KeystoneLogin } from '../lib/keystone-auth.ts'
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
      /** Ids, which are the names that people give. */
      readonly regions: readonly string[]
    }
  | { readonly kind: 'unknown'; readonly message: string }

/** The token that the first request was answered with. */
export const TOKEN = { 'x-auth-token': { answerTo: 0, header: 'x-subject-token' } } as const

/** Services and endpoints: https://docs.openstack.org/api-ref/identity/v3/, `GET /v3/services`, `/v3/endpoints` and `/v3/regions`. */
export function keystoneCatalog(login: KeystoneLogin, way: KeystoneWay): Fact<KeystoneCatalog> {
  const read = (what: string) => ({ method: 'GET', path: `${login.base}/${what}`, headers: TOKEN }) as const
  const question: HttpQuestion = {
    protocol: 'http',
    origin: login.origin,
    ...way,
    requests: [{ ...login.authenticate, silent: true }, read('services'), read('endpoints'), read('regions')],
  }
  return askFact('keystone-catalog', login.origin, question, (answer: HttpAnswer) => catalogOf(answer, login))
}

function catalogOf(answer: HttpAnswer, login: KeystoneLogin): KeystoneCatalog {
  const trouble = keystoneTrouble(answer, login, 'read services and endpoints')
  if (trouble !== null) return { kind: 'unknown', message: trouble }
  const [, services, endpoints, regions] = answer.kind === 'answered' ? answer.responses : []
  return {
    kind: 'known',
    services: listIn(services?.body, 'services').map((one) => ({
      id: text(one['id']),
      name: text(one['name']),
      type: text(one['type']),
      description: text(one['description']),
      enabled: one['enabled'] !== false,
    })),
    endpoints: listIn(endpoints?.body, 'endpoints').map((one) => ({
      id: text(one['id']),
      service: text(one['service_id']),
      interface: text(one['interface']),
      url: text(one['url']),
      region: typeof one['region_id'] === 'string' ? one['region_id'] : null,
      enabled: one['enabled'] !== false,
    })),
    regions: listIn(regions?.body, 'regions').map((one) => text(one['id'])),
  }
}

function listIn(body: string | undefined, name: string): readonly { readonly [key: string]: Json }[] {
  const parsed = JSON.parse(body ?? '{}') as { readonly [key: string]: readonly { readonly [key: string]: Json }[] }
  return parsed[name] ?? []
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
