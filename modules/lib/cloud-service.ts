import { tokenCatalog, type TokenCatalog } from '../facts/keystone-token.ts'
import type { HostState } from '../module.ts'
import { keystoneOf, keystoneProperties, type KeystoneArgs } from './keystone-args.ts'
import type { KeystoneAccess } from './keystone-step.ts'

/** The arguments by which a module finds a service in the catalogue of Keystone. */
export const cloudProperties = {
  ...keystoneProperties,
  interface: {
    type: 'string',
    enum: ['public', 'internal', 'admin'],
    default: 'public',
    description: 'The interface.',
    since: '0.1.0',
  },
  region: {
    type: 'string',
    aliases: ['region_name'],
    description: 'The region; that of the login where unset, and then any.',
    since: '0.1.0',
  },
} as const

export interface CloudArgs extends KeystoneArgs {
  readonly interface: string
  readonly region?: string | undefined
}

/** Who has logged in where, and what the catalogue then shows. */
export interface Cloud extends KeystoneAccess {
  readonly token: Extract<TokenCatalog, { kind: 'known' }>
  readonly interface: string
  readonly region: string | undefined
}

/** A service with an API of its own, which takes Keystone's tokens. */
export interface CloudService extends KeystoneAccess {
  /** What people call it: `Octavia`. */
  readonly called: string
  readonly origin: string
  /** What all paths of the API begin with. */
  readonly base: string
  /** The project whose things are meant. */
  readonly project: string | null
}

/** Logs in as the arguments say; a string says what is missing. */
export async function cloudOf(host: HostState, args: CloudArgs): Promise<Cloud | string> {
  const keystone = await keystoneOf(host, args)
  if (typeof keystone === 'string') return keystone
  const token = await host.get(tokenCatalog(keystone.login, keystone.way))
  if (token.kind === 'unknown') return token.message
  return { ...keystone, token, interface: args.interface, region: args.region ?? keystone.login.region }
}

/** Where the catalogue says that a service is, by its type or name. */
export function urlIn(
  { token, interface: name, region }: Pick<Cloud, 'token' | 'interface' | 'region'>,
  called: string,
): { readonly url: string } | { readonly problem: string } {
  const services = token.services.filter((one) => one.type === called || one.name === called)
  if (services.length === 0) {
    const known = token.services
      .map((one) => `${one.name} (${one.type})`)
      .toSorted()
      .join(', ')
    return { problem: `the catalogue has no service ${called}: it has ${known === '' ? 'none' : known}` }
  }
  const urls = services
    .flatMap(({ endpoints }) => endpoints)
    .filter((one) => one.interface === name && (region === undefined || one.region === region))
    .map(({ url }) => url)
  const [url] = urls
  const where = region === undefined ? '' : ` in ${region}`
  if (url === undefined) return { problem: `the catalogue has no ${name} endpoint of ${called}${where}` }
  return URL.canParse(url) ? { url } : { problem: `the ${name} endpoint of ${called}${where} is no url: ${url}` }
}

/** Load balancers: https://docs.openstack.org/api-ref/load-balancer/v2/ */
export const octaviaOf = (cloud: Cloud): CloudService | string =>
  serviceOf(cloud, {
    called: 'Octavia',
    type: 'load-balancer',
    version: '/v2/lbaas',
    written: /\/v2(\.\d+)?(\/lbaas)?$/,
  })

/** Networks: https://docs.openstack.org/api-ref/network/v2/ */
export const neutronOf = (cloud: Cloud): CloudService | string =>
  serviceOf(cloud, { called: 'Neutron', type: 'network', version: '/v2.0', written: /\/v2(\.0)?$/ })

/** An endpoint may name the version, or leave it to who asks. */
function serviceOf(
  cloud: Cloud,
  api: { readonly called: string; readonly type: string; readonly version: string; readonly written: RegExp },
): CloudService | string {
  const found = urlIn(cloud, api.type)
  if ('problem' in found) return found.problem
  const { origin, pathname } = new URL(found.url)
  const base = `${pathname.replace(/\/+$/, '').replace(api.written, '')}${api.version}`
  return { called: api.called, origin, base, login: cloud.login, way: cloud.way, project: cloud.token.project }
}
