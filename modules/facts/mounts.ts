import { decodeOctal } from '../lib/octal-escapes.ts'
import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `major:minor`; of an anonymous device for btrfs, overlay and the like. Empty where it is predicted. */
  readonly device: string
  /** What of the filesystem is mounted: `/`, or a subdirectory for bind mounts and subvolumes. */
  readonly root: string
  readonly target: string
  /** Options of this mount (`rw`, `noatime`), then those of the whole filesystem, without duplicates. */
  readonly options: readonly string[]
  readonly fstype: string
  readonly source: string
}

const mountTable = defineFact<string, readonly Mount[]>({
  name: 'mounts',
  script: () => 'cat /proc/self/mountinfo',
  parse: (raw) => parseMountinfo(raw.toString('utf8')),
})
/** What is mounted, in the order of mounting: where two are on one target, the last one is what is seen. */
export const mounts = (): Fact<readonly Mount[]> => mountTable('')

/** /proc/self/mountinfo: six fields, optional fields up to a lone `-`, then type, source and the filesystem's options. */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , device, root, target, options] = fields
    const [fstype, source, superOptions] = fields.slice(dash + 1)
    if (dash === -1 || !device || !root || !target || !options || !fstype) return []
    return {
      device,
      root: decodeOctal(root),
      target: decodeOctal(target),
      options: [...new Set([...options.split(','), ...(superOptions ?? '').split(',').filter(Boolean)])],
      fstype,
      source: decodeOctal(source ?? ''),
    }
  })
}

/** What is seen at a path that is a mount point; undefined where nothing is mounted on exactly this path. */
export const mountAt = (all: readonly Mount[], path: string): Mount | undefined =>
  all.findLast((mount) => mount.target === path)
