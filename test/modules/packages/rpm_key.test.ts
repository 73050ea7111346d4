import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { download, rpmKeys, type RpmKey } from '../../../modules/facts/rpm-keys.ts'
import { publicKeys } from '../../../modules/lib/openpgp.ts'
import rpmKey from '../../../modules/packages/rpm_key.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const armored = readFileSync(join(import.meta.dirname, '../../e2e/examples/RPM-GPG-KEY-tools'))
const binary = Buffer.from(
  armored
    .toString()
    .split('\n')
    .filter((line) => /^[\w+/=]{5,}$/.test(line) && !line.startsWith('='))
    .join(''),
  'base64',
)
// As `gpg --show-keys` has it.
const fingerprint = 'e67d652d1d66e78859b82e0a1a4fff60a69ef8ca'
const TRUSTED: RpmKey = { version: 'a69ef8ca', release: '65920080' }
const WHOLE: RpmKey = { version: fingerprint, release: '65920080' }
const URL = 'https://example.org/KEY'
const host = (trusted: readonly RpmKey[], ...known: readonly Known[]) =>
  new FakeHost([[rpmKeys(), trusted], [content('/KEY'), armored], [download(URL), binary], ...known])

describe('public keys', () => {
  it.each([
    ['armored', armored],
    ['binary', binary],
    ['with other line ends', Buffer.from(armored.toString().replaceAll('\n', '\r\n'))],
  ])('are read %s', (_, file) => expect(publicKeys(file)).toEqual([{ fingerprint, created: '65920080' }]))
  it('are read of two blocks', () => expect(publicKeys(Buffer.concat([armored, armored]))).toHaveLength(2))
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello\n')],
    ['half a key', binary.subarray(0, 100)],
    ['less', binary.subarray(0, 2)],
  ])('are not in %s', (_, file) => expect(publicKeys(file)).toEqual([]))
})

describe('rpm_key', () => {
  it.each([{ key: '/KEY' }, { key: URL, fingerprint: 'E67D 652D 1D66 E788 59B8 2E0A 1A4F FF60 A69E F8CA' }])(
    'imports what it looked at: %j',
    async (args) => {
      const on = host([])
      const plan = await proposalOf(rpmKey, args, on)
      expect(plan.steps).toMatchObject([
        { change: { attributes: [{ name: fingerprint }] }, actions: [{ do: 'sh', title: 'rpm --import' }] },
      ])
      expect((await proposalOf(rpmKey, args, on.after(plan))).steps).toEqual([])
    },
  )
  it.each([[TRUSTED], [WHOLE]])('has nothing to do for %j', async (trusted) => {
    expect((await proposalOf(rpmKey, { key: '/KEY' }, host([trusted]))).steps).toEqual([])
  })
  it.each<[JsonObject, RpmKey, string]>([
    [{ key: '/KEY' }, TRUSTED, 'gpg-pubkey-a69ef8ca-65920080'],
    [{ key: 'A69EF8CA' }, TRUSTED, 'gpg-pubkey-a69ef8ca-65920080'],
    [{ key: '0x1A4FFF60A69EF8CA' }, WHOLE, `gpg-pubkey-${fingerprint}-65920080`],
  ])('removes %j', async (args, trusted, name) => {
    const on = host([trusted, { version: '00000000', release: '65920080' }])
    const plan = await proposalOf(rpmKey, { ...args, state: 'absent' }, on)
    expect(plan.steps).toMatchObject([{ actions: [{ argv: ['rpm', '-e', '--allmatches', name] }] }])
    expect((await proposalOf(rpmKey, { ...args, state: 'absent' }, on.after(plan))).steps).toEqual([])
  })
  it.each<[JsonObject, string]>([
    [{ key: 'A69EF8CA' }, 'an id does not say where'],
    [{ key: '/KEY', fingerprint: 'AB CD' }, `another fingerprint: ${fingerprint}`],
    [{ key: '/none' }, 'nothing at /none'],
    [{ key: '/text' }, 'no public key in /text'],
  ])('refuses %j', async (args, message) => {
    const plan = await planOf(rpmKey, args, host([], [content('/text'), Buffer.from('hello\n')]))
    expect(plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
  })
})
