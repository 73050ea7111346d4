import { describe, expect, test } from 'vitest'
import { deviceByTag } from '../../../modules/facts/device-by-tag.ts'
import { disk } from '../../../modules/facts/disk.ts'
import { filesystemSize } from '../../../modules/facts/filesystem-size.ts'
import { mounts } from '../../../modules/facts/mounts.ts'
import { signature } from '../../../modules/facts/signature.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { swaps } from '../../../modules/facts/swaps.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import filesystem from '../../../modules/storage/filesystem.ts'
import { type Known, planOf, proposalOf } from '../fake-host.ts'
import { device, host, ROOT_MOUNT } from './storage-host.ts'

const GIB = 1024 ** 3
const found = (type: string | null, more: object = {}): Known => [
  signature('/dev/vdb'),
  { type, uuid: 'AAAA', label: null, table: type === null ? 'gpt' : null, ...more },
]
const mountedOn = (target: string): Known => [
  mounts(),
  [ROOT_MOUNT, { ...ROOT_MOUNT, device: '254:16', target, source: '/dev/vdb' }],
]
const argvs = async (args: object, ...known: readonly Known[]): Promise<readonly unknown[]> => {
  const plan = await planOf(filesystem, { dev: '/dev/vdb', ...args }, host(...known))
  if (plan.kind === 'refusal') return [plan.message]
  return plan.steps.flatMap(({ actions }) =>
    actions.map((action) => (action.do === 'run' ? action.argv.join(' ') : action.do)),
  )
}

describe('making', () => {
  test.each([
    [{ fstype: 'ext4' }, 'mkfs.ext4 -q /dev/vdb'],
    [{ fstype: 'ext3', label: 'a b', uuid: 'u' }, 'mkfs.ext3 -q -L a b -U u /dev/vdb'],
    [{ fstype: 'xfs', uuid: 'u', opts: "-i 'size=512'" }, 'mkfs.xfs -q -m uuid=u -i size=512 /dev/vdb'],
    [{ fstype: 'vfat', uuid: 'ABCD-1234', label: 'efi' }, 'mkfs.vfat -n EFI -i ABCD1234 /dev/vdb'],
    [{ fstype: 'swap', label: 's' }, 'mkswap -L s /dev/vdb'],
    [{ fstype: 'lvm' }, 'pvcreate /dev/vdb'],
  ])('%j on a blank device, without a force flag', async (args, argv) => expect(await argvs(args)).toEqual([argv]))

  test('a second run is converged, and the label and UUID lead to the device', async () => {
    const args = { dev: '/dev/vdb', fstype: 'ext4', label: 'data', uuid: 'BBBB' }
    const after = host().after(await proposalOf(filesystem, args, host()))
    expect((await proposalOf(filesystem, args, after)).steps).toEqual([])
    expect(await after.get(deviceByTag('LABEL=data'))).toBe('/dev/vdb')
    expect(await after.get(deviceByTag('UUID=BBBB'))).toBe('/dev/vdb')
  })
  test('a link is followed', async () => {
    const link: Known = [
      stat('/dev/disk/by-id/x'),
      predictedStat('link', {}, undefined, { target: '../../vdb', resolved: '/dev/vdb' }),
    ]
    const plan = await proposalOf(filesystem, { dev: '/dev/disk/by-id/x', fstype: 'ext4' }, host(link))
    expect(plan.steps[0]?.actions).toEqual([{ do: 'run', argv: ['mkfs.ext4', '-q', '/dev/vdb'] }])
    expect(await host(link).after(plan).get(signature('/dev/disk/by-id/x'))).toMatchObject({ type: 'ext4' })
  })
})

