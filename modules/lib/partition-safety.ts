import type { Disk } from '../facts/disk.ts'
import type { Mount } from '../facts/mounts.ts'
import type { Signature } from '../facts/signature.ts'
import type { Swap } from '../facts/swaps.ts'

/** A device that is about to lose what it holds. */
export interface Endangered {
  /** As people call it. */
  readonly node: string
  /** Other paths of the same device, and its `major:minor`. */
  readonly paths: readonly string[]
  readonly disk: Disk | null
  readonly signature: Signature | null
}

/** Why a device may not be touched at all, forced or not: the kernel is using it. Null where it is not. */
export function inUse(device: Endangered, mounts: readonly Mount[], swaps: readonly Swap[]): string | null {
  const { node, disk } = device
  const names = new Set([node, ...device.paths])
  const number = disk?.device
  const mount = mounts.find((one) => names.has(one.source) || (number && one.device === number))
  if (mount) return `${node} is mounted on ${mount.target}: unmount it first`
  if (swaps.some((one) => names.has(one.path))) return `${node} is in use as swap: run swapoff first`
  const holders = disk?.holders ?? []
  return holders.length > 0 ? `${node} is in use by ${holders.join(', ')} (LVM, md or device mapper)` : null
}

/** Why a device may not be touched without `force`: something is on it. Null where it is blank. */
export function holdsSomething(node: string, found: Signature | null): string | null {
  if (found === null) return null
  switch (found.type) {
    case 'LVM2_member':
      return `${node} is a physical volume of LVM`
    case 'linux_raid_member':
      return `${node} is a member of an md array`
    case 'swap':
      return `${node} holds a swap area`
    case null:
      return `${node} holds a partition table (${found.table ?? 'unknown'})`
    default:
      return `${node} holds a filesystem (${found.type}${found.label ? `, labelled ${found.label}` : ''})`
  }
}
