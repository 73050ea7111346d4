import { icmpType, logLevel, protocolName, rejectWith, type IpVersion, type Names } from './iptables-names.ts'
import { hex, network, port, ports, rate, tcpFlags, wordSet } from './iptables-values.ts'

/** One option of a rule, in the one form that means what it means: long defaults left out, names as numbers. */
export interface Option {
  readonly name: string
  readonly negated: boolean
  readonly values: readonly string[]
}
/** What options belong to: `-m tcp`, `-j REJECT`. */
export interface Extension {
  readonly name: string
  readonly options: readonly Option[]
}
/** A rule without its chain. Two rules that mean the same are `sameRule`. */
export interface Rule {
  /** `-s -d -i -o -p -f`, in that order. */
  readonly base: readonly Option[]
  /** In the order in which they are tried. */
  readonly matches: readonly Extension[]
  readonly target: (Extension & { readonly flag: '-j' | '-g' }) | null
}
/** What the numbers and names of a rule mean: the packet filter and the host's own names. */
export interface Dialect {
  readonly version: IpVersion
  readonly names: Names
}

const BASE = ['-s', '-d', '-i', '-o', '-p', '-f']
/** Other spellings (iptables(8)). */
const SPELLINGS: Readonly<Record<string, string>> = {
  '--source': '-s', '--src': '-s', '--destination': '-d', '--dst': '-d', '--in-interface': '-i', '--out-interface': '-o',
  '--protocol': '-p', '--proto': '-p', '--fragment': '-f', '--jump': '-j', '--goto': '-g', '--match': '-m',
  '--destination-port': '--dport', '--source-port': '--sport', '--destination-ports': '--dports', '--source-ports': '--sports',
  '--state': '--ctstate', '--set-mark': '--set-xmark',
} // prettier-ignore
/** Options of the protocol's own match, which needs no `-m`. */
const OF_PROTOCOL = new Set([
  '--dport',
  '--sport',
  '--tcp-flags',
  '--syn',
  '--tcp-option',
  '--icmp-type',
  '--icmpv6-type',
])
/** Options that take any text, also one that looks like a negation. */
const FREE_TEXT: ReadonlySet<string> = new Set(['--comment', '--log-prefix', '--nflog-prefix'])
/** Options of which the next word is the value, whatever it looks like. */
const ONE_VALUE = new Set(['--comment', '--log-prefix', '--nflog-prefix', '--string', '--hex-string'])
const NO_VALUE = new Set(['-f', '--syn'])

/** The rule that words make, as iptables-save prints them after `-A CHAIN`, or as people write them. */
export function parseRule(words: readonly string[], dialect: Dialect): Rule {
  const base: Option[] = []
  const matches: { name: string; options: Option[] }[] = []
  let target: { flag: '-j' | '-g'; name: string; options: Option[] } | null = null
  for (const { name, negated, values } of options(words)) {
    const [first = ''] = values
    if (name === '-m')
      matches.push({ name: first === 'state' ? 'conntrack' : first === 'icmpv6' ? 'icmp6' : first, options: [] })
    else if (name === '-j' || name === '-g') target = { flag: name, name: first, options: [] }
    else if (BASE.includes(name)) base.push({ name, negated, values })
    else if (OF_PROTOCOL.has(name)) protocolMatch(base, matches).options.push({ name, negated, values })
    else (target ?? matches.at(-1) ?? implied(matches, ''))?.options.push({ name, negated, values })
  }
  const protocol = protocolName(base.find(({ name }) => name === '-p')?.values[0] ?? 'all')
  const plain = (of: string, all: readonly Option[]): readonly Option[] =>
    all.flatMap((one) => plainOption(of, one, protocol, dialect) ?? [])
  return {
    base: plain('', base).toSorted((a, b) => BASE.indexOf(a.name) - BASE.indexOf(b.name)),
    // A match that asks for nothing is one that iptables adds by itself.
    matches: matches
      .map(({ name, options }) => ({ name, options: plain(name, options) }))
      .filter(({ name, options }) => options.length > 0 || !(name === matchOf(protocol) || EMPTY.has(name))),
    target: target === null ? null : { ...target, options: plain(target.name, answered(target, dialect.version)) },
  }
}

/** REJECT always answers with something, which iptables-save tells. */
const answered = ({ name, options }: Extension, version: IpVersion): readonly Option[] =>
  name === 'REJECT' && options.length === 0
    ? [{ name: '--reject-with', negated: false, values: [`${version === 'ipv4' ? 'icmp' : 'icmp6'}-port-unreachable`] }]
    : options

/** Matches that mean nothing without an option. */
const EMPTY = new Set(['comment', 'tcp', 'udp', 'multiport', 'conntrack', 'icmp', 'icmp6', 'iprange', 'owner', 'set'])

const matchOf = (protocol: string): string => (protocol === 'ipv6-icmp' ? 'icmp6' : protocol)

function protocolMatch(base: readonly Option[], matches: { name: string; options: Option[] }[]): { options: Option[] } {
  const name = matchOf(protocolName(base.find((one) => one.name === '-p')?.values[0] ?? ''))
  return matches.find((one) => one.name === name) ?? implied(matches, name)
}
function implied(matches: { name: string; options: Option[] }[], name: string): { options: Option[] } {
  const added = { name, options: [] }
  matches.push(added)
  return added
}