describe('what is there already', () => {
  test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
    ['the same kind stays', { fstype: 'ext4' }, [found('ext4')], []],
    [
      'another kind is refused',
      { fstype: 'xfs' },
      [found('ext4')],
      [expect.stringMatching(/holds a filesystem \(ext4\), and xfs was asked for/)],
    ],
    ['ext4 is not found in ext4dev', { fstype: 'ext4' }, [found('ext4dev')], [expect.stringMatching(/ext4dev/)]],
    [
      'a partition table is refused',
      { fstype: 'xfs' },
      [found(null)],
      [expect.stringMatching(/partition table \(gpt\)/)],
    ],
    [
      'force erases it',
      { fstype: 'xfs', force: true },
      [found('ext4')],
      ['wipefs -a -q /dev/vdb', 'mkfs.xfs -q /dev/vdb'],
    ],
    [
      'force does not erase what is mounted',
      { fstype: 'xfs', force: true },
      [found('ext4'), mountedOn('/d')],
      [expect.stringMatching(/mounted on \/d/)],
    ],
    [
      'nor swap in use',
      { fstype: 'xfs', force: true },
      [found('swap'), [swaps(), [{ path: '/dev/vdb', kind: 'partition', size: 1, priority: -2, deleted: false }]]],
      [expect.stringMatching(/in use as swap/)],
    ],
    [
      'nor a volume group',
      { fstype: 'xfs', force: true },
      [found('LVM2_member'), [disk('/dev/vdb'), device({ holders: ['dm-1'] })]],
      [expect.stringMatching(/dm-1/)],
    ],
    [
      'another UUID is drift',
      { fstype: 'ext4', uuid: 'BBBB' },
      [found('ext4')],
      [expect.stringMatching(/has the UUID AAAA, and BBBB/)],
    ],
    ['the label follows', { fstype: 'ext4', label: 'new' }, [found('ext4'), mountedOn('/d')], ['e2label /dev/vdb new']],
    [
      'an xfs label only while unmounted',
      { fstype: 'xfs', label: 'new' },
      [found('xfs'), mountedOn('/d')],
      [expect.stringMatching(/cannot be changed while it is mounted on \/d/)],
    ],
    ['FAT labels are in capitals', { fstype: 'vfat', label: 'efi' }, [found('vfat', { label: 'EFI' })], []],
    ['absent wipes', { state: 'absent' }, [found('ext4')], ['wipefs -a -q /dev/vdb']],
    ['absent leaves a partition table', { state: 'absent' }, [found(null)], [expect.stringMatching(/force: true/)]],
    ['absent on a blank device is done', { state: 'absent' }, [], []],
    [
      'a device that is not there',
      { fstype: 'ext4' },
      [[stat('/dev/vdb'), null]],
      [expect.stringMatching(/is not there/)],
    ],
  ])('%s', async (_, args, known, expected) => expect(await argvs(args, ...known)).toEqual(expected))
})

describe('growing', () => {
  const size = (fstype: string, bytes: number): readonly Known[] => [
    found(fstype),
    [filesystemSize('/dev/vdb', fstype), { size: bytes, block: 4096 }],
  ]
  test.each<readonly [string, string, readonly Known[], readonly unknown[]]>([
    ['full', 'ext4', size('ext4', 2 * GIB), []],
    ['short of less than a block', 'xfs', size('xfs', 2 * GIB - 4095), []],
    ['unmounted ext4 is checked first', 'ext4', size('ext4', GIB), ['e2fsck -f -p /dev/vdb', 'resize2fs /dev/vdb']],
    ['mounted ext4', 'ext4', [...size('ext4', GIB), mountedOn('/d')], ['resize2fs /dev/vdb']],
    ['mounted xfs grows by its mount point', 'xfs', [...size('xfs', GIB), mountedOn('/d')], ['xfs_growfs /d']],
    ['unmounted xfs cannot', 'xfs', size('xfs', GIB), [expect.stringMatching(/grows only while it is mounted/)]],
    ['vfat cannot', 'vfat', [found('vfat')], [expect.stringMatching(/cannot be grown/)]],
  ])('%s', async (_, fstype, known, expected) =>
    expect(await argvs({ fstype, resizefs: true }, ...known)).toEqual(expected),
  )
})
