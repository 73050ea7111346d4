import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, boolean, constantFrom, oneof, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editHosts, hashedHost, parseHostLine, type HostLine } from '../../../modules/lib/known-hosts.ts'
import knownHosts from '../../../modules/system/known_hosts.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { textHost } from '../text-host.ts'

const NEW = 'AAAAC3NzaC1lZDI1NTE5AAAAIGCfVUJ6bGoBNKMVXLBRd7fLSGfWmqZbkZpsvxVU0PRR'
const OLD = 'AAAAC3NzaC1lZDI1NTE5AAAAIJRdFEpZcU0fSzXZyq6Z8JgYvFBw3hN4zVHNnZtP2hFu'
/** Made by ssh-keygen -H of `git.example.org`. */
const HASHED = '|1|AAECAwQFBgcICQoLDA0ODxAREhM=|'
const TYPE = 'ssh-ed25519'
const line = (name: string, key = NEW): string => `${name} ${TYPE} ${key}`
const hidden = (name: string, key = NEW): string => line(hashedHost(name, key), key)

const edited = async (text: string | null, args: object): Promise<string | null> => {
  const host = textHost(text, '/etc/known')
  const plan = await proposalOf(knownHosts, { path: '/etc/known', ...args }, host)
  const [again] = (await proposalOf(knownHosts, { path: '/etc/known', ...args }, host.after(plan))).steps
  expect(again).toBeUndefined()
  const action = plan.steps.at(-1)?.actions[0]
  return action?.do === 'write' && action.content.kind === 'bytes' ? action.content.bytes.toString() : text
}

describe('known_hosts', () => {
  it.each<[string, string | null, object, string | null]>([
    ['a new file', null, { name: 'a', key: line('a') }, `${line('a')}\n`],
    ['a key without a name', '', { name: 'a', key: `${TYPE} ${NEW} comment` }, `${line('a')} comment\n`],
    [
      'another key of the type',
      `# x\n${line('a', OLD)}\nb x y\n`,
      { name: 'a', key: line('a') },
      `# x\n${line('a')}\nb x y\n`,
    ],
    ['in any case', `${line('GIT')}\n`, { name: 'git', key: line('git') }, `${line('GIT')}\n`],
    ['a name among others', `${line('a,192.0.2.1')}\n`, { name: 'a', key: line('a') }, `${line('a,192.0.2.1')}\n`],
    ['two old ones', `${line('a', OLD)}\n${line('a', OLD)}\n`, { name: 'a', key: line('a') }, `${line('a')}\n`],
    ['hidden', '', { name: 'a', key: line('a'), hash_host: true }, `${hidden('a')}\n`],
    ['hidden already', `${hidden('a')}\n`, { name: 'a', key: line('a'), hash_host: true }, `${hidden('a')}\n`],
    ['a hidden old key', `${hidden('a', OLD)}\n`, { name: 'a', key: line('a') }, `${line('a')}\n`],
    [
      'to be hidden',
      `${line('a,b')}\n`,
      { name: 'a', key: line('a,b'), hash_host: true },
      `${hidden('a')}\n${hidden('b')}\n`,
    ],
    ['gone', `${line('a')}\n${hidden('a')}\n${line('b')}\n`, { name: 'a', state: 'absent' }, `${line('b')}\n`],
    [
      'one key gone',
      `${line('a')}\n${line('a', OLD)}\n`,
      { name: 'a', state: 'absent', key: line('a') },
      `${line('a', OLD)}\n`,
    ],
    ['nothing to go', null, { name: 'a', state: 'absent' }, null],
    ['at a port', '', { name: '[a]:22', key: line('[a]:22') }, `${line('[a]:22')}\n`],
    ['what ssh-keyscan prints', '', { name: 'a', key: `# a:22 SSH-2.0\n${line('a')}\n` }, `${line('a')}\n`],
    [
      'others untouched',
      `@revoked ${line('a', OLD)}\n*.x ${TYPE} ${OLD}\n`,
      { name: 'a', key: line('a') },
      `@revoked ${line('a', OLD)}\n*.x ${TYPE} ${OLD}\n${line('a')}\n`,
    ],
  ])('%s', async (_, text, args, after) => expect(await edited(text, args)).toBe(after))
  it.each([
    [{ name: 'a' }, 'needs a key'],
    [{ name: 'a', key: line('b') }, 'and not of a'],
    [{ name: 'a', key: 'rubbish' }, 'no key'],
    [{ name: 'a\nb', key: line('a') }, 'no name'],
    [{ name: '*', state: 'absent' }, 'no name'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(knownHosts, { path: '/etc/known', ...args }, textHost('', '/etc/known'))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
})

it('hides names as ssh-keygen does, and finds what that hid', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drover-known-'))
  try {
    const file = join(directory, 'known')
    writeFileSync(file, `${hidden('git.example.org')}\n`)
    expect(execFileSync('ssh-keygen', ['-F', 'git.example.org', '-f', file], { encoding: 'utf8' })).toContain(NEW)
    writeFileSync(file, `${line('db.example.org', OLD)}\n`)
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
    const text = execFileSync('cat', [file], { encoding: 'utf8' })
    expect(text).toMatch(/^\|1\|/)
    expect(editHosts(text, { name: 'DB.example.org', keys: [], state: 'absent', hash: false })).toBe('')
  } finally {
    rmSync(directory, { recursive: true })
  }
})

const OWN = new Set([line('a', OLD), hidden('a'), line('a')])
const rest = (text: string): readonly string[] => text.split('\n').filter((each) => !OWN.has(each))

it('never touches a line of another host', () => {
  const other = constantFrom(
    '# c',
    '',
    line('b'),
    hidden('c'),
    `@cert-authority ${line('*.x')}`,
    'junk',
    `${HASHED}x ${TYPE} ${OLD}`,
  )
  const own = constantFrom(...OWN)
  const key = parseHostLine(line('a')) as HostLine
  assert(
    property(array(oneof(other, own)), boolean(), constantFrom('present', 'absent'), (lines, hash, state) => {
      const before = lines.map((each) => `${each}\n`).join('')
      const wish = { name: 'a', keys: [key], state, hash } as const
      const after = editHosts(before, wish)
      expect(rest(after)).toEqual(rest(before))
      expect(editHosts(after, wish)).toBe(after)
    }),
  )
})
