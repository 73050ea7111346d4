import { describe, expect, test } from 'vitest'
import { disk } from '../../../modules/facts/disk.ts'
import { mounts } from '../../../modules/facts/mounts.ts'
import { partitions } from '../../../modules/facts/partitions.ts'
import { signature, signatureIn } from '../../../modules/facts/signature.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { swaps } from '../../../modules/facts/swaps.ts'
import type { Partition, PartitionTable } from '../../../modules/lib/partition-table.ts'
import { partitionNode } from '../../../modules/lib/partition-table.ts'
import type { ScriptAction } from '../../../modules/step.ts'
import partition from '../../../modules/storage/partition.ts'
import { type Known, planOf, proposalOf } from '../fake-host.ts'
import { device, host, node, ROOT_MOUNT } from './storage-host.ts'

const part = (number: number, start: number, size: number, changes: Partial<Partition> = {}): Partition => ({
  number,
  type: 'primary',
  start,
  size,
  code: '83',
  name: null,
  uuid: null,
  bootable: false,
  attributes: [],
  ...changes,
})
const EXTENDED = part(1, 2048, 4192256, { type: 'extended', code: '5' })
const LOGICAL = part(5, 4096, 4190208, { type: 'logical' })
const table = (label: string, ...all: readonly Partition[]): PartitionTable => ({
  label,
  id: '0xf1dd',
  partitions: all,
})
const holding = (label: string, ...all: readonly Partition[]): Known => [partitions('/dev/vdb'), table(label, ...all)]
const ext4 = { type: 'ext4', uuid: 'afec', label: null, table: null }
const refusalOf = async (args: object, ...known: readonly Known[]): Promise<string> => {
  const plan = await planOf(partition, { device: '/dev/vdb', ...args }, host(...known))
  return plan.kind === 'refusal' ? plan.message : `${plan.steps.length} steps`
}

test('an extended partition, then a logical one: /dev/vdb5, and nothing more', async () => {
  const bare = host()
  const first = { device: '/dev/vdb', label: 'msdos', number: 1, type: 'extended', start: '1MiB', end: '100%' }
  const second = { device: '/dev/vdb', number: 5, type: 'logical' }
  const extended = await proposalOf(partition, first, bare)
  expect(extended.steps.map(({ change }) => change.subject)).toEqual([
    '/dev/vdb partition table',
    '/dev/vdb partition 1',
  ])
  const then = bare.after(extended)
  const logical = await proposalOf(partition, second, then)
  const [action] = logical.steps[0]?.actions ?? []
  expect((action as ScriptAction).stdin?.toString()).toBe(
    'label: dos\nunit: sectors\n\n1 : start=2048, size=4192256, type=5\n5 : start=4096, size=4190208, type=83\n',
  )
  expect((action as ScriptAction).args).toEqual([
    '/dev/vdb',
    '',
    '5',
    '/dev/vdb',
    'mkpart',
    'logical',
    '4096s',
    '4194303s',
  ])
  const last = then.after(logical)
  expect(await last.get(stat('/dev/vdb5'))).toMatchObject({ type: 'block', mode: '0660' })
  expect(await last.get(signature('/dev/vdb5'))).toBeNull()
  expect(await last.get(disk('/dev/vdb5'))).toMatchObject({ size: 4190208 * 512, number: 5 })
  for (const args of [first, second, { ...second, start: '0%', end: '100%' }])
    expect((await proposalOf(partition, args, last)).steps).toEqual([])
})

