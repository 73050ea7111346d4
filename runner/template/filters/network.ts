import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import {
  addressText,
  cidrText,
  contains,
  firstOf,
  isNetwork,
  lastOf,
  readNetwork,
  sizeOf,
  width,
  type Network,
} from '../values/network.ts'
import { str, typeName } from '../values/python-text.ts'
import { index, iterate } from '../values/sequence.ts'
import { fail, isInteger, isMapping } from '../values/types.ts'
import { ask, nextUsable, usable, wrapped } from './network-query.ts'
import { mergeNetworks, spanNetworks } from './network-merge.ts'

/** `ipaddr` and its kin: an answer for one address, or those that are not false for a list of them. */
function answer(value: unknown, query: string, version: 4 | 6 | null): unknown {
  if (Array.isArray(value))
    return (value as unknown[]).map((one) => answer(one, query, version)).filter((one) => truthy(one))
  if (isMapping(value)) fail('ipaddr needs text or a list, not a mapping')
  const network = readNetwork(value)
  if (!network || (version !== null && network.version !== version)) return false
  return ask(network, query)
}

const asking = (version: 4 | 6 | null): Routine =>
  routine('query? version?', (_: Context, value: unknown, query: unknown = '', only: unknown = null) =>
    answer(value, str(query), only === 4 || only === 6 ? only : version),
  )

function need(value: unknown, what = 'this'): Network {
  return readNetwork(value) ?? fail(`${what} needs an IP address or network, not ${str(value)} (${typeName(value)})`)
}

/** `ipsubnet`: how many subnets there are, the n-th of them, the network around an address, or the place of a subnet in another. */
function subnets(value: unknown, query: unknown, at: unknown): unknown {
  const network = readNetwork(value)
  if (!network) return false
  if (query === '') return cidrText(network, firstOf(network))
  if (!isInteger(query) && !/^\d+$/.test(str(query))) return placeIn(need(query, 'ipsubnet'), network)
  const prefix = Number(query)
  if (isNetwork(network)) {
    if (prefix < network.prefix || prefix > width(network)) return false
    const count = 1n << BigInt(prefix - network.prefix)
    if (at === null) return String(count)
    const nth = BigInt(index(at)) < 0n ? count + BigInt(index(at)) : BigInt(index(at))
    if (nth < 0n || nth >= count) return false
    const each = sizeOf({ ...network, prefix })
    return cidrText({ ...network, prefix }, firstOf(network) + nth * each)
  }
  if (sizeOf(network) > 1n || prefix > width(network)) return false
  if (at === null) return cidrText({ ...network, prefix }, firstOf({ ...network, prefix }))
  const around = Array.from({ length: width(network) - prefix }, (_, more) => ({
    ...network,
    prefix: prefix + more,
  })).at(index(at))
  return around ? cidrText(around, firstOf(around)) : false
}

function placeIn(outer: Network, inner: Network): string {
  if (!contains(outer, inner)) fail(`${cidrText(inner)} is not in the subnet ${cidrText(outer)}`)
  return String((firstOf(inner) - firstOf(outer)) / sizeOf(inner) + 1n)
}

const step = (sign: 1n | -1n): Routine =>
  routine('offset', (_: Context, value: unknown, offset: unknown) =>
    nextUsable(need(value, 'this filter'), sign * BigInt(index(offset))),
  )

const within = (rangeOf: (network: Network) => readonly [bigint, bigint] | null): Routine =>
  routine('test', (_: Context, value: unknown, test: unknown) => {
    const [outer, inner] = [need(value), need(test)]
    const range = rangeOf(outer)
    return range !== null && outer.version === inner.version && firstOf(inner) >= range[0] && lastOf(inner) <= range[1]
  })

/** Anything but an address stays as it is. */
function wrap(value: unknown): unknown {
  const network = readNetwork(value)
  return network ? wrapped(network) : value
}

export const networkFilters: Routines = new Map([
  ['ipaddr', asking(null)],
  ['ipv4', asking(4)],
  ['ipv6', asking(6)],
  [
    'ipwrap',
    routine('query?', (_, value: unknown) => (Array.isArray(value) ? (value as unknown[]).map(wrap) : wrap(value))),
  ],
  [
    'ipsubnet',
    routine('query? index?', (_, value: unknown, query: unknown = '', at: unknown = null) => subnets(value, query, at)),
  ],
  [
    'ipmath',
    routine('amount', (_, value: unknown, amount: unknown) => {
      const { version, address } = need(value, 'ipmath')
      return addressText(version, address + BigInt(index(amount, 'the amount')))
    }),
  ],
  ['next_nth_usable', step(1n)],
  ['previous_nth_usable', step(-1n)],
  ['network_in_usable', within(usable)],
  ['network_in_network', within((network) => [firstOf(network), lastOf(network)])],
  [
    'nthhost',
    routine('query', (_, value: unknown, query: unknown) => {
      const network = need(value, 'nthhost')
      const nth = BigInt(index(query)) < 0n ? sizeOf(network) + BigInt(index(query)) : BigInt(index(query))
      return nth >= 0n && nth < sizeOf(network) && addressText(network.version, firstOf(network) + nth)
    }),
  ],
  [
    'reduce_on_network',
    routine('network', (_, value: unknown, network: unknown) =>
      iterate(value).filter((one) => contains(need(network), need(one))),
    ),
  ],
  [
    'cidr_merge',
    routine('action?', (_, value: unknown, action: unknown = 'merge') => {
      const networks = iterate(value).map((one) => need(one, 'cidr_merge'))
      if (action === 'merge') return mergeNetworks(networks)
      return action === 'span' ? spanNetworks(networks) : fail(`cidr_merge has no action '${str(action)}'`)
    }),
  ],
  [
    'ip4_hex',
    routine('delimiter?', (_, value: unknown, delimiter: unknown = '') =>
      (need(value).address.toString(16).padStart(8, '0').match(/../g) ?? []).join(str(delimiter)),
    ),
  ],
])
