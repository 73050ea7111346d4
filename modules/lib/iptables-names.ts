/** Which of the two packet filters. */
export type IpVersion = 'ipv4' | 'ipv6'

/** Names that the host gives to numbers: services as `ssh` or `ssh/tcp`, users and groups. What it does not know stays a name. */
export interface Names {
  readonly services: ReadonlyMap<string, string>
  readonly users: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
}
export const NO_NAMES: Names = { services: new Map(), users: new Map(), groups: new Map() }

const PROTOCOLS: Readonly<Record<string, string>> = {
  '0': 'all',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '33': 'dccp',
  '41': 'ipv6',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '58': 'ipv6-icmp',
  '89': 'ospf',
  '103': 'pim',
  '112': 'vrrp',
  '132': 'sctp',
  '135': 'ipv6-mh',
  '136': 'udplite',
  icmpv6: 'ipv6-icmp',
  mh: 'ipv6-mh',
}
/** A protocol as iptables-save writes it; `all` for any. */
export const protocolName = (text: string): string => PROTOCOLS[text.toLowerCase()] ?? text.toLowerCase()

/** icmp(7) and RFC 4443: the names that iptables takes, as iptables-save writes them. */
const ICMP: Readonly<Record<string, string>> = {
  'echo-reply': '0',
  pong: '0',
  'destination-unreachable': '3',
  'network-unreachable': '3/0',
  'host-unreachable': '3/1',
  'protocol-unreachable': '3/2',
  'port-unreachable': '3/3',
  'fragmentation-needed': '3/4',
  'source-route-failed': '3/5',
  'network-unknown': '3/6',
  'host-unknown': '3/7',
  'network-prohibited': '3/9',
  'host-prohibited': '3/10',
  'communication-prohibited': '3/13',
  'source-quench': '4',
  redirect: '5',
  'echo-request': '8',
  ping: '8',
  'router-advertisement': '9',
  'router-solicitation': '10',
  'time-exceeded': '11',
  'ttl-exceeded': '11',
  'ttl-zero-during-transit': '11/0',
  'ttl-zero-during-reassembly': '11/1',
  'parameter-problem': '12',
  'timestamp-request': '13',
  'timestamp-reply': '14',
  'address-mask-request': '17',
  'address-mask-reply': '18',
}
const ICMP6: Readonly<Record<string, string>> = {
  'destination-unreachable': '1',
  'no-route': '1/0',
  'communication-prohibited': '1/1',
  'beyond-scope': '1/2',
  'address-unreachable': '1/3',
  'port-unreachable': '1/4',
  'failed-policy': '1/5',
  'reject-route': '1/6',
  'packet-too-big': '2',
  'time-exceeded': '3',
  'ttl-exceeded': '3',
  'ttl-zero-during-transit': '3/0',
  'ttl-zero-during-reassembly': '3/1',
  'parameter-problem': '4',
  'bad-header': '4/0',
  'unknown-header-type': '4/1',
  'unknown-option': '4/2',
  'echo-request': '128',
  ping: '128',
  'echo-reply': '129',
  pong: '129',
  'router-solicitation': '133',
  'router-advertisement': '134',
  'neighbour-solicitation': '135',
  'neighbor-solicitation': '135',
  'neighbour-advertisement': '136',
  'neighbor-advertisement': '136',
  redirect: '137',
}
/** An ICMP type as iptables-save writes it. */
export const icmpType = (text: string, version: IpVersion): string =>
  (version === 'ipv4' ? ICMP : ICMP6)[text.toLowerCase()] ?? text.toLowerCase()

const REJECTS: Readonly<Record<string, string>> = {
  'net-unreach': 'icmp-net-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'proto-unreach': 'icmp-proto-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'net-prohib': 'icmp-net-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'admin-prohib': 'icmp-admin-prohibited',
  'tcp-rst': 'tcp-reset',
}
const REJECTS6: Readonly<Record<string, string>> = {
  'no-route': 'icmp6-no-route',
  'adm-prohibited': 'icmp6-adm-prohibited',
  'addr-unreach': 'icmp6-addr-unreachable',
  'port-unreach': 'icmp6-port-unreachable',
}
/** What REJECT answers with, as iptables-save writes it. */
export const rejectWith = (text: string, version: IpVersion): string =>
  (version === 'ipv4' ? REJECTS : REJECTS6)[text] ?? text

/** syslog(3). */
const LEVELS = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug']
const LEVEL_ALIASES: Readonly<Record<string, string>> = { panic: '0', err: '3', warn: '4' }
/** A level of LOG as a number. */
export function logLevel(text: string): string {
  const name = text.toLowerCase()
  const index = LEVELS.indexOf(name)
  return index < 0 ? (LEVEL_ALIASES[name] ?? name) : String(index)
}
