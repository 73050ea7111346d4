import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import waitFor from '../../../modules/commands/wait_for.ts'
import { posixRegex } from '../../../modules/lib/posix-regex.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { checkArguments } from '../../../schema/arguments.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { SHELLS } from '../local-facts.ts'
import { runAction } from '../run-action.ts'

const root = mkdtempSync(join(tmpdir(), 'drover-wait-'))
const server = createServer((socket) => socket.on('error', () => undefined).end('hello 7\n'))
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  writeFileSync(join(root, 'log'), 'a\nready: 3 nodes\n')
})
afterAll(() => {
  server.close()
  rmSync(root, { recursive: true })
})

/** Waits on this machine; what the task returns. */
async function wait(args: JsonObject, shell: readonly string[], path?: string): Promise<JsonObject> {
  const plan = await proposalOf(waitFor, args)
  const checked = checkArguments(waitFor.args, args)
  if (!checked.ok) throw new Error('bad arguments')
  const ran = await runAction(plan.steps[0]?.actions[0], shell, path)
  return { ...plan.result, ...waitFor.result?.(checked.value, null, [ran]) }
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('wait_for with %s', (_, shell) => {
  it.each<[string, () => JsonObject, object]>([
    ['a port', () => ({ port }), { state: 'started' }],
    ['what a port says', () => ({ port, search_regex: String.raw`hello (\d)` }), { match_groups: ['7'] }],
    ['a port that is closed', () => ({ port: 1, state: 'stopped' }), {}],
    ['a port without connections', () => ({ port: 1, state: 'drained' }), {}],
    ['a file', () => ({ path: join(root, 'log') }), { path: join(root, 'log') }],
    [
      'a line',
      () => ({ path: join(root, 'log'), search_regex: String.raw`^ready: (?P<n>\d+)` }),
      { match_groupdict: { n: '3' } },
    ],
    ['no file', () => ({ path: join(root, 'none'), state: 'absent' }), {}],
    ['no line', () => ({ path: join(root, 'log'), search_regex: 'zz', state: 'absent' }), {}],
    ['time', () => ({ timeout: 0 }), {}],
  ])('sees %s', async (_, args, expected) => {
    const result = await wait({ timeout: 0, ...args() }, shell)
    expect(result).toMatchObject({ changed: false, ...expected })
    expect(result).not.toHaveProperty('failed')
  })

  it.each<[string, () => JsonObject, string]>([
    ['a port', () => ({ port: 1 }), 'Timeout when waiting for 127.0.0.1:1'],
    ['a closed port', () => ({ port, state: 'stopped', msg: 'still there' }), 'still there'],
    ['what a port says', () => ({ port, search_regex: 'bye' }), 'search string bye'],
    ['a file', () => ({ path: join(root, 'none') }), 'none'],
    ['no file', () => ({ path: join(root, 'log'), state: 'absent' }), 'log'],
  ])('gives up on %s', async (_, args, message) => {
    expect(await wait({ timeout: 0, ...args() }, shell)).toMatchObject({
      failed: true,
      msg: expect.stringContaining(message),
    })
  })
})

it.each(['curl', 'perl', 'python3', 'none'])('makes do with %s', async (tool) => {
  const bin = join(root, `bin-${tool}`)
  execFileSync('mkdir', [bin])
  for (const name of ['date', 'sleep', 'awk', 'grep', 'sh', ...(tool === 'none' ? [] : [tool])])
    symlinkSync(
      execFileSync('sh', ['-c', `ls 2>/dev/null /usr/bin/${name} || command -v ${name}`])
        .toString()
        .trim(),
      join(bin, name),
    )
  expect(await wait({ port, timeout: 0 }, ['/bin/dash'], bin)).not.toHaveProperty('failed')
  expect(await wait({ port: 1, timeout: 0 }, ['/bin/dash'], bin)).toHaveProperty('failed')
})

it('says what is missing', async () => {
  const result = await wait({ port, host: '10.255.255.1', timeout: 0 }, ['/bin/dash'], join(root, 'bin-none'))
  expect(result).toMatchObject({ failed: true, msg: expect.stringContaining('install') })
})

it.each<[JsonObject, string]>([
  [{ path: '/x', state: 'drained' }, 'drained'],
  [{ search_regex: 'x' }, 'needs a port or a path'],
  [{ path: '/x', search_regex: '(?=x)' }, 'grep cannot'],
])('refuses %j', async (args, message) => {
  expect(await planOf(waitFor, args)).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
})

it.each([
  [String.raw`^a\d+\s(?:b|c)[^]x]\.$`, String.raw`^a[0-9]+[[:space:]](b|c)[^]x]\.$`],
  ['(?P<n>a)', '(a)'],
  ['a+?', null],
  [String.raw`(a)\1`, null],
  ['(?i)a', null],
])('says %j to grep as %j', (pattern, expected) => {
  expect(posixRegex(pattern)).toBe(expected)
})
