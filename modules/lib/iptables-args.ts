import type { Infer } from '../../schema/infer.ts'

const text = (description: string) => ({ type: 'string', description, since: '0.1.0' }) as const
const list = (description: string) =>
  ({ type: 'array', items: { type: 'string' }, description, since: '0.1.0' }) as const
const flag = (description: string) => ({ type: 'boolean', default: false, description, since: '0.1.0' }) as const

const RULE_ARGS = {
  protocol: text('The protocol: a name or a number. `!` in front of this and other conditions turns them round.'),
  source: text('The source: addresses or networks with commas between them; each makes a rule.'),
  destination: text('The destination, as `source`.'),
  in_interface: text('Where packets come in; `eth+` is all that begin so.'),
  out_interface: text('Where packets go out.'),
  fragment: text('`!` for anything but later fragments; any other text for these only.'),
  source_port: text('A port, by number or name, or a range (`8000:8010`).'),
  destination_port: text('A port, by number or name, or a range (`8000:8010`).'),
  destination_ports: list('Several ports and ranges at once.'),
  tcp_flags: {
    type: 'object',
    properties: { flags: list('The flags that are looked at.'), flags_set: list('Those of them that are set.') },
    description: 'TCP flags: those looked at, and those that are set.',
    since: '0.1.0',
  },
  syn: {
    type: 'string',
    enum: ['ignore', 'match', 'negate'],
    default: 'ignore',
    description: 'Only packets that open a TCP connection, or all others.',
    since: '0.1.0',
  },
  icmp_type: text('The ICMP type: a name or a number.'),
  match: list('Further extensions to load, e.g. `state`.'),
  ctstate: list('States of the connection, e.g. `ESTABLISHED`.'),
  src_range: text('Addresses from one to another (`10.0.0.1-10.0.0.9`).'),
  dst_range: text('Addresses from one to another.'),
  match_set: text('A set of ipset(8).'),
  match_set_flags: {
    type: 'string',
    enum: ['src', 'dst', 'src,dst', 'dst,src', 'dst,dst', 'src,src'],
    description: 'What of the packet is looked up in the set.',
    since: '0.1.0',
  },
  limit: text('How often it matches at most (`5/min`).'),
  limit_burst: text('How often it matches before the limit counts.'),
  uid_owner: text('The user whose process sent the packet.'),
  gid_owner: text('The group whose process sent the packet.'),
  comment: text('A comment. Rules with different comments are different rules.'),
  jump: text('What becomes of the packet: `ACCEPT`, `DROP`, `REJECT`, a chain.'),
  goto: text('A chain to go on in, without coming back.'),
  reject_with: text('The answer of `REJECT`, e.g. `tcp-reset`. Implies `jump: REJECT`.'),
  log_prefix: text('What `LOG` writes in front. Implies `jump: LOG`.'),
  log_level: text('The level of `LOG`. Implies `jump: LOG`.'),
  to_destination: text('Where `DNAT` sends it.'),
  to_source: text('What `SNAT` has it come from.'),
  to_ports: text('The ports of `REDIRECT` and `MASQUERADE`.'),
  gateway: text('Where `TEE` sends a copy.'),
  set_dscp_mark: text('The mark that `DSCP` sets: a number.'),
  set_dscp_mark_class: text('The class that `DSCP` sets, e.g. `CS1`.'),
} as const

export const IPTABLES_ARGS = {
  type: 'object',
  mutuallyExclusive: [
    ['flush', 'policy'],
    ['jump', 'goto'],
    ['set_dscp_mark', 'set_dscp_mark_class'],
    ['source_port', 'destination_ports'],
    ['destination_port', 'destination_ports'],
  ],
  properties: {
    table: {
      type: 'string',
      enum: ['filter', 'nat', 'mangle', 'raw', 'security'],
      default: 'filter',
      description: 'The table.',
      since: '0.1.0',
    },
    chain: text('The chain: one of the kernel’s own, or one of the host’s.'),
    ip_version: {
      type: 'string',
      enum: ['ipv4', 'ipv6', 'both'],
      default: 'ipv4',
      description: 'iptables, ip6tables, or both.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether the rule should be there.',
      since: '0.1.0',
    },
    action: {
      type: 'string',
      enum: ['append', 'insert'],
      default: 'append',
      description: 'Where a rule goes that is not there yet: to the end, or to `rule_num`.',
      since: '0.1.0',
    },
    rule_num: { type: 'integer', minimum: 1, description: 'Where to insert; 1 is the first.', since: '0.1.0' },
    ...RULE_ARGS,
    set_counters: text('Packets and bytes that a new rule starts with (`0 0`).'),
    policy: {
      type: 'string',
      enum: ['ACCEPT', 'DROP', 'QUEUE', 'RETURN'],
      description: 'What becomes of packets that no rule of the chain decides about.',
      since: '0.1.0',
    },
    flush: flag('Removes all rules of the chain, or of the table where no chain is named.'),
    chain_management: flag('Makes a missing chain; with `state: absent` and no rule, removes the chain.'),
    numeric: flag('For Ansible’s sake: nothing is ever looked up.'),
    wait: text('Seconds to wait for another program that changes rules; without end where unset.'),
    persist: {
      type: 'any',
      default: false,
      description:
        'Keeps the rule over a reboot too: `true` for the file that the host loads at boot, or a path of your own.',
      since: '0.1.0',
    },
    confirm_timeout: {
      type: 'integer',
      default: 20,
      minimum: 1,
      description: 'Seconds after which the host restores the old rules, unless drover could connect again by then.',
      since: '0.1.0',
    },
  },
} as const
export type IptablesArgs = Infer<typeof IPTABLES_ARGS>
