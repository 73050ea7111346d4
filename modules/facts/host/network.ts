import type { JsonObject } from '../../../schema/infer.ts'
import { fileText, firstLine, namesBelow, sectionText, type Reading } from './reading.ts'

interface Ipv4 {
  readonly address: string
  readonly broadcast: string
  readonly netmask: string
  readonly network: string
  readonly prefix: string
}
interface Ipv6 {
  readonly address: string
  readonly prefix: string
  readonly scope: string
}
/** Linux's if_arp.h, as far as Ansible has names for it. */
const TYPES: { readonly [arp: string]: string } = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
}
const IFF_PROMISC = 0x100

/** Ansible's network facts: one for each interface, under its name, and the default routes. */
export function network(reading: Reading): JsonObject {
  const names = namesBelow(reading, '/sys/class/net').filter((name) => name !== 'bonding_masters')
  const v4 = ipv4Addresses(sectionText(reading, 'addresses'))
  const v6 = ipv6Addresses(fileText(reading, '/proc/net/if_inet6'))
  const facts = new Map(
    names.map((name) => [name, interfaceFacts(reading, name, v4.get(name) ?? [], v6.get(name) ?? [])]),
  )
  const all = [...v4.values()].flat()
  return {
    interfaces: [...names],
    ...Object.fromEntries([...facts].map(([name, value]) => [name.replaceAll(/[-.:]/g, '_'), value])),
    all_ipv4_addresses: all.filter(({ address }) => !address.startsWith('127.')).map(({ address }) => address),
    all_ipv6_addresses: [...v6.values()]
      .flat()
      .filter(({ address }) => address !== '::1')
      .map(({ address }) => address),
    default_ipv4: default4(reading, facts, v4),
    default_ipv6: default6(reading, facts, v6),
    dns: dns(fileText(reading, '/etc/resolv.conf')),
  }
}

function interfaceFacts(reading: Reading, name: string, v4: readonly Ipv4[], v6: readonly Ipv6[]): JsonObject {
  const at = (file: string): string | undefined => firstLine(reading, `/sys/class/net/${name}/${file}`)
  const mac = at('address')
  const bridge = at('bridge/stp_state') !== undefined
  const slaves = at('bonding/mode') === undefined ? undefined : (at('bonding/slaves') ?? '').split(' ').filter(Boolean)
  const [first, ...others] = v4
  const speed = at('speed')
  return {
    device: name,
    active: at('operstate') !== 'down',
    mtu: Number(at('mtu') ?? 0),
    type: bridge ? 'bridge' : slaves ? 'bonding' : (TYPES[at('type') ?? ''] ?? 'unknown'),
    promisc: (Number(at('flags') ?? 0) & IFF_PROMISC) !== 0,
    ...(mac === undefined || mac === '00:00:00:00:00:00' ? {} : { macaddress: mac }),
    ...(speed === undefined ? {} : { speed: Number(speed) }),
    ...(slaves === undefined ? {} : { slaves, mode: at('bonding/mode')?.split(' ')[0] ?? '' }),
    ...(first === undefined ? {} : { ipv4: { ...first } }),
    ...(others.length === 0 ? {} : { ipv4_secondaries: others.map((one) => ({ ...one })) }),
    ...(v6.length === 0 ? {} : { ipv6: v6.map((one) => ({ ...one })) }),
  }
}

/** `ip -4 -o addr show`: `2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\…`. */
export function ipv4Addresses(text: string): ReadonlyMap<string, readonly Ipv4[]> {
  const found = new Map<string, Ipv4[]>()
  for (const line of text.split('\n')) {
    const match = /^\d+:\s+([^\s@]+)\S*\s+inet ([\d.]+)(?: peer [\d.]+)?(?:\/(\d+))?(.*)$/.exec(line)
    if (!match) continue
    const [, name = '', address = '', prefix = '32', rest = ''] = match
    const mask = Number(prefix) === 0 ? 0 : (0xffffffff << (32 - Number(prefix))) >>> 0
    const broadcast = /\bbrd ([\d.]+)/.exec(rest)?.[1] ?? ''
    const list = found.get(name) ?? []
    list.push({ address, broadcast, netmask: dotted(mask), network: dotted((numeric(address) & mask) >>> 0), prefix })
    found.set(name, list)
  }
  return found
}

