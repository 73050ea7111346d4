import { describe, expect, it } from 'vitest'
import { account } from '../../../modules/facts/account.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { parseKeyLine } from '../../../modules/lib/authorized-keys.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import authorizedKey from '../../../modules/system/authorized_key.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const ada = {
  name: 'ada',
  uid: 1001,
  gid: 1002,
  comment: '',
  home: '/home/ada',
  shell: '/bin/sh',
  group: 'ada',
  groups: [],
  shadow: null,
}
const FILE = '/home/ada/.ssh/authorized_keys'
const A = 'ssh-ed25519 AAAAa= ada@x'
const B = 'ssh-rsa AAAAb bob'
const owned = { owner: '1001', group: '1002' }
const host = (text: string | null, mode = '0700') =>
  new FakeHost([
    [creator(), ROOT],
    [account('ada'), ada],
    [account('nobody-here'), null],
    [stat('/home'), predictedStat('directory', {})],
    [stat('/home/ada'), predictedStat('directory', {})],
    ...(text === null
      ? []
      : ([
          [stat('/home/ada/.ssh'), predictedStat('directory', { mode, ...owned })],
          [stat(FILE), predictedStat('file', { mode: '0600', ...owned })],
          [content(FILE), Buffer.from(text)],
        ] as Known[])),
  ])

async function after(text: string | null, args: JsonObject): Promise<string | null> {
  const before = host(text)
  const plan = await proposalOf(authorizedKey, { user: 'ada', ...args }, before)
  expect((await proposalOf(authorizedKey, { user: 'ada', ...args }, before.after(plan))).steps).toEqual([])
  return plan.steps.at(-1)?.change.text?.after ?? null
}

describe('authorized_key', () => {
  it.each<[string, string | null, JsonObject, string | null]>([
    ['makes the file', null, { key: A }, `${A}\n`],
    ['adds a key', `# mine\n${B}\n`, { key: A }, `# mine\n${B}\n${A}\n`],
    ['leaves a key', `${B}\n${A}`, { key: A }, null],
    ['takes several', `${B}\n`, { key: `${A}\n\n# x\n${B}\n` }, `${B}\n${A}\n`],
    ['sets options', `${A}\n`, { key: A, key_options: 'command="a b",no-pty' }, `command="a b",no-pty ${A}\n`],
    ['takes options away', `no-pty ${A}\n`, { key: A }, `${A}\n`],
    ['sets a comment', `${A}\n`, { key: A, comment: 'ä' }, 'ssh-ed25519 AAAAa= ä\n'],
    ['removes what is there twice', `${A}\n${A}\n`, { key: A }, `${A}\n`],
    ['removes others', `# mine\n${B}\n${A}\n`, { key: A, exclusive: true }, `# mine\n${A}\n`],
    [
      'removes a key, whatever its options',
      `no-pty ${A}\n${B}\n`,
      { key: 'ssh-ed25519 AAAAa=', state: 'absent' },
      `${B}\n`,
    ],
    ['removes nothing from no file', null, { key: A, state: 'absent' }, null],
  ])('%s', async (_, text, args, expected) => {
    expect(await after(text, args)).toBe(expected)
  })

  it('gives directory and file to the user', async () => {
    const { steps } = await proposalOf(authorizedKey, { user: 'ada', key: A }, host(null))
    expect(steps.map(({ actions }) => actions[0])).toMatchObject([
      { do: 'directory', path: '/home/ada/.ssh', mode: '00700', ...owned },
      { do: 'write', path: FILE, mode: '0600', ...owned },
    ])
    const closed = await proposalOf(authorizedKey, { user: 'ada', key: A }, host(`${A}\n`, '0755'))
    expect(closed.steps.map(({ actions }) => actions[0])).toMatchObject([{ do: 'attributes', mode: '00700' }])
    expect(
      (await proposalOf(authorizedKey, { user: 'ada', key: A, manage_dir: false }, host(`${A}\n`, '0755'))).steps,
    ).toEqual([])
  })

  it.each<[JsonObject, string]>([
    [{ user: 'nobody-here', key: A }, 'lookup user'],
    [{ user: 'ada', key: 'rubbish' }, 'invalid key'],
    [{ user: 'ada', key: 'https://github.com/ada.keys' }, 'lookup url'],
    [{ user: 'ada', key: A, manage_dir: false }, 'manage_dir'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(authorizedKey, args, host(null))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('reads lines', () => {
    expect(parseKeyLine('command="echo \\"x y\\"",no-pty ecdsa-sha2-nistp256 AAAA a b')).toEqual({
      options: 'command="echo \\"x y\\"",no-pty',
      type: 'ecdsa-sha2-nistp256',
      key: 'AAAA',
      comment: 'a b',
    })
  })
})