describe('places', () => {
  const gpt = holding('gpt', part(1, 2048, 2048 * 99))
  test.each([
    ['the first free place', {}, [2048 * 100, 4192256 - 2048 * 100]],
    ['GiB and per cent', { start: '1GiB', end: '75%' }, [2097152, 1048576]],
    ['from the end', { start: '1GiB', end: '-512MiB' }, [2097152, 1048576]],
    ['sectors are exact, the last one included', { start: '300001s', end: '400000s' }, [300001, 100000]],
    ['MB are powers of ten, rounded to a MiB', { start: '500MB', end: '1000MB' }, [976896, 976896]],
  ] as const)('%s', async (_, args, [start, size]) => {
    const plan = await proposalOf(partition, { device: '/dev/vdb', number: 2, ...args }, host(gpt))
    const after = await host(gpt).after(plan).get(partitions('/dev/vdb'))
    expect(after?.partitions[1]).toMatchObject({ number: 2, start, size })
  })
  test('nodes of devices that end in a digit', () => {
    expect(['/dev/vdb', '/dev/nvme0n1', '/dev/loop0', '/dev/disk/by-id/wwn-5'].map((one) => partitionNode(one, 5))).toEqual([
      '/dev/vdb5', '/dev/nvme0n1p5', '/dev/loop0p5', '/dev/disk/by-id/wwn-5-part5',
    ]) // prettier-ignore
  })
})

describe('what is refused', () => {
  const four = [1, 2, 3, 4].map((number) => part(number, number * 2048, 2048))
  const P5 = [
    holding('msdos', EXTENDED, LOGICAL),
    [disk('/dev/vdb'), device({ parts: [{ number: 5, device: '259:2', holders: [] }] })],
  ] as const
  const mounted = [
    mounts(),
    [ROOT_MOUNT, { ...ROOT_MOUNT, device: '259:2', target: '/data', source: '/dev/root' }],
  ] as const
  test.each<readonly [string, object, readonly Known[], RegExp]>([
    ['relabelling', { number: 1, label: 'gpt' }, [holding('msdos')], /has a msdos table, and gpt was asked for/],
    ['relabelling, forced', { number: 1, label: 'gpt', force: true }, [holding('msdos')], /never relabelled/],
    ['a disk with a filesystem', { number: 1 }, [[signature('/dev/vdb'), ext4]], /holds a filesystem \(ext4\)/],
    [
      'a physical volume',
      { number: 1 },
      [[signature('/dev/vdb'), { ...ext4, type: 'LVM2_member' }]],
      /physical volume of LVM/,
    ],
    [
      'a member of an array',
      { number: 1 },
      [[signature('/dev/vdb'), { ...ext4, type: 'linux_raid_member' }]],
      /md array/,
    ],
    [
      'a mounted disk, forced',
      { number: 1, force: true },
      [[mounts(), [{ ...ROOT_MOUNT, device: '254:16', target: '/d' }]]],
      /is mounted on \/d/,
    ],
    [
      'a disk in use as swap, forced',
      { number: 1, force: true },
      [[swaps(), [{ path: '/dev/vdb', kind: 'partition', size: 1, priority: 0, deleted: false }]]],
      /in use as swap/,
    ],
    [
      'a disk that others are built on',
      { number: 1, force: true },
      [[disk('/dev/vdb'), device({ holders: ['dm-0'] })]],
      /in use by dm-0/,
    ],
    [
      'a range with a signature',
      { number: 5 },
      [holding('msdos', EXTENDED), [signatureIn('/dev/vdb', 4096 * 512, 4190208 * 512), ext4]],
      /sectors 4096 to 4194303.*ext4/,
    ],
    ['another end', { number: 5, end: '50%' }, P5, /lies at sectors 4096 to 4194303, and 4096 to 2097151/],
    ['another type', { number: 1, type: 'primary' }, P5, /is extended, and primary was asked for/],
    ['a fifth primary', { number: 5, type: 'primary' }, [holding('msdos', ...four)], /at most four primary/],
    ['a logical one outside', { number: 5 }, [holding('msdos')], /inside an extended one, and there is none/],
    ['a gap in the logical numbers', { number: 6 }, [holding('msdos', EXTENDED)], /gets number 5, not 6/],
    ['a second extended one', { number: 2, type: 'extended' }, [holding('msdos', EXTENDED)], /has one extended/],
    [
      'an overlap',
      { number: 2, start: '2MiB' },
      [holding('msdos', part(1, 2048, 204800))],
      /partition 1 has the sectors/,
    ],
    [
      'more than 2 TiB for msdos',
      { number: 1 },
      [[disk('/dev/vdb'), device({ size: 3 * 1024 ** 4 })]],
      /2 TiB.*label: gpt/,
    ],
    ['a name for msdos', { number: 1, name: 'x' }, [], /have no names/],
    ['a partition as the disk', { number: 1 }, [[disk('/dev/vdb'), device({ number: 2 })]], /is a partition itself/],
    ['no such device', { number: 1 }, [[stat('/dev/vdb'), null]], /no block device/],
    [
      'removing what is mounted, forced',
      { number: 5, state: 'absent', force: true },
      [...P5, mounted],
      /mounted on \/data/,
    ],
    [
      'removing what holds something',
      { number: 5, state: 'absent' },
      [...P5, [signature('/dev/vdb5'), ext4]],
      /filesystem \(ext4\)/,
    ],
    ['removing an extended one that is full', { number: 1, state: 'absent' }, P5, /extended partition around 5/],
    ['partitions that are not listed', { partitions: [{ type: 'extended' }] }, P5, /also has partition 5/],
    ['unknown flags', { number: 1, flags: ['nonsense'] }, [], /flag nonsense is not known/],
    ['two types in one', { number: 1, flags: ['lvm', 'raid'] }, [], /exclude each other/],
  ])('%s', async (_, args, known, message) => expect(await refusalOf(args, ...known)).toMatch(message))
})