const numeric = (address: string): number => address.split('.').reduce((all, part) => all * 256 + Number(part), 0)
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')

const REACH = ['global', 'site', 'link', 'host']

/** The scopes of /proc/net/if_inet6, which has a line `address index prefix scope flags name`, all hexadecimal. */
const SCOPES: { readonly [code: string]: string } = { '00': 'global', '10': 'host', '20': 'link', '40': 'site' }
export function ipv6Addresses(text: string): ReadonlyMap<string, readonly Ipv6[]> {
  const found = new Map<string, Ipv6[]>()
  for (const line of text.split('\n')) {
    const [hex, , prefix, scope, , name] = line.trim().split(/\s+/)
    if (!hex || !prefix || !scope || !name) continue
    const one = {
      address: shortIpv6(hex),
      prefix: String(Number.parseInt(prefix, 16)),
      scope: SCOPES[scope] ?? 'global',
    }
    // As ip shows them: what reaches farthest first.
    found.set(
      name,
      [...(found.get(name) ?? []), one].toSorted((a, b) => REACH.indexOf(a.scope) - REACH.indexOf(b.scope)),
    )
  }
  return found
}

/** 32 hexadecimal digits → the canonical text (RFC 5952). */
export function shortIpv6(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''))
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)]
  const longest = runs.toSorted((a, b) => b[0].replace(/^:/, '').length - a[0].replace(/^:/, '').length)[0]
  if (!longest) return groups.join(':')
  const whole = groups.join(':')
  const start = longest.index
  return `${whole.slice(0, start)}::${whole.slice(start + longest[0].length).replace(/^:/, '')}`
}

/** /proc/net/route: addresses as little-endian hexadecimal numbers. */
function default4(
  reading: Reading,
  facts: ReadonlyMap<string, JsonObject>,
  v4: ReadonlyMap<string, readonly Ipv4[]>,
): JsonObject {
  const routes = fileText(reading, '/proc/net/route')
    .split('\n')
    .map((line) => line.split(/\s+/))
  const ways = routes.filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
  const [best] = ways.toSorted((a, b) => Number(a[6]) - Number(b[6]))
  const [name, , gateway] = best ?? []
  if (!name || !gateway) return {}
  const bytes = (gateway.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16))
  const [address] = v4.get(name) ?? []
  return { ...common(facts, name), ...address, gateway: bytes.join('.'), alias: name }
}

/** /proc/net/ipv6_route: destination, its length, …, gateway (5th), metric (6th), …, device (10th). */
function default6(
  reading: Reading,
  facts: ReadonlyMap<string, JsonObject>,
  v6: ReadonlyMap<string, readonly Ipv6[]>,
): JsonObject {
  const routes = fileText(reading, '/proc/net/ipv6_route')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const none = '0'.repeat(32)
  const ways = routes.filter(
    ([to, length, , , gateway, , , , , device]) =>
      to === none && length === '00' && gateway !== none && device !== 'lo',
  )
  const [best] = ways.toSorted((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16))
  const name = best?.[9]
  if (!name) return {}
  const address = v6.get(name)?.find(({ scope }) => scope === 'global')
  return { ...common(facts, name), ...address, gateway: shortIpv6(best[4] ?? '') }
}

function common(facts: ReadonlyMap<string, JsonObject>, name: string): JsonObject {
  const { macaddress, mtu, type } = facts.get(name) ?? {}
  return {
    interface: name,
    ...(macaddress === undefined ? {} : { macaddress }),
    mtu: mtu ?? 0,
    type: type ?? 'unknown',
  }
}

/** resolv.conf(5). */
function dns(text: string): JsonObject {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const nameservers = lines.filter(([word]) => word === 'nameserver').flatMap(([, server]) => server ?? [])
  const search = lines.findLast(([word]) => word === 'search')?.slice(1)
  const domain = lines.findLast(([word]) => word === 'domain')?.[1]
  const options = lines
    .filter(([word]) => word === 'options')
    .flatMap(([, ...words]) => words.map((word) => word.split(':')))
  return {
    nameservers,
    ...(search ? { search } : {}),
    ...(domain ? { domain } : {}),
    ...(options.length > 0
      ? { options: Object.fromEntries(options.map(([key = '', value]) => [key, value ?? true])) }
      : {}),
  }
}
