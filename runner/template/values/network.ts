import { Address6 } from 'ip-address'
import { isInteger } from './types.ts'

/** An address, with the length of the network's prefix that was written behind it; without one, that of the whole address. */
export interface Network {
  readonly version: 4 | 6
  readonly address: bigint
  readonly prefix: number
  readonly hasPrefix: boolean
}

export const width = ({ version }: Pick<Network, 'version'>): number => (version === 4 ? 32 : 128)
export const sizeOf = (network: Network): bigint => 1n << BigInt(width(network) - network.prefix)
export const firstOf = (network: Network): bigint => network.address & ~(sizeOf(network) - 1n)
export const lastOf = (network: Network): bigint => firstOf(network) + sizeOf(network) - 1n
export const maskOf = (network: Network): bigint => (1n << BigInt(width(network))) - sizeOf(network)
/** Whether it is a network and not an address in one. */
export const isNetwork = (network: Network): boolean => sizeOf(network) > 1n && network.address === firstOf(network)
export const contains = (outer: Network, inner: Network): boolean =>
  outer.version === inner.version && firstOf(outer) <= firstOf(inner) && lastOf(inner) <= lastOf(outer)

/** The address as people write it. */
export function addressText(version: 4 | 6, address: bigint): string {
  if (version === 4) return dotted(address)
  const high = address >> 32n
  // As inet_ntop(3) does: addresses that hold one of version 4 end in it.
  if (high === 0xffffn || (high === 0n && address > 0xffffn))
    return `::${high === 0n ? '' : 'ffff:'}${dotted(address & 0xffffffffn)}`
  return Address6.fromBigInt(address).correctForm()
}

export function cidrText(network: Network, address = network.address): string {
  return `${addressText(network.version, address)}/${network.prefix}`
}

export function networkText(network: Network): string {
  return network.hasPrefix ? cidrText(network) : addressText(network.version, network.address)
}

function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.')
}

/** Reads `10.1.2.3/16`, `2001:db8::/32`, `10.1.2.3/255.255.0.0` or an integer; null where it is none of these. */
export function readNetwork(value: unknown): Network | null {
  if (isInteger(value)) return ofInteger(BigInt(value))
  if (typeof value !== 'string') return null
  const [head = '', tail, more] = value.trim().split('/')
  const address = more === undefined ? readAddress(head) : null
  if (!address || tail === undefined) return address
  const prefix = readPrefix(tail, address.version)
  return prefix === null ? null : { ...address, prefix, hasPrefix: true }
}

function readAddress(text: string): Network | null {
  if (/^\d+$/.test(text)) return ofInteger(BigInt(text))
  if (text.includes(':')) {
    if (text.includes('%') || !Address6.isValid(text)) return null
    return { version: 6, address: new Address6(text).bigInt(), prefix: 128, hasPrefix: false }
  }
  const address = readDotted(text)
  return address === null ? null : { version: 4, address, prefix: 32, hasPrefix: false }
}

/** Parts that are missing at the end are zero: 10.1 is 10.1.0.0. */
function readDotted(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length > 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null
  return [0, 1, 2, 3].reduce((sum, at) => sum * 256n + BigInt(parts[at] ?? '0'), 0n)
}

function ofInteger(value: bigint): Network | null {
  if (value < 0n || value >= 1n << 128n) return null
  const version = value < 1n << 32n ? 4 : 6
  return { version, address: value, prefix: version === 4 ? 32 : 128, hasPrefix: false }
}

/** The length of a prefix, also of one that is written as a netmask or a hostmask. */
function readPrefix(text: string, version: 4 | 6): number | null {
  const bits = width({ version })
  if (/^\d+$/.test(text)) return Number(text) <= bits ? Number(text) : null
  const mask = version === 4 && text.includes('.') ? readDotted(text) : null
  if (mask === null) return null
  const all = (1n << BigInt(bits)) - 1n
  const inverse = mask >> 31n === 1n ? mask ^ all : mask
  return (inverse & (inverse + 1n)) === 0n ? bits - inverse.toString(2).replace(/^0$/, '').length : null
}
