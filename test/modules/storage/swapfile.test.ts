import { describe, expect, test } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { diskSpace } from '../../../modules/facts/disk-space.ts'
import { kernelParameter } from '../../../modules/facts/kernel-parameter.ts'
import { memory } from '../../../modules/facts/memory.ts'
import { signature } from '../../../modules/facts/signature.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { swaps } from '../../../modules/facts/swaps.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import { formatSize, parseSize } from '../../../modules/lib/size.ts'
import type { Step } from '../../../modules/step.ts'
import swapfile from '../../../modules/storage/swapfile.ts'
import { type Known, planOf, proposalOf } from '../fake-host.ts'
import { FSTAB, host } from './storage-host.ts'

const GIB = 1024 ** 3
const ARGS = { path: '/swapfile', size: '1G' }
const file = (size: number, mode = '0600') => ({ ...predictedStat('file', { mode }), size })
const area = { type: 'swap', uuid: 'AAAA', label: null, table: null }
const active = { path: '/swapfile', kind: 'file', size: GIB - 4096, priority: -2, deleted: false } as const
const there = (size = GIB): readonly Known[] => [
  [stat('/swapfile'), file(size)],
  [signature('/swapfile'), area],
  [swaps(), [active]],
  [content('/etc/fstab'), Buffer.from(`${FSTAB}/swapfile none swap defaults 0 0\n`)],
]
const brief = (steps: readonly Step[]): readonly unknown[] =>
  steps.flatMap(({ actions }) =>
    actions.map((one) =>
      one.do === 'sh'
        ? [one.title, ...one.args]
        : one.do === 'run'
          ? one.argv
          : one.do === 'await' || one.do === 'request'
            ? [one.title]
            : [one.do, one.path],
    ),
  )
const planned = async (args: object, ...known: readonly Known[]): Promise<readonly unknown[]> => {
  const plan = await planOf(swapfile, { ...ARGS, ...args }, host(...known))
  return plan.kind === 'refusal' ? [plan.message] : brief(plan.steps)
}
const RELOAD = ['systemctl', 'daemon-reload']

test('on a bare host: built, in use, listed; then nothing', async () => {
  const plan = await proposalOf(swapfile, ARGS, host())
  expect(brief(plan.steps)).toEqual([
    ['build the swap file /swapfile', '/swapfile', '1073741824', '', '', ''],
    ['swap to /swapfile', '/swapfile', '', '/swapfile'],
    ['write', '/etc/fstab'],
    RELOAD,
  ])
  const after = host().after(plan)
  expect((await proposalOf(swapfile, ARGS, after)).steps).toEqual([])
  expect(await after.get(stat('/swapfile'))).toMatchObject({ mode: '0600', size: GIB })
})

