import { tokenIn, type TokenEndpoint, type TokenService } from '../../../modules/lib/keystone-token-body.ts'
import type { JsonObject } from '../../../schema/infer.ts'

/** What a token says of where services are. */
export type Catalog = readonly TokenService[]

/** The catalogue in Keystone's answer to a login; empty for a token without a project. */
export const catalogIn = (body: JsonObject): Catalog => tokenIn(body).catalog ?? []

/** Where a service is; a string says that the catalogue does not know, and what it knows. */
export function endpointFor(
  catalog: Catalog,
  wanted: { readonly type: string; readonly interface: string; readonly region: string | undefined },
): { readonly url: string; readonly region: string } | string {
  const there = catalog.filter(({ type }) => type === wanted.type).flatMap(({ endpoints = [] }) => endpoints)
  const found = there.find(
    (one) => one.interface === wanted.interface && (wanted.region === undefined || regionOf(one) === wanted.region),
  )
  if (found !== undefined && URL.canParse(found.url)) return { url: found.url, region: regionOf(found) }
  if (found !== undefined) return `the catalogue has "${found.url}" for the ${wanted.type} service, which is no url`
  const what = `${wanted.interface} endpoint of a ${wanted.type} service${wanted.region === undefined ? '' : ` in region ${wanted.region}`}`
  const known = there.map((one) => `${one.interface} in ${regionOf(one) || 'no region'}`)
  if (known.length > 0) return `the catalogue has no ${what}, but ${known.join(', ')}: check region_name and interface`
  const types = [...new Set(catalog.map(({ type }) => type))]
  return `the catalogue has no ${what}; it has ${types.join(', ')}: is the cloud one with servers?`
}

const regionOf = (endpoint: TokenEndpoint): string => endpoint.region_id ?? endpoint.region ?? ''
