import { describe, expect, it } from 'vitest'
import { checksum } from '../../../modules/facts/checksum.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import fetch from '../../../modules/files/fetch.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { Controller, ControllerPlace } from '../../../modules/module.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, NO_FILES, planOf, proposalOf } from '../fake-host.ts'

const FILE: FileStat = { ...predictedStat('file', {}), size: 3 }
const host = new FakeHost([
  [creator(), ROOT],
  [stat('/etc/a'), FILE],
  [checksum('/etc/a'), 'aa'],
  [stat('/root/b'), FILE],
  [checksum('/root/b'), 'bb'],
  [stat('/link'), { ...predictedStat('link', {}), target: 'etc/a', resolved: '/etc/a' }],
  [checksum('/link'), 'aa'],
  [stat('/broken'), { ...predictedStat('link', {}), target: 'x', resolved: null }],
  [stat('/dir'), predictedStat('directory', {})],
  [stat('/dev/sda'), predictedStat('file', {}, ROOT, { type: 'block' })],
])
/** A controller with one thing on it. */
const controller = (there?: ControllerPlace): Controller => ({
  ...NO_FILES,
  hostName: 'web1',
  place: (path) => Promise.resolve(there?.path === path ? there : { kind: 'absent', path }),
})
const local = (path: string, sha256: string): ControllerPlace => ({ kind: 'file', path, size: 3, sha1: 's1', sha256 })

describe('where the file goes', () => {
  it.each<[string, { readonly src: string; readonly dest: string; readonly flat?: boolean }, string]>([
    ['a directory for each host', { src: '/etc/a', dest: 'got' }, 'got/web1/etc/a'],
    ['the same with a slash', { src: '/etc/a', dest: '/got/' }, '/got/web1/etc/a'],
    ['never out of it', { src: '/etc/../../etc/a', dest: 'got' }, 'got/web1/etc/a'],
    ['the home directory', { src: '~/b', dest: 'got' }, 'got/web1/root/b'],
    ['a path of its own', { src: '/etc/a', dest: 'got/b', flat: true }, 'got/b'],
    ['a directory of its own', { src: '/etc/a', dest: 'got/', flat: true }, 'got/a'],
  ])('%s', async (_, args, to) => {
    const known = new FakeHost([
      [creator(), ROOT],
      [stat(args.src), FILE],
      [checksum(args.src), 'aa'],
      [stat('/root/b'), FILE],
      [checksum('/root/b'), 'aa'],
    ])
    const { steps } = await proposalOf(fetch, args, known, controller())
    expect(steps[0]?.actions).toMatchObject([{ do: 'fetch', to }])
  })
})

it('says what differs, and asks for what was looked at', async () => {
  const args = { src: '/etc/a', dest: '/l/a', flat: true }
  const plan = await proposalOf(fetch, args, host, controller({ ...local('/l/a', 'old'), size: 9 } as ControllerPlace))
  expect(plan.steps).toEqual([
    {
      change: {
        subject: '/l/a on the controller',
        verb: 'update',
        attributes: [
          { name: 'size', before: 9, after: 3 },
          { name: 'sha256', before: 'old', after: 'aa' },
        ],
      },
      actions: [{ do: 'fetch', path: '/etc/a', to: '/l/a', sha256: 'aa' }],
      effects: [],
    },
  ])
  const loose = await proposalOf(fetch, { ...args, validate_checksum: false }, host, controller())
  expect(loose.steps[0]?.actions).toMatchObject([{ sha256: null }])
})

it.each(['/etc/a', '/link'])('leaves what is there already: %s', async (src) => {
  const { steps, result } = await proposalOf(
    fetch,
    { src, dest: '/l/a', flat: true },
    host,
    controller(local('/l/a', 'aa')),
  )
  expect(steps).toEqual([])
  expect(result).toEqual({ file: src, dest: '/l/a', checksum: 's1', remote_checksum: 's1', size: 3 })
})

it('returns what arrived', () => {
  const stdout = Buffer.from(JSON.stringify({ size: 3, sha1: 'x', sha256: 'y' }))
  const performed = { status: 0, stdout, stderr: Buffer.alloc(0), start: 0, end: 0 }
  expect(fetch.result?.({}, undefined, [performed])).toEqual({ checksum: 'x', remote_checksum: 'x', size: 3 })
})

it.each<[string, JsonObject, ControllerPlace | undefined, string]>([
  ['nothing there', { src: '/none' }, undefined, 'does not exist: /none'],
  ['a link to nothing', { src: '/broken' }, undefined, 'does not exist'],
  ['a directory', { src: '/dir' }, undefined, 'cannot work on directories'],
  ['a device', { src: '/dev/sda' }, undefined, 'is a block'],
  ['a directory in the way', { src: '/etc/a' }, { kind: 'directory', path: '/l' }, 'with a slash at its end'],
  ['a socket in the way', { src: '/etc/a' }, { kind: 'other', path: '/l' }, 'no regular file'],
])('refuses: %s', async (_, args, place, message) => {
  const plan = await planOf(fetch, { dest: '/l', flat: true, ...args }, host, controller(place))
  expect(plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) as string })
})

it('takes what is not there for nothing to do, if told to', async () => {
  const { steps, result } = await proposalOf(
    fetch,
    { src: '/none', dest: '/l', fail_on_missing: false },
    host,
    controller(),
  )
  expect([steps, result['msg']]).toEqual([[], 'the remote file does not exist, not transferring, ignored'])
})
