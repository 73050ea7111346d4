import type { JsonObject } from '../../schema/infer.ts'

/** What a token says, by the names of the Identity API v3: https://docs.openstack.org/api-ref/identity/v3/, `POST /v3/auth/tokens`. */
export interface Token {
  readonly user?: { readonly id: string }
  readonly project?: { readonly id: string }
  readonly catalog?: readonly TokenService[]
}
export interface TokenService {
  /** Not in a token of v2.0. */
  readonly id?: string
  readonly name?: string
  readonly type: string
  readonly endpoints?: readonly TokenEndpoint[]
}
export interface TokenEndpoint {
  readonly interface: string
  readonly region?: string | null
  readonly region_id?: string | null
  readonly url: string
}

/** What v2.0 answers to `POST /v2.0/tokens`. */
interface Access {
  readonly token?: { readonly tenant?: { readonly id: string } }
  readonly user?: { readonly id: string }
  readonly serviceCatalog?: readonly {
    readonly name?: string
    readonly type: string
    readonly endpoints?: readonly ({ readonly region?: string } & { readonly [url: string]: string | undefined })[]
  }[]
}

/** The token in the body of an answer to a login, of either version. */
export function tokenIn(body: JsonObject): Token {
  const { token, access } = body as { readonly token?: Token; readonly access?: Access }
  if (access === undefined) return token ?? {}
  const { user, token: { tenant } = {}, serviceCatalog: services = [] } = access
  return {
    ...(user === undefined ? {} : { user }),
    ...(tenant === undefined ? {} : { project: tenant }),
    catalog: services.map(({ name = '', type, endpoints = [] }) => ({
      name,
      type,
      endpoints: endpoints.flatMap((one) =>
        ['public', 'internal', 'admin'].flatMap((interface_) => {
          const url = one[`${interface_}URL`]
          return url === undefined ? [] : [{ interface: interface_, region: one.region ?? null, url }]
        }),
      ),
    })),
  }
}
