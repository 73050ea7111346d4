import { askFact, type Fact } from '../fact.ts'
import type { KeystoneLogin } from '../lib/keystone-auth.ts'
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
    services: catalog.map(({ name, type, endpoints }) => ({
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

/** What a fresh token says, without the token: https://docs.openstack.org/api-ref/identity/v3/, `POST /v3/auth/tokens`. */
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
    const { token = {} } = JSON.parse(body) as { readonly token?: Token }
    return read(token)
  })
}

interface Token {
  readonly user?: { readonly id: string }
  readonly project?: { readonly id: string }
  readonly catalog?: readonly {
    readonly name?: string
    readonly type: string
    readonly endpoints: readonly {
      readonly interface: string
      readonly region?: string
      readonly region_id?: string
      readonly url: string
    }[]
  }[]
}
