import { Address4, Address6 } from 'ip-address'
import type { IpVersion, Names } from './iptables-names.ts'

/** An address or network as iptables-save writes it (`10.0.0.0/24`); null for one that is any; as it is where it is a name. */
export function network(text: string, version: IpVersion): string | null {
  try {
    const [host = '', mask] = text.split('/')
    const bits = mask === undefined ? null : maskBits(mask)
    if (bits === undefined) return text
    const written = bits === null ? host : `${host}/${bits}`
    const parsed = version === 'ipv4' ? new Address4(written) : new Address6(written)
    if (parsed.subnetMask === 0) return null
    return `${address(parsed.startAddress())}/${parsed.subnetMask}`
  } catch {
    return text
  }
}

/** `24` and `255.255.255.0` as bits; null where none are given, undefined where they are no prefix. */
function maskBits(mask: string): number | undefined {
  if (!mask.includes('.')) return /^\d+$/.test(mask) ? Number(mask) : undefined
  const bits = mask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('')
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined
}

/** inet_ntop(3): the form that iptables-save prints, with IPv4 in the end of mapped addresses. */
function address(of: Address4 | Address6): string {
  if (of instanceof Address4) return of.correctForm()
  return of.isInSubnet(new Address6('::ffff:0:0/96')) ? `::ffff:${of.to4().correctForm()}` : of.correctForm()
}

/** A port or a range: named ports by number, open ends closed. */
export function port(text: string, names: Names, protocol: string): string {
  const ends = text.split(':')
  if (ends.length > 2) return text
  const [first = '', last] = ends.map(
    (end) => names.services.get(`${end}/${protocol}`) ?? names.services.get(end) ?? end.replace(/^0+(?=\d)/, ''),
  )
  if (last === undefined) return first
  const [from, to] = [first === '' ? '0' : first, last === '' ? '65535' : last]
  return from === to ? from : `${from}:${to}`
}

/** Several ports, each once, in the order of their numbers. */
export function ports(text: string, names: Names, protocol: string): string {
  const all = text.split(',').map((one) => port(one.trim(), names, protocol))
  return [...new Set(all)].toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10) || (a < b ? -1 : 1)).join(',')
}

/** Words of a list with commas, in a fixed order and each once. */
export const wordSet = (text: string, order: readonly string[]): string =>
  [...new Set(text.toUpperCase().split(','))]
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b) || (a < b ? -1 : 1))
    .join(',')

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG']
/** TCP flags; `ALL` is all of them. */
export const tcpFlags = (text: string): string =>
  text.toUpperCase() === 'ALL' ? FLAGS.join(',') : wordSet(text, FLAGS)

/** Seconds of the units of a rate, the largest first. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['min', 60],
  ['sec', 1],
] as const
/** A rate as xt_limit prints it: kept in 1/10000 s from packet to packet, in the smallest unit that tells it well (`60/minute` is `1/sec`). */
export function rate(text: string): string {
  const [count = '', unit = 'sec'] = text.split('/')
  const seconds = UNITS.find(([name]) => unit !== '' && name[0] === unit[0]?.toLowerCase())?.[1]
  if (!/^[1-9]\d*$/.test(count) || seconds === undefined) return text
  const period = Math.floor((10_000 * seconds) / Number(count))
  if (period === 0) return text
  let told = `${Math.floor(864_000_000 / period)}/day`
  for (const [name, length] of UNITS.slice(1)) {
    const whole = 10_000 * length
    if (period > whole || Math.floor(whole / period) < whole % period) break
    told = `${Math.floor(whole / period)}/${name}`
  }
  return told
}

/** A number in hexadecimal, as marks are written. */
export const hex = (text: string): string =>
  /^(?:0x[\da-f]+|\d+)$/i.test(text) ? `0x${Number(text).toString(16)}` : text