test('force erases first, and says so by doing it', async () => {
  const plan = await proposalOf(
    partition,
    { device: '/dev/vdb', number: 1, force: true },
    host([signature('/dev/vdb'), ext4]),
  )
  expect(plan.steps[0]?.actions[0]).toEqual({ do: 'run', argv: ['wipefs', '-a', '-q', '/dev/vdb'] })
})

test('the whole table at once, and again', async () => {
  const args = {
    device: '/dev/vdb',
    label: 'gpt',
    partitions: [
      { name: 'log "1"', end: '50%' },
      { name: 'data', flags: ['lvm'] },
    ],
  }
  const plan = await proposalOf(partition, args, host())
  expect(plan.steps).toHaveLength(3)
  const [, , last] = plan.steps.map(({ actions }) => (actions[0] as ScriptAction).stdin?.toString())
  expect(last).toContain(
    '1 : start=2048, size=2095104, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, name="log \\x221\\x22"',
  )
  expect(plan.steps[1]?.actions[0]).toMatchObject({
    args: ['/dev/vdb', '', '1', '/dev/vdb', 'mkpart', `'log "1"'`, '2048s', '2097151s'],
  })
  expect(last).toContain('2 : start=2097152, size=2095104, type=E6D6D379-F507-44C2-A23C-238F2A3DF928, name="data"')
  expect((await proposalOf(partition, args, host().after(plan))).steps).toEqual([])
})

test('flags change the type; a second run, growing and removing', async () => {
  const small = [
    holding('msdos', part(1, 2048, 204800)),
    [disk('/dev/vdb'), device({ parts: [{ number: 1, device: '259:1', holders: [] }] })],
  ] as const
  const lvm = { device: '/dev/vdb', number: 1, flags: ['lvm', 'boot'] }
  const plan = await proposalOf(partition, lvm, host(...small))
  expect(plan.steps[0]?.change.attributes).toEqual([{ name: 'flags', before: null, after: 'boot, lvm' }])
  // The kernel need not hear of it: the partition stays where it is.
  expect(plan.steps[0]?.actions[0]).toMatchObject({
    args: ['/dev/vdb', '', '', '/dev/vdb', 'set', '1', 'boot', 'on', 'set', '1', 'lvm', 'on'],
  })
  const grown = await proposalOf(partition, { device: '/dev/vdb', number: 1, end: '50%', resize: true }, host(...small))
  expect(grown.steps[0]?.change.attributes).toEqual([{ name: 'end', before: '206847s', after: '2097151s' }])
  const gone = await proposalOf(
    partition,
    { device: '/dev/vdb', number: 1, state: 'absent' },
    host(...small, [stat('/dev/vdb1'), node]),
  )
  expect(
    await host(...small)
      .after(gone)
      .get(stat('/dev/vdb1')),
  ).toBeNull()
})
