import type { IpVersion } from './iptables-names.ts'
import type { IptablesArgs } from './iptables-args.ts'

/** The words of the rules that a task means, one for each of its sources and destinations; none where it names no rule. */
export function ruleWords(args: IptablesArgs, version: IpVersion): readonly (readonly string[])[] {
  const rest = [...conditions(args, version), ...target(args)]
  const sources = addresses('-s', args.source)
  const destinations = addresses('-d', args.destination)
  const all = sources.flatMap((source) => destinations.map((destination) => [...source, ...destination, ...rest]))
  return all.filter((words) => words.length > 0)
}

/** `!value`, as Ansible writes what does not match. */
const term = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined || value === ''
    ? []
    : value.startsWith('!')
      ? ['!', flag, value.slice(1).trim()]
      : [flag, value.trim()]

const addresses = (flag: string, value: string | undefined): readonly (readonly string[])[] =>
  value === undefined || value === '' ? [[]] : value.split(',').map((one) => term(flag, one.trim()))

/** With `-m NAME` in front. */
const matching = (name: string, ...terms: readonly (readonly string[])[]): readonly string[] =>
  terms.some((words) => words.length > 0) ? ['-m', name, ...terms.flat()] : []

/** Extensions that the arguments load by themselves, and that ask for nothing where these are not given. */
const LOADED = new Set([
  'state',
  'conntrack',
  'tcp',
  'udp',
  'multiport',
  'comment',
  'iprange',
  'limit',
  'owner',
  'set',
  'icmp',
  'icmp6',
])

/** The names of extensions by the one that is loaded for them. */
const SAME: Readonly<Record<string, string>> = { state: 'conntrack', udp: 'tcp', icmp6: 'icmp' }

/**
 * The conditions in the order in which Ansible writes them: a rule of the kernel keeps the order of its extensions, and one in another
 * order is another rule to `iptables -C`. Extensions that `match` names come first.
 */
function conditions(args: IptablesArgs, version: IpVersion): readonly string[] {
  const { match = [] } = args
  const extensions = extensionsOf(args, version)
  // What an argument needs is loaded for it; the others of `match` are conditions by themselves (`socket`).
  const named = match.flatMap((name) => extensions.get(SAME[name] ?? name) ?? (LOADED.has(name) ? [] : ['-m', name]))
  const others = [...extensions].filter(([name]) => !match.some((each) => (SAME[each] ?? each) === name))
  return [
    ...term('-p', args.protocol),
    ...term('-i', args.in_interface),
    ...term('-o', args.out_interface),
    ...(args.fragment === undefined ? [] : args.fragment.startsWith('!') ? ['!', '-f'] : ['-f']),
    ...named,
    ...others.flatMap(([, words]) => words),
  ]
}

/** The words of each extension that the arguments ask for, in Ansible's order. */
function extensionsOf(args: IptablesArgs, version: IpVersion): ReadonlyMap<string, readonly string[]> {
  const { syn, tcp_flags: flags, match_set: set } = args
  const multiport = matching('multiport', term('--dports', args.destination_ports?.join(',')))
  const tcp = [
    ...(flags?.flags && flags.flags_set ? ['--tcp-flags', flags.flags.join(','), flags.flags_set.join(',')] : []),
    ...term('--sport', args.source_port),
    ...term('--dport', args.destination_port),
    ...(syn === 'match' ? ['--syn'] : syn === 'negate' ? ['!', '--syn'] : []),
  ]
  const all: readonly (readonly [string, readonly string[]])[] = [
    ...(tcp[0] === '--tcp-flags' ? [['tcp', tcp] as const, ['multiport', multiport] as const] : []),
    ['multiport', multiport],
    ['tcp', tcp],
    ['conntrack', matching('conntrack', term('--ctstate', args.ctstate?.join(',')))],
    ['iprange', matching('iprange', term('--src-range', args.src_range), term('--dst-range', args.dst_range))],
    ['set', set === undefined ? [] : ['-m', 'set', ...term('--match-set', set), args.match_set_flags ?? 'src']],
    ['limit', matching('limit', term('--limit', args.limit), term('--limit-burst', args.limit_burst))],
    ['owner', matching('owner', term('--uid-owner', args.uid_owner), term('--gid-owner', args.gid_owner))],
    ['icmp', term(version === 'ipv6' ? '--icmpv6-type' : '--icmp-type', args.icmp_type)],
    ['comment', args.comment === undefined ? [] : ['-m', 'comment', '--comment', args.comment]],
  ]
  return new Map(all.filter(([, words]) => words.length > 0))
}

const option = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [name, value]

function target(args: IptablesArgs): readonly string[] {
  if (args.goto !== undefined) return ['-g', args.goto]
  const logs = args.log_prefix !== undefined || args.log_level !== undefined
  const jump = args.jump ?? (args.reject_with !== undefined ? 'REJECT' : logs ? 'LOG' : undefined)
  return [
    ...option('-j', jump),
    ...option('--reject-with', args.reject_with),
    ...option('--log-prefix', args.log_prefix),
    ...option('--log-level', args.log_level),
    ...option('--to-destination', args.to_destination),
    ...option('--to-source', args.to_source),
    ...option('--to-ports', args.to_ports),
    ...option('--gateway', args.gateway),
    ...option('--set-dscp', args.set_dscp_mark),
    ...option('--set-dscp-class', args.set_dscp_mark_class),
  ]
}
