import type { IptablesArgs as Args } from './iptables-args.ts'
import type { IpVersion } from './iptables-names.ts'
import { network } from './iptables-values.ts'

/** What is wrong with the arguments of a task, taken together; null where nothing is. */
export function argumentProblem(args: Args): string | null {
  if (args.chain === undefined && !args.flush) return 'chain is missing: name the chain'
  if (args.chain !== undefined && !/^[^-!\s][^\s]{0,28}$/.test(args.chain))
    return `this cannot be a chain's name: ${JSON.stringify(args.chain)}`
  if (args.rule_num !== undefined && args.action !== 'insert' && args.state === 'present')
    return 'rule_num says where to insert: it needs action: insert'
  if (typeof args.persist !== 'boolean' && !(typeof args.persist === 'string' && args.persist.startsWith('/')))
    return 'persist is true, false or the whole path of a file'
  if (typeof args.persist === 'string' && args.ip_version === 'both')
    return 'one file cannot keep the rules of both: use a task for each ip_version, or persist: true'
  if (args.wait !== undefined && !/^\d+$/.test(args.wait)) return 'wait is a number of seconds'
  if (args.set_counters !== undefined && !/^\d+[\s,]+\d+$/.test(args.set_counters))
    return 'set_counters is a number of packets and one of bytes, e.g. `0 0`'
  if (args.comment !== undefined && Buffer.byteLength(args.comment) > 255) return 'a comment has at most 255 bytes'
  if (/[\n\r]/.test([args.comment, args.log_prefix, args.match_set].join('')))
    return 'a rule is one line: no text in it may have line breaks'
  const tcp = args.protocol?.toLowerCase()
  const ported = args.source_port ?? args.destination_port ?? args.destination_ports?.[0]
  if (ported !== undefined && (tcp === undefined || !PORTED.has(tcp)))
    return 'a port needs a protocol that has ports: protocol: tcp, or udp'
  if ((args.syn !== 'ignore' || args.tcp_flags) && tcp !== 'tcp' && tcp !== '6')
    return 'syn and tcp_flags need protocol: tcp'
  if (args.destination_ports !== undefined && args.destination_ports.length > 15)
    return 'destination_ports has at most 15 ports, and a range counts as two'
  const versions: readonly IpVersion[] = args.ip_version === 'both' ? ['ipv4', 'ipv6'] : [args.ip_version]
  for (const name of ['source', 'destination'] as const)
    for (const one of (args[name] ?? '').split(',').map((text) => text.replace(/^!/, '').trim()))
      for (const version of versions)
        if (one !== '' && !isNetwork(one, version))
          return `${name} is no ${version === 'ipv4' ? 'IPv4' : 'IPv6'} address or network: ${JSON.stringify(one)}; names are not looked up, since what they mean may change`
  return null
}

const PORTED = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite', '6', '17', '132', '33', '136'])

const isNetwork = (text: string, version: IpVersion): boolean => /^(?:[^/]+\/\d+)?$/.test(network(text, version) ?? '')

const isName = (text: string): boolean => /^[a-z][\w-]*$/i.test(text)

/** Services that ports are named by. */
export const namedPorts = (args: Args): readonly string[] =>
  [
    ...new Set(
      [args.source_port, args.destination_port, ...(args.destination_ports ?? [])].flatMap((one) =>
        (one ?? '').replace(/^!/, '').split(':'),
      ),
    ),
  ]
    .map((one) => one.trim())
    .filter(isName)
const named = (text: string | undefined): readonly string[] => [(text ?? '').replace(/^!/, '').trim()].filter(isName)
export const namedUsers = (args: Args): readonly string[] => named(args.uid_owner)
export const namedGroups = (args: Args): readonly string[] => named(args.gid_owner)
