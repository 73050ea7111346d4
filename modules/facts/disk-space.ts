import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** Room in the filesystem that a path is in, in bytes. */
export interface DiskSpace {
  readonly total: number
  readonly available: number
  readonly mountPoint: string
  readonly fstype: string | null
}

/** The room where a path is; null where the path is not there. */
export const diskSpace: (path: string) => Fact<DiskSpace | null> = defineFact<string, DiskSpace | null>({
  name: 'disk-space',
  script: (paths) =>
    paths
      .map(
        (path) =>
          `df -P -k -- ${quote(path)} 2>/dev/null || :; stat -f -c 'type %T' -- ${quote(path)} 2>/dev/null || :`,
      )
      .join('\n'),
  parse: (raw) => parseDiskSpace(raw.toString('utf8')),
  path: (path) => path,
  absent: null,
  volatile: true,
})

/** `df -P -k` for one path: a heading, then device, 1024-blocks, used, available, capacity, mount point; then the type by `stat -f`. */
export function parseDiskSpace(text: string): DiskSpace | null {
  const match = /\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+(\/.*)$/m.exec(text)
  if (!match) return null
  const [, total, available, mountPoint = ''] = match
  const fstype = /^type (\S+)$/m.exec(text)?.[1] ?? null
  return { total: Number(total) * 1024, available: Number(available) * 1024, mountPoint, fstype }
}
