import { askFact, type Fact } from '../fact.ts'
import type { KeystoneLogin } from '../lib/keystone-auth.ts'
import { keystoneTrouble } from '../lib/keystone-trouble.ts'
import type { KeystoneWay } from './keystone-catalog.ts'

/** Who has logged in, and where its project finds the services; or why that is not known, for people. */
export type KeystoneToken =
  | {
      readonly kind: 'known'
      readonly user: string
      readonly project: string | null
      readonly catalog: readonly {
        readonly id: string
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

/** What a fresh token says, without the token: https://docs.openstack.org/api-ref/identity/v3/, `POST /v3/auth/tokens`. */
export function keystoneToken(login: KeystoneLogin, way: KeystoneWay): Fact<KeystoneToken> {
  const question = { protocol: 'http', origin: login.origin, ...way, requests: [login.authenticate] } as const
  return askFact('keystone-token', login.origin, question, (answer) => {
    const trouble = keystoneTrouble(answer, login, 'log in')
    if (trouble !== null) return { kind: 'unknown', message: trouble }
    const body = answer.kind === 'answered' ? (answer.responses[0]?.body ?? '{}') : '{}'
    const { token = {} } = JSON.parse(body) as { readonly token?: Token }
    return {
      kind: 'known',
      user: token.user?.id ?? '',
      project: token.project?.id ?? null,
      catalog: (token.catalog ?? []).map(({ id, name, type, endpoints }) => ({
        id,
        name: name ?? '',
        type,
        endpoints: endpoints.map((one) => ({
          interface: one.interface,
          region: one.region_id ?? one.region ?? null,
          url: one.url,
        })),
      })),
    }
  })
}

interface Token {
  readonly user?: { readonly id: string }
  readonly project?: { readonly id: string }
  readonly catalog?: readonly {
    readonly id: string
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
