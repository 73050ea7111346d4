import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_NAMES, type IpVersion } from '../../../modules/lib/iptables-names.ts'
import {
  catchesAll,
  parseRule,
  printRule,
  sameRule,
  type Dialect,
  type Rule,
} from '../../../modules/lib/iptables-rule.ts'
import { joinWords, splitWords } from '../../../modules/lib/iptables-words.ts'

const NAMES = { ...NO_NAMES, services: new Map([['ssh', '22'], ['http', '80'], ['https', '443']]), users: new Map([['root', '0']]), groups: new Map([['daemon', '1']]) } // prettier-ignore
const of = (version: IpVersion): Dialect => ({ version, names: NAMES })
const rule = (line: string, version: IpVersion = 'ipv4'): Rule => parseRule(splitWords(line), of(version))

/** What was asked of iptables 1.8.9, and what iptables-save printed of it. */
test.each<readonly [string, string]>([
  ['-i lo -j ACCEPT', '-i lo -j ACCEPT'],
  ['-p tcp --dport ssh -s 10.0.0.5/24 -m comment --comment "a \\"quoted\\" \\\\ one" -j ACCEPT', '-s 10.0.0.0/24 -p tcp -m tcp --dport 22 -m comment --comment "a \\"quoted\\" \\\\ one" -j ACCEPT'],
  ['-p icmp --icmp-type echo-request -j ACCEPT', '-p icmp -m icmp --icmp-type 8 -j ACCEPT'],
  ['-m state --state RELATED,NEW,ESTABLISHED -j ACCEPT', '-m state --state NEW,RELATED,ESTABLISHED -j ACCEPT'],
  ['-m conntrack --ctstate NEW,RELATED,ESTABLISHED -j ACCEPT', '-m state --state NEW,RELATED,ESTABLISHED -j ACCEPT'],
  ['-p tcp -m multiport --dports 8000:8010,443,http -j ACCEPT', '-p tcp -m multiport --dports 443,80,8000:8010 -j ACCEPT'],
  ['! -s 1.2.3.4 -p udp --sport 53 ! -i eth+ -j LOG --log-prefix "x y " --log-level warning', '! -s 1.2.3.4/32 ! -i eth+ -p udp -m udp --sport 53 -j LOG --log-prefix "x y "'],
  ['-m conntrack --ctstate NEW,INVALID -m limit --limit 60/minute --limit-burst 7 -j DROP', '-m conntrack --ctstate INVALID,NEW -m limit --limit 1/sec --limit-burst 7 -j DROP'],
  ['-p tcp --syn -j REJECT --reject-with tcp-reset', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with tcp-reset'],
  ['-p 6 --tcp-flags ALL ACK,RST,SYN,FIN -j REJECT', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,SYN,RST,ACK -j REJECT --reject-with icmp-port-unreachable'],
  ['-m owner --uid-owner root --gid-owner daemon -j ACCEPT', '-m owner --uid-owner 0 --gid-owner 1 -j ACCEPT'],
  ['-p tcp -j DSCP --set-dscp 8', '-p tcp -j DSCP --set-dscp 0x08'],
  ['-p tcp -j DSCP --set-dscp-class CS1', '-p tcp -j DSCP --set-dscp 0x08'],
  ['-m mark --mark 1 -j MARK --set-mark 2', '-m mark --mark 0x1 -j MARK --set-xmark 0x2/0xffffffff'],
  ['--goto web', '-g web'],
  ['-f -j DROP', '-f -j DROP'],
  ['-p 47 -j ACCEPT', '-p gre -j ACCEPT'],
  ['-p tcp --dport 1024: -m limit --limit 3/hour -j ACCEPT', '-p tcp -m tcp --dport 1024:65535 -m limit --limit 3/hour -j ACCEPT'],
  ['-p sctp --dport 5 -j ACCEPT', '-p sctp -m sctp --dport 5 -j ACCEPT'],
  ['-m tcp -p tcp -j ACCEPT', '-p tcp -m tcp -j ACCEPT'],
  ['-p icmp -m icmp --icmp-type any -j ACCEPT', '-p icmp -m icmp --icmp-type any -j ACCEPT'],
  ['-p tcp --dport 0:65535 -j ACCEPT', '-p tcp -m tcp -j ACCEPT'],
  ['-s 0.0.0.0/0 -d 10.0.0.0/255.0.0.0 -p all -j ACCEPT', '-d 10.0.0.0/8 -j ACCEPT'],
  ['-s ! 10.0.0.1 -j DROP', '! -s 10.0.0.1/32 -j DROP'],
  ['-p tcp --destination-port 22 --source 10.0.0.1 --jump ACCEPT', '-s 10.0.0.1/32 -p tcp -m tcp --dport 22 -j ACCEPT'],
])('%s', (asked, printed) => expect(rule(asked)).toSatisfy((one: Rule) => sameRule(one, rule(printed)), `be ${printed}`)) // prettier-ignore

test.each<readonly [string, string]>([
  ['-s 2001:DB8:0::5/64 -p icmpv6 --icmpv6-type echo-request -j REJECT', '-s 2001:db8::/64 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j REJECT --reject-with icmp6-port-unreachable'],
  ['-s ::1 -d ::/0 -p tcp --dport 22 -j ACCEPT', '-s ::1/128 -p tcp -m tcp --dport 22 -j ACCEPT'],
  ['-s ::FFFF:1.2.3.4 -j ACCEPT', '-s ::ffff:1.2.3.4/128 -j ACCEPT'],
])('of IPv6: %s', (asked, printed) => expect(sameRule(rule(asked, 'ipv6'), rule(printed, 'ipv6'))).toBe(true)) // prettier-ignore

test.each<readonly [string, string]>([
  ['-p tcp --dport 22 -j ACCEPT', '-p udp --dport 22 -j ACCEPT'],
  ['-p tcp --dport 22 -j ACCEPT', '-p tcp --sport 22 -j ACCEPT'],
  ['-p tcp --dport 22 -j ACCEPT', '-p tcp ! --dport 22 -j ACCEPT'],
  ['-m comment --comment a -j ACCEPT', '-m comment --comment b -j ACCEPT'],
  ['-m comment --comment a -j ACCEPT', '-j ACCEPT'],
  ['-j REJECT', '-j REJECT --reject-with tcp-reset'],
  ['-j web', '-g web'],
  ['-m conntrack --ctstate NEW -j ACCEPT', '-m conntrack --ctstate NEW,RELATED -j ACCEPT'],
  ['-p tcp --tcp-flags SYN,ACK SYN -j DROP', '-p tcp --tcp-flags SYN SYN,ACK -j DROP'],
  ['-s 10.0.0.0/8 -j DROP', '! -s 10.0.0.0/8 -j DROP'],
  ['! -s 0.0.0.0/0 -j DROP', '-j DROP'],
])('%s is not %s', (one, other) => expect(sameRule(rule(one), rule(other))).toBe(false)) // prettier-ignore

test.each<readonly [string, boolean]>([
  ['-j REJECT --reject-with icmp-host-prohibited', true],
  ['-m comment --comment "the end" -j DROP', true],
  ['-s 0.0.0.0/0 -j ACCEPT', true],
  ['-j LOG', false],
  ['-j web', false],
  ['-i lo -j ACCEPT', false],
  ['-m limit --limit 1/s -j DROP', false],
  ['-p tcp -j DROP', false],
])('%s catches all: %s', (line, all) => expect(catchesAll(rule(line))).toBe(all))

const number = (most: number) => fc.integer({ min: 0, max: most }).map(String)
const address = fc.ipV4().chain((ip) => fc.constantFrom(ip, `${ip}/24`, `${ip}/255.255.0.0`, `${ip}/0`))
const range = fc.oneof(number(65_535), fc.tuple(number(65_535), number(65_535)).map((ends) => ends.join(':')), fc.constantFrom('ssh', 'http', '1024:', ':80')) // prettier-ignore
const not = (words: readonly string[]) => fc.boolean().map((negated) => (negated ? ['!', ...words] : words))
const texts = fc.string({ minLength: 1, maxLength: 20 }).filter((one) => !/[\n\r\0]/.test(one))
const some = (words: fc.Arbitrary<readonly string[]>) => fc.option(words, { nil: [] as readonly string[] })
const states = fc.uniqueArray(fc.constantFrom('NEW', 'ESTABLISHED', 'RELATED', 'INVALID'), { minLength: 1 })
const condition = fc.tuple(
  some(address.chain((one) => not(['-s', one]))),
  some(address.chain((one) => not(['-d', one]))),
  some(fc.constantFrom('lo', 'eth+', '+').chain((one) => not(['-i', one]))),
)
const matches = fc.tuple(
  some(range.chain((one) => not(['--dport', one]))),
  some(fc.array(range, { minLength: 1, maxLength: 5 }).map((all) => ['-m', 'multiport', '--dports', all.join(',')])),
  some(states.map((all) => ['-m', 'state', '--state', all.join(',')])),
  some(number(10_000).map((count) => ['-m', 'limit', '--limit', `${count}/minute`])),
  some(texts.map((text) => ['-m', 'comment', '--comment', text])),
)
const target = fc.oneof(
  fc.constantFrom(['-j', 'ACCEPT'], ['-j', 'REJECT', '--reject-with', 'port-unreach'], ['-g', 'web'], []),
  texts.map((text) => ['-j', 'LOG', '--log-prefix', text]),
)
const words = fc.tuple(condition, fc.constantFrom(['-p', 'tcp'], ['-p', '17']), matches, target)

describe('of any rule', () => {
  test('what is printed is the same rule, and is printed the same again', () => {
    fc.assert(
      fc.property(words, ([conditions, protocol, more, last]) => {
        const one = parseRule([...conditions.flat(), ...protocol, ...more.flat(), ...last], of('ipv4'))
        const line = joinWords(printRule(one))
        const again = parseRule(splitWords(line), of('ipv4'))
        expect(again).toEqual(one)
        expect(joinWords(printRule(again))).toBe(line)
      }),
    )
  })
  test.each(['!', '-j', '! -s'])('%s is a comment like any other', (text) => {
    const rule = parseRule(['-m', 'comment', '--comment', text, '-j', 'ACCEPT'], of('ipv4'))
    expect(parseRule(splitWords(joinWords(printRule(rule))), of('ipv4'))).toEqual(rule)
    expect(rule.target?.name).toBe('ACCEPT')
  })
  test('the order of what it asks for does not matter', () => {
    fc.assert(
      fc.property(words, ([conditions, protocol, more, last]) => {
        const [first, ...extensions] = more
        const one = parseRule([...conditions.flat(), ...protocol, ...first, ...extensions.flat(), ...last], of('ipv4'))
        const mixed = [...protocol, ...extensions.toReversed().flat(), ...first, ...conditions.toReversed().flat()]
        expect(sameRule(one, parseRule([...mixed, ...last], of('ipv4')))).toBe(true)
      }),
    )
  })
  test('words survive being written in a line', () => {
    fc.assert(
      fc.property(fc.array(texts), (all) => {
        expect(splitWords(joinWords(all))).toEqual(all)
      }),
    )
  })
})
