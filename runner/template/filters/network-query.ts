import { normal } from '../operators.ts'
import {
  addressText,
  cidrText,
  contains,
  firstOf,
  isNetwork,
  lastOf,
  maskOf,
  networkText,
  readNetwork,
  sizeOf,
  width,
  type Network,
} from '../values/network.ts'
import { fail } from '../values/types.ts'

type Query = (network: Network) => unknown

const text = (network: Network, address: bigint): string => addressText(network.version, address)
const hostmask = (network: Network): string => text(network, sizeOf(network) - 1n)
const onlyHost =
  (show: Query): Query =>
  (network) =>
    isNetwork(network) ? null : show(network)
const withPrefix =
  (show: Query): Query =>
  (network) =>
    isNetwork(network) || sizeOf(network) === 1n ? null : show(network)
const when =
  (holds: (network: Network) => boolean): Query =>
  (network) =>
    holds(network) ? networkText(network) : null
const host = onlyHost((network) => cidrText(network))
const ip = onlyHost((network) => text(network, network.address))
const network = (of: Network): string => text(of, firstOf(of))
const subnet = (of: Network): string => cidrText(of, firstOf(of))

/** The first and last address that hosts may have, or null where there are none. */
export function usable(of: Network): readonly [bigint, bigint] | null {
  const size = sizeOf(of)
  if (size === 1n) return null
  return size === 2n ? [firstOf(of), lastOf(of)] : [firstOf(of) + 1n, lastOf(of) - 1n]
}

const ofUsable =
  (show: (range: readonly [bigint, bigint], of: Network) => unknown): Query =>
  (of) => {
    if (!of.hasPrefix) fail(`${networkText(of)} is not a network address`, 'write the prefix behind it, like /24')
    const range = usable(of)
    return range && show(range, of)
  }

/** The address so many places on, where hosts may have it. */
export function nextUsable(of: Network, by: bigint): string | null {
  const range = usable(of)
  const address = of.address + by
  return range && address >= range[0] && address <= range[1] ? text(of, address) : null
}

function peer(of: Network): string {
  if (!of.hasPrefix) fail(`${networkText(of)} is not a network address`)
  if (sizeOf(of) === 2n) return text(of, of.address ^ 1n)
  if (sizeOf(of) !== 4n) fail(`${networkText(of)} is not a point-to-point network`)
  if (of.address === firstOf(of) || of.address === lastOf(of)) fail(`${networkText(of)} has no peer`)
  return text(of, of.address ^ 3n)
}

function reverse({ version, address }: Network): string {
  if (version === 4) return `${addressText(4, address).split('.').toReversed().join('.')}.in-addr.arpa.`
  return `${address.toString(16).padStart(32, '0').split('').toReversed().join('.')}.ip6.arpa.`
}

const inside = (...networks: readonly string[]): ((of: Network) => boolean) => {
  const all = networks.map(readNetwork)
  return ({ version, address }) =>
    all.some((one) => one?.version === version && address >= firstOf(one) && address <= lastOf(one))
}
const isLoopback = inside('127.0.0.0/8', '::1/128')
const isLinkLocal = inside('169.254.0.0/16', 'fe80::/10')
const isMulticast = inside('224.0.0.0/4', 'ff00::/8')
/** As the library netaddr counts, which ansible.utils uses. */
const privateNetworks =
  '10.0.0.0/8 100.64.0.0/10 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 239.0.0.0/8 fc00::/7 fe80::/10 fec0::/10'
const isPrivate = inside(...privateNetworks.split(' '))
const isMask = (of: Network): boolean => {
  const all = (1n << BigInt(width(of))) - 1n
  return [of.address, of.address ^ all].some((mask) => (mask & (mask + 1n)) === 0n)
}
const isPublic = (of: Network): boolean => !isMulticast(of) && !isPrivate(of) && !isLoopback(of) && !isMask(of)

