import { array, assert, constantFrom, option, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kernelParameter } from '../../../modules/facts/kernel-parameter.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import { parameterPath, parametersIn, setParameter } from '../../../modules/lib/sysctl-text.ts'
import sysctl from '../../../modules/system/sysctl.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'
import { textHost } from '../text-host.ts'

const FORWARD = 'net.ipv4.ip_forward'
const host = (text: string | null, running: string | null = '0') =>
  textHost(text, '/etc/sysctl.conf', [
    [kernelParameter(FORWARD), running],
    [stat('/proc/sys/net/ipv4/ip_forward'), running === null ? null : predictedStat('file', {})],
  ])

/** What a plan runs and writes, in order. */
const deeds = async (args: JsonObject, at: ReturnType<typeof host>): Promise<readonly string[]> =>
  (await proposalOf(sysctl, { name: FORWARD, ...args }, at)).steps.flatMap(({ actions }) =>
    actions.map((action) =>
      action.do === 'run'
        ? action.argv.join(' ')
        : action.do === 'write' && action.content.kind === 'bytes'
          ? `write ${JSON.stringify(action.content.bytes.toString())}`
          : action.do,
    ),
  )

const SET = `sysctl -w ${FORWARD}=1`
const LOAD = 'sysctl -p /etc/sysctl.conf'

describe('sysctl', () => {
  it.each<[string, JsonObject, string | null, string | null, readonly string[]]>([
    ['says it in the file, and loads that', { value: 1 }, '', '0', [SET, `write "${FORWARD}=1\\n"`, LOAD]],
    ['takes yes for 1', { value: true, reload: false }, '', '0', [`write "${FORWARD}=1\\n"`]],
    ['leaves the kernel alone unless asked', { value: '1' }, `${FORWARD} = 1\n`, '0', []],
    ['sets the kernel if asked', { value: '1', sysctl_set: true }, `${FORWARD}=1\n`, '0', [SET]],
    ['makes the file', { value: '1' }, null, '1', [`write "${FORWARD}=1\\n"`, LOAD]],
    [
      'goes on without the parameter',
      { value: '1', ignoreerrors: true },
      '',
      null,
      [`write "${FORWARD}=1\\n"`, 'sysctl -e -p /etc/sysctl.conf'],
    ],
    ['takes it out', { state: 'absent', reload: false }, `a.b=1\n${FORWARD}=1\n`, '1', ['write "a.b=1\\n"']],
    ['finds nothing to take out', { state: 'absent' }, null, '1', []],
  ])('%s', async (_, args, text, running, expected) => {
    const before = host(text, running)
    expect(await deeds(args, before)).toEqual(expected)
    const plan = await proposalOf(sysctl, { name: FORWARD, ...args }, before)
    expect(await deeds(args, before.after(plan))).toEqual([])
  })
  it.each<[JsonObject, string]>([
    [{ value: '' }, 'cannot be blank'],
    [{ value: '1\nkernel.panic=1' }, 'one line'],
    [{ name: '../../etc/passwd', value: '1' }, 'no parameter'],
    [{ name: 'a.//.b', value: '1' }, 'no parameter'],
    [{ name: 'a b', value: '1' }, 'no parameter'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(sysctl, { name: FORWARD, ...args }, host(''))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
  it('refuses what the kernel does not have', async () => {
    expect(await planOf(sysctl, { name: FORWARD, value: '1' }, host('', null))).toMatchObject({
      message: expect.stringContaining('no parameter net.ipv4.ip_forward'),
    })
  })
  it.each(SHELLS)('reads the kernel with %s', async (...shell) => {
    const words = shell.filter((word) => typeof word === 'string')
    const [type, none] = await readLocally([kernelParameter('kernel.ostype'), kernelParameter('no.such')], words)
    expect([type, none]).toEqual(['Linux', null])
  })
})

it.each([
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
  ['net/ipv4/conf/eth0.100/forwarding', 'net/ipv4/conf/eth0.100/forwarding'],
  ['net.ipv4.conf.eth0/100.forwarding', 'net/ipv4/conf/eth0.100/forwarding'],
  ['a..b', null],
  ['a/../b', null],
  ['a;b', null],
])('%s is at %s', (name, path) => expect(parameterPath(name)).toBe(path))

it.each([
  ['a.b=1\n', 'a.b=2\n'],
  ['# a.b=1\na.b = 1', '# a.b=1\na.b = 2'],
  ['-a/b\t=  1  \nc=3\n', '-a/b\t=  2  \nc=3\n'],
  ['a.b=1\nx=1\na.b=9\n', 'x=1\na.b=2\n'],
  ['x=1', 'x=1\na.b=2\n'],
])('%j becomes %j', (before, after) => expect(setParameter(before, 'a.b', '2')).toBe(after))

it('leaves a value that differs in blanks only', () => {
  expect(setParameter('a.b = 1\t 2\n', 'a.b', '1 2')).toBe('a.b = 1\t 2\n')
})

const others = (text: string): readonly string[] =>
  text.split('\n').filter((each) => !/^[ -]*a[./]b *=/.test(each) && each !== '')

it('changes other lines never, and finds what it set', () => {
  const line = constantFrom('', '# c', 'x.y = 1', 'garbage', 'a.b=0', ' -a/b = 7 ', '; a.b=1')
  assert(
    property(array(line), option(constantFrom('0', '1 2')), (lines, value) => {
      const before = lines.map((each) => `${each}\n`).join('')
      const after = setParameter(before, 'a.b', value)
      expect(others(after)).toEqual(others(before))
      expect(parametersIn(after).includes('a/b')).toBe(value !== null)
      expect(setParameter(after, 'a.b', value)).toBe(after)
    }),
  )
})
