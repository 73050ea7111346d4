import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** How far a filesystem reaches, in bytes: what it may fall short of its device by is less than one block. */
export interface FilesystemSize {
  readonly size: number
  readonly block: number
}

/** Tools that read it from the device without changing anything; only values that stay the same while it is in use. */
const READERS: { readonly [fstype: string]: (device: string) => string } = {
  ext2: (device) => `dumpe2fs -h ${device} 2>/dev/null | grep -E '^Block (count|size):'`,
  // Of a mounted one the superblock on the disk lags behind, and old versions of xfs_info take only the mount point.
  xfs: (device) => `xfs_info ${device} 2>/dev/null || {
  at=; while read -r source target rest; do [ "$source" = ${device} ] && at=$target && break; done </proc/mounts
  [ -n "$at" ] && xfs_info "$at" 2>/dev/null
} || xfs_db -r -c 'sb 0' -c 'print dblocks blocksize' ${device}`,
  btrfs: (device) => `btrfs inspect-internal dump-super ${device} | grep -E '^(dev_item.total_bytes|sectorsize)'`,
}
const reader = (fstype: string): ((device: string) => string) | undefined =>
  READERS[fstype.startsWith('ext') ? 'ext2' : fstype]

const size = defineFact<readonly string[], FilesystemSize>({
  name: 'filesystem-size',
  script: (params) =>
    params.map(([device = '', fstype = '']) => `${reader(fstype)?.(quote(device)) ?? ':'} || :`).join('\n'),
  parse: (raw, [device = '', fstype = '']) => parseFilesystemSize(raw.toString('utf8'), device, fstype),
  path: ([device = '']) => device,
})
/** The size of an ext2, ext3, ext4, xfs or btrfs filesystem. Unreadable for others, and without the filesystem's own tools. */
export const filesystemSize = (device: string, fstype: string): Fact<FilesystemSize> => size([device, fstype])

/** `Block count: 5`, `data = bsize=4096 blocks=5,`, `dblocks = 5`, `dev_item.total_bytes 5`: two numbers, blocks and their size, or bytes and their sector. */
export function parseFilesystemSize(text: string, device: string, fstype: string): FilesystemSize {
  const numberOf = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN)
  const block = numberOf(/^(?:Block size:|blocksize =|sectorsize|data +=\s+bsize=)\s*(\d+)/m)
  const count = numberOf(/^(?:Block count:|dblocks =|data +=\s+bsize=\d+\s+blocks=)\s*(\d+)/m)
  const bytes = fstype === 'btrfs' ? numberOf(/^dev_item\.total_bytes\s+(\d+)/m) : count * block
  if (Number.isNaN(bytes) || Number.isNaN(block))
    throw new UnreadableFact(
      `the size of the ${fstype} filesystem on ${device} cannot be read: are its tools installed?`,
    )
  return { size: bytes, block }
}
