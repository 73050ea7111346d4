import { disk, type Disk } from '../../../modules/facts/disk.ts'
import { diskSpace } from '../../../modules/facts/disk-space.ts'
import { memory } from '../../../modules/facts/memory.ts'
import { mounts, type Mount } from '../../../modules/facts/mounts.ts'
import { serviceManager } from '../../../modules/facts/service-manager.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { swaps } from '../../../modules/facts/swaps.ts'
import { content } from '../../../modules/facts/content.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import { FakeHost, type Known } from '../fake-host.ts'

const GIB = 1024 ** 3
export const FSTAB = '/dev/vda / ext4 defaults 0 1\n'
export const ROOT_MOUNT: Mount = {
  device: '254:0',
  root: '/',
  target: '/',
  options: ['rw', 'relatime'],
  fstype: 'ext4',
  source: '/dev/vda',
}

/** A block device of 2 GiB. */
export const device = (changes: Partial<Disk> = {}): Disk => ({
  device: '254:16',
  size: 2 * GIB,
  sectorSize: 512,
  readOnly: false,
  number: null,
  holders: [],
  parts: [],
  ...changes,
})
export const node = { ...predictedStat('file', { mode: '0660' }), type: 'block' as const }
export const directory = predictedStat('directory', {})

/** A host with a root, an fstab and the blank disk /dev/vdb, and what a test adds to that. */
export const host = (...known: readonly Known[]): FakeHost =>
  new FakeHost([
    [mounts(), [ROOT_MOUNT]],
    [swaps(), []],
    [serviceManager(), 'systemd'],
    [memory(), { total: 4 * GIB, available: 2 * GIB, swapTotal: 0, swapFree: 0 }],
    [diskSpace('/'), { total: 20 * GIB, available: 10 * GIB, mountPoint: '/', fstype: 'ext2/ext3' }],
    [content('/etc/fstab'), Buffer.from(FSTAB)],
    [stat('/etc/fstab'), predictedStat('file', { mode: '0644' })],
    [stat('/dev/vdb'), node],
    [disk('/dev/vdb'), device()],
    ...['/var', '/var/lib'].map((path): Known => [stat(path), directory]),
    ...known,
  ])
