import type { JsonObject } from '../../schema/infer.ts'
import { askFact, type Fact } from '../fact.ts'
import type { KeystoneLogin } from '../lib/keystone-auth.ts'
import { tokenIn, type Token } from '../lib/keystone-token-body.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import type { KeystoneWay } from './keystone-catalog.ts'

/** Who has logged in, or why nobody has, for people. */
export type KeystoneUser =
  | { readonly kind: 'known'; readonly user: string; readonly project: string | null }
  | { readonly kind: 'unknown'; readonly message: string }
/** Where the services are that a token's catalogue shows; or why that is not known, for people. */
export type TokenCatalog =
  | {
      readonly kind: 'known'
      /** The id of the project that the token is for. */
      readonly project: string | null
      readonly services: readonly {
        readonly name: string
        readonly type: string
        readonly endpoints: readonly Place[]
      }[]
    }
  | { readonly kind: 'unknown'; readonly message: string }
export type KeystoneAdmin =
  { readonly kind: 'known'; readonly url: string | null } | { readonly kind: 'unknown'; readonly message: string }
interface Place {
  readonly interface: string
  readonly region: string | null
  /** With what Keystone fills into it. */
  readonly url: string
}

/** The ids of the user and the project that a fresh token is for. */
export function keystoneUser(login: KeystoneLogin, way: KeystoneWay): Fact<KeystoneUser> {
  return tokenFact('keystone-user', login, way, ({ user, project }) => ({
    kind: 'known',
    user: user?.id ?? '',
    project: project?.id ?? null,
  }))
}

/** The catalogue of a fresh token: url by url what Keystone has filled in. */
export function tokenCatalog(login: KeystoneLogin, way: KeystoneWay): Fact<TokenCatalog> {
  return tokenFact('token-catalog', login, way, ({ project, catalog = [] }) => ({
    kind: 'known',
    project: project?.id ?? null,
    services: catalog.map(({ name, type, endpoints = [] }) => ({
      name: name ?? '',
      type,
      endpoints: endpoints.map((one) => ({
        interface: one.interface,
        region: one.region_id ?? one.region ?? null,
        url: one.url,
      })),
    })),
  }))
}

/** The admin endpoint of Keystone itself in a token's catalogue; no module's step changes what a check then asks there. */
export function keystoneAdmin(login: KeystoneLogin, way: KeystoneWay): Fact<KeystoneAdmin> {
  return tokenFact('keystone-admin', login, way, ({ catalog = [] }) => {
    const admins = catalog
      .filter(({ type }) => type === 'identity')
      .flatMap(({ endpoints = [] }) => endpoints)
      .filter((one) => one.interface === 'admin')
    const inRegion = admins.find((one) => (one.region_id ?? one.region) === login.region)
    return { kind: 'known', url: (inRegion ?? admins[0])?.url ?? null }
  })
}

/** What a fresh token says, without the token. */
function tokenFact<T>(
  name: string,
  login: KeystoneLogin,
  way: KeystoneWay,
  read: (token: Token) => T,
): Fact<T | { readonly kind: 'unknown'; readonly message: string }> {
  const question = { protocol: 'http', origin: login.origin, ...way, requests: [login.authenticate] } as const
  return askFact(name, login.origin, question, (answer) => {
    const trouble = keystoneTrouble(answer, login, 'log in')
    if (trouble !== null) return { kind: 'unknown', message: trouble }
    const body = answer.kind === 'answered' ? (answer.responses[0]?.body ?? '{}') : '{}'
    return read(tokenIn(JSON.parse(body) as JsonObject))
  })
}
