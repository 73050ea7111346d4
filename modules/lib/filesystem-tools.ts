import type { RunAction } from '../step.ts'
import { run } from '../step.ts'

/** What the filesystem module can make. */
export const FSTYPES = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat', 'f2fs', 'swap', 'lvm'] as const
export type Fstype = (typeof FSTYPES)[number]

/** What blkid calls each of them. */
export const signatureType = (fstype: Fstype): string => (fstype === 'lvm' ? 'LVM2_member' : fstype)

const isExt = (fstype: string): boolean => /^ext[234]$/.test(fstype)

const given = (flag: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [flag, value])

/** The command that makes a filesystem; none of the flags that would make it overwrite something. */
export function makeFilesystem(
  fstype: Fstype,
  device: string,
  options: {
    readonly label?: string | undefined
    readonly uuid?: string | undefined
    readonly words: readonly string[]
  },
): RunAction {
  const { label, uuid, words } = options
  switch (fstype) {
    case 'ext2':
    case 'ext3':
    case 'ext4':
      return run(`mkfs.${fstype}`, '-q', ...given('-L', label), ...given('-U', uuid), ...words, device)
    case 'xfs':
      return run('mkfs.xfs', '-q', ...given('-L', label), ...given('-m', uuid && `uuid=${uuid}`), ...words, device)
    case 'btrfs':
      return run('mkfs.btrfs', '-q', ...given('-L', label), ...given('-U', uuid), ...words, device)
    case 'vfat':
      return run('mkfs.vfat', ...given('-n', label), ...given('-i', uuid?.replace('-', '')), ...words, device)
    case 'f2fs':
      return run('mkfs.f2fs', '-q', ...given('-l', label), ...given('-U', uuid), ...words, device)
    case 'swap':
      return run('mkswap', ...given('-L', label), ...given('-U', uuid), ...words, device)
    case 'lvm':
      return run('pvcreate', ...given('--uuid', uuid), ...(uuid ? ['--norestorefile'] : []), ...words, device)
  }
}

/** The command that gives an existing filesystem another label; null where there is none for it. `at`: where it is mounted. */
export function setLabel(fstype: Fstype, device: string, label: string, at: string | null): RunAction | null {
  if (isExt(fstype)) return run('e2label', device, label)
  if (fstype === 'btrfs') return run('btrfs', 'filesystem', 'label', at ?? device, label)
  if (at !== null) return null
  if (fstype === 'xfs') return run('xfs_admin', '-L', label, device)
  if (fstype === 'vfat') return run('fatlabel', device, label)
  return fstype === 'swap' ? run('swaplabel', '-L', label, device) : null
}

/** The commands that let a filesystem fill its device, or why that cannot be. `at`: where it is mounted. */
export function growFilesystem(fstype: Fstype, device: string, at: string | null): readonly RunAction[] | string {
  if (isExt(fstype)) {
    // Growing an unmounted one needs a check first; 1 means that it mended something.
    const check: RunAction = { do: 'run', argv: ['e2fsck', '-f', '-p', device], accept: [0, 1] }
    return [...(at === null ? [check] : []), run('resize2fs', device)]
  }
  if (fstype !== 'xfs' && fstype !== 'btrfs') return `a ${fstype} filesystem cannot be grown`
  if (at === null) return `${fstype} grows only while it is mounted: mount ${device} first`
  return [fstype === 'xfs' ? run('xfs_growfs', at) : run('btrfs', 'filesystem', 'resize', 'max', at)]
}

/** Whether the size of this kind of filesystem can be compared with its device's. */
export const isResizable = (fstype: Fstype): boolean => isExt(fstype) || fstype === 'xfs' || fstype === 'btrfs'