test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
  ['converged, though swapon shows a page less', {}, there(), []],
  ['in bytes it is the same', { size: String(GIB) }, there(), []],
  ['an entry with other options is kept', {}, [...there(), [content('/etc/fstab'), Buffer.from('/swapfile swap swap sw,nofail\n')]], []],
  ['not in use', { fstab: false }, [...there(), [swaps(), []]], [['swap to /swapfile', '/swapfile', '', '/swapfile']]],
  ['a name with a blank, as the kernel lists it', { path: '/my swap', fstab: false }, [], [['build the swap file /my swap', '/my swap', String(GIB), '', '', ''], ['swap to /my swap', '/my swap', '', '/my\\040swap']]],
  ['open to others', {}, [...there(), [stat('/swapfile'), file(GIB, '0644')]], [['attributes', '/swapfile']]],
  ['resized', { size: '2G', fstab: false }, there(), [['build the swap file /swapfile', '/swapfile', String(2 * GIB), '', '', 'active'], ['swap to /swapfile', '/swapfile', '', '/swapfile']]],
  ['another priority', { priority: 10, fstab: false }, there(), [['stop swapping to /swapfile', '/swapfile', '/swapfile'], ['swap to /swapfile', '/swapfile', '10', '/swapfile']]],
  ['btrfs must not copy on write', { fstab: false }, [[diskSpace('/'), { total: GIB, available: 9 * GIB, mountPoint: '/', fstype: 'btrfs' }]], [['build the swap file /swapfile', '/swapfile', String(GIB), '', 'nocow', ''], expect.anything()]],
  ['f2fs leaves holes', { fstab: false }, [[diskSpace('/'), { total: GIB, available: 9 * GIB, mountPoint: '/', fstype: 'f2fs' }]], [['build the swap file /swapfile', '/swapfile', String(GIB), 'holes', '', ''], expect.anything()]],
  ['the right size and nothing in it', { fstab: false }, [[stat('/swapfile'), file(GIB, '0644')]], [['attributes', '/swapfile'], ['mkswap', '/swapfile'], expect.anything()]],
  ['swappiness where asked', { swappiness: 10, fstab: false }, [...there(), [kernelParameter('vm.swappiness'), '60']], [['sysctl', '-w', 'vm.swappiness=10'], ['write', '/etc/sysctl.d/99-swappiness.conf']]],
  ['absent', { state: 'absent' }, there(), [['write', '/etc/fstab'], RELOAD, ['stop swapping to /swapfile', '/swapfile', '/swapfile'], ['remove', '/swapfile']]],
  ['absent already', { state: 'absent' }, [], []],
])('%s', async (_, args, known, expected) => expect(await planned(args, ...known)).toEqual(expected)) // prettier-ignore

describe('refused', () => {
  test.each<readonly [string, object, readonly Known[], RegExp]>([
    [
      'a file of another size that is no swap area',
      {},
      [[stat('/swapfile'), file(5)]],
      /no swap area, and its size is 5 bytes/,
    ],
    [
      'a file that holds something else',
      {},
      [
        [stat('/swapfile'), file(GIB)],
        [signature('/swapfile'), { ...area, type: 'ext4' }],
      ],
      /holds something else \(ext4\)/,
    ],
    [
      'removing what is no swap area',
      { state: 'absent' },
      [[stat('/swapfile'), file(GIB)]],
      /no swap area, so it is not removed/,
    ],
    ['a directory', {}, [[stat('/swapfile'), predictedStat('directory', {})]], /is a directory/],
    ['too little room', { size: '20G' }, [], /has 10 GiB free, too little/],
    [
      'a filesystem that cannot hold one',
      {},
      [[diskSpace('/'), { total: GIB, available: GIB, mountPoint: '/', fstype: 'overlayfs' }]],
      /overlayfs, which cannot hold a swap file/,
    ],
    [
      'more swapped out than memory can take',
      { size: '2G' },
      [...there(), [memory(), { total: 2 * GIB, available: GIB / 2, swapTotal: GIB, swapFree: 0 }]],
      /1 GiB are swapped out/,
    ],
    ['no size', { size: 'much' }, [], /no size of a swap file|size/],
  ])('%s', async (_, args, known, message) => {
    const answer = await planned(args, ...known).catch((error: unknown) => [String(error)])
    expect(String(answer[0])).toMatch(message)
  })
})

test('a removed file that is still swapped to is spoken of', async () => {
  const plan = await proposalOf(swapfile, ARGS, host([swaps(), [{ ...active, deleted: true }]]))
  expect(plan.warnings).toEqual([expect.stringMatching(/still in use/)])
})

test('sizes', () => {
  expect(['1G', '512M', '1.5g', '1GiB', '1048576', '10kb'].map(parseSize)).toEqual([
    GIB,
    512 * 1024 ** 2,
    1.5 * GIB,
    GIB,
    1048576,
    10240,
  ])
  expect(['', 'G', '1X', '-1'].map(parseSize)).toEqual([null, null, null, null])
  expect([512, GIB, 1.5 * GIB].map(formatSize)).toEqual(['512 bytes', '1 GiB', '1.5 GiB'])
})