function toVersion4(of: Network): string | null {
  if (of.version === 4) return networkText(of)
  const high = of.address >> 32n
  if ((high !== 0n && high !== 0xffffn) || of.prefix < 96) return null
  return `${addressText(4, of.address & 0xffffffffn)}/${of.prefix - 96}`
}

function to6to4({ version, address }: Network): string | null {
  if (version === 6) return null
  const hex = address.toString(16).padStart(8, '0')
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`
}

export const wrapped = (of: Network): string =>
  of.version === 4 ? networkText(of) : networkText(of).replace(/^[^/]*/, '[$&]')

const queries: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', networkText],
  ['bool', () => true],
  ['address', ip],
  ['ip', ip],
  ['host', host],
  ['host/prefix', host],
  ['hostnet', host],
  ['address/prefix', host],
  ['gateway', host],
  ['gw', host],
  ['router', host],
  ['ip/prefix', withPrefix((of) => cidrText(of))],
  ['ip_netmask', withPrefix((of) => `${text(of, of.address)} ${text(of, maskOf(of))}`)],
  ['cidr', (of) => cidrText(of)],
  ['net', (of) => (isNetwork(of) ? cidrText(of) : null)],
  ['network', network],
  ['network_id', network],
  ['subnet', subnet],
  ['network/prefix', subnet],
  ['network_netmask', (of) => `${network(of)} ${text(of, maskOf(of))}`],
  ['network_wildcard', (of) => `${network(of)} ${hostmask(of)}`],
  ['netmask', (of) => text(of, maskOf(of))],
  ['hostmask', hostmask],
  ['wildcard', hostmask],
  ['prefix', (of) => of.prefix],
  ['size', (of) => normal(sizeOf(of))],
  ['size_usable', (of) => (sizeOf(of) === 1n ? 0 : sizeOf(of) === 2n ? 2 : normal(sizeOf(of) - 2n))],
  ['broadcast', (of) => (sizeOf(of) <= 2n ? null : text(of, lastOf(of)))],
  ['first_usable', ofUsable(([first], of) => text(of, first))],
  ['last_usable', ofUsable(([, last], of) => text(of, last))],
  ['range_usable', ofUsable(([first, last], of) => `${text(of, first)}-${text(of, last)}`)],
  ['next_usable', ofUsable((_, of) => nextUsable(of, 1n))],
  ['previous_usable', ofUsable((_, of) => nextUsable(of, -1n))],
  ['peer', peer],
  ['int', (of) => (sizeOf(of) === 1n ? normal(of.address) : `${of.address}/${of.prefix}`)],
  ['type', (of) => (isNetwork(of) ? 'network' : 'address')],
  ['version', (of) => of.version],
  ['revdns', reverse],
  ['wrap', wrapped],
  ['loopback', when(isLoopback)],
  ['link-local', when(isLinkLocal)],
  ['multicast', when(isMulticast)],
  ['unicast', when((of) => !isMulticast(of))],
  ['private', when(isPrivate)],
  ['public', when(isPublic)],
  ['ipv4', toVersion4],
  ['v4', toVersion4],
  [
    'ipv6',
    (of) => (of.version === 6 ? networkText(of) : `${addressText(6, (0xffffn << 32n) + of.address)}/${of.prefix + 96}`),
  ],
  ['6to4', to6to4],
])

/** What `ipaddr(query)` says of one address: a named question, the n-th address of the network, or whether it is in another network. */
export function ask(of: Network, query: string): unknown {
  const named = queries.get(query)
  if (named) return named(of)
  if (/^-?\d+$/.test(query)) {
    const at = BigInt(query) < 0n ? sizeOf(of) + BigInt(query) : BigInt(query)
    return at >= 0n && at < sizeOf(of) && cidrText(of, firstOf(of) + at)
  }
  const outer = readNetwork(query)
  if (outer) return contains(outer, isNetwork(of) ? of : { ...of, prefix: width(of) }) && networkText(of)
  return fail(`ipaddr has no query '${query}'`)
}
