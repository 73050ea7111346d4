import type { JsonObject } from '../../../schema/infer.ts'
import { decodeOctal } from '../../lib/octal-escapes.ts'
import { deviceTags } from './hardware.ts'
import { sectionText, type Reading } from './reading.ts'

/** Ansible's `mounts`: what has a device or a server, with its sizes; those of a file server that does not answer are missing. */
export function mountFacts(reading: Reading): JsonObject {
  const sizes = sizesByTarget(sectionText(reading, 'mounts'))
  const tags = deviceTags(reading)
  const lines = (reading.files.get('/proc/mounts') ?? []).map((line) => line.split(' ').map(decodeOctal))
  const parts = partsByTarget(reading)
  // What is mounted over something else on the same directory hides it.
  const visible = new Map(
    lines.map(([device = '', mount = '', fstype = '', options = '']) => [mount, { device, mount, fstype, options }]),
  )
  return {
    mounts: [...visible.values()].flatMap(({ device, mount, fstype, options }) => {
      if (!(device.startsWith('/') || device.includes(':/')) || fstype === 'none') return []
      const uuid = tags.get(device.replace(/^\/dev\//, ''))?.uuid || 'N/A'
      const bind = (parts.get(mount) ?? '/') === '/' ? '' : ',bind'
      return [{ device, mount, fstype, options: options + bind, uuid, ...sizes.get(mount) }]
    }),
  }
}

/** Which part of its filesystem is seen at each mount point: `/` unless it is a bind mount or a subvolume (proc_pid_mountinfo(5)). */
const partsByTarget = (reading: Reading): ReadonlyMap<string, string> =>
  new Map(
    (reading.files.get('/proc/self/mountinfo') ?? []).map((line) => {
      const [, , , part = '/', target = ''] = line.split(' ').map(decodeOctal)
      return [target, part]
    }),
  )

/** `stat -f` with block size, fundamental block size, blocks, free, available, inodes, free inodes, and the path. */
function sizesByTarget(text: string): ReadonlyMap<string, JsonObject> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const match = /^(\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (.*)$/.exec(line)
      if (!match) return []
      const [size = 0, fragment = 0, total = 0, , available = 0, inodes = 0, inodesFree = 0] = match
        .slice(1, 8)
        .map(Number)
      const values = {
        size_total: fragment * total,
        size_available: fragment * available,
        block_size: size,
        block_total: total,
        block_available: available,
        block_used: total - available,
        inode_total: inodes,
        inode_available: inodesFree,
        inode_used: inodes - inodesFree,
      }
      return [[match[8] ?? '', values] as const]
    }),
  )
}