/** Words cut into options; `-s ! x` of older versions is `! -s x`. */
function* options(words: readonly string[]): Generator<Option> {
  let negated = false
  for (let at = 0; at < words.length;) {
    const word = words[at++] ?? ''
    if (word === '!') {
      negated = true
      continue
    }
    const name = SPELLINGS[word] ?? word
    const values: string[] = []
    while (!NO_VALUE.has(name) && at < words.length) {
      const next = words[at] ?? ''
      if (ONE_VALUE.has(name) ? values.length === 1 : /^-{1,2}[a-z]/i.test(next)) break
      if (next === '!' && !FREE_TEXT.has(name)) {
        // What follows decides whether it belongs to this option or to the next one.
        if (values.length > 0 || (words[at + 1] ?? '').startsWith('-')) break
        negated = true
      } else values.push(next)
      at++
    }
    yield { name, negated, values }
    negated = false
  }
}

/** An option in its one form; null where it asks for nothing. */
function plainOption(of: string, option: Option, protocol: string, { version, names }: Dialect): Option | null {
  const [value = '', second = ''] = option.values
  const as = (...values: readonly string[]): Option => ({ ...option, values })
  switch (`${of} ${option.name}`) {
    case ' -s':
    case ' -d': {
      const found = network(value, version)
      return found === null ? (option.negated ? as('0/0') : null) : as(found)
    }
    case ' -i':
    case ' -o':
      return value === '+' || value === '' ? null : option
    case ' -p':
      return protocol === 'all' ? null : as(protocol)
    case 'multiport --dports':
    case 'multiport --sports':
    case 'multiport --ports':
      return as(ports(value, names, protocol))
    case 'conntrack --ctstate':
      return as(wordSet(value, ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT']))
    case 'tcp --syn':
      return { name: '--tcp-flags', negated: option.negated, values: ['FIN,SYN,RST,ACK', 'SYN'] }
    case 'tcp --tcp-flags':
      return as(tcpFlags(value), tcpFlags(second))
    case 'icmp --icmp-type': {
      const type = icmpType(value, version)
      return type === 'any' || type === '255' ? null : as(type)
    }
    case 'icmp6 --icmpv6-type':
      return as(icmpType(value, version))
    case 'limit --limit':
      return as(rate(value))
    case 'limit --limit-burst':
      return value === '5' ? null : option
    case 'owner --uid-owner':
      return as(names.users.get(value) ?? value)
    case 'owner --gid-owner':
      return as(names.groups.get(value) ?? value)
    case 'REJECT --reject-with':
      return as(rejectWith(value, version))
    case 'LOG --log-level':
      return logLevel(value) === '4' ? null : as(logLevel(value))
    case 'DSCP --set-dscp':
      return as(`0x${Number(value).toString(16).padStart(2, '0')}`)
    case 'DSCP --set-dscp-class':
      return DSCP[value.toUpperCase()] === undefined
        ? option
        : { ...option, name: '--set-dscp', values: [DSCP[value.toUpperCase()] ?? ''] }
    case 'mark --mark':
    case 'connmark --mark':
      return as(value.split('/').map(hex).join('/'))
    case 'MARK --set-xmark':
    case 'CONNMARK --set-xmark': {
      const [mark = '', mask = '0xffffffff'] = value.split('/').map(hex)
      return as(`${mark}/${mask}`)
    }
    default:
      return OF_PROTOCOL.has(option.name) && option.name.endsWith('port')
        ? portOption(option, value, names, protocol)
        : option
  }
}

function portOption(option: Option, value: string, names: Names, protocol: string): Option | null {
  const range = port(value, names, protocol)
  return range === '0:65535' && !option.negated ? null : { ...option, values: [range] }
}

/** RFC 2474, 2597, 3246: classes of DSCP. */
const DSCP: Readonly<Record<string, string>> = {
  CS0: '0x00', CS1: '0x08', CS2: '0x10', CS3: '0x18', CS4: '0x20', CS5: '0x28', CS6: '0x30', CS7: '0x38', BE: '0x00', EF: '0x2e',
  AF11: '0x0a', AF12: '0x0c', AF13: '0x0e', AF21: '0x12', AF22: '0x14', AF23: '0x16', AF31: '0x1a', AF32: '0x1c', AF33: '0x1e',
  AF41: '0x22', AF42: '0x24', AF43: '0x26',
} // prettier-ignore

const print = ({ name, negated, values }: Option): readonly string[] => [...(negated ? ['!'] : []), name, ...values]

/** The words of a rule, for iptables after `-A CHAIN`. */
export function printRule(rule: Rule): readonly string[] {
  return [
    ...rule.base.flatMap(print),
    ...rule.matches.flatMap(({ name, options }) => [...(name === '' ? [] : ['-m', name]), ...options.flatMap(print)]),
    ...(rule.target === null ? [] : [rule.target.flag, rule.target.name, ...rule.target.options.flatMap(print)]),
  ]
}

/** Whether rules mean the same. In what order they were written does not count; comments do. */
export const sameRule = (one: Rule, other: Rule): boolean => key(one) === key(other)

const sorted = (options: readonly Option[]): readonly string[] =>
  options.map((option) => JSON.stringify(option)).toSorted()

function key({ base, matches, target }: Rule): string {
  const all = matches.map(({ name, options }) => JSON.stringify([name, sorted(options)])).toSorted()
  return JSON.stringify([sorted(base), all, target && [target.flag, target.name, sorted(target.options)]])
}

/** Whether every packet ends at this rule: what follows in its chain is not in force. */
export const catchesAll = ({ base, matches, target }: Rule): boolean =>
  target !== null &&
  (target.flag === '-g' || ['ACCEPT', 'DROP', 'REJECT', 'RETURN'].includes(target.name)) &&
  base.length === 0 &&
  matches.every(({ name }) => name === 'comment')
