import { decodeOctal } from '../lib/octal-escapes.ts'
import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** One active swap area, of /proc/swaps (proc_swaps(5)). */
export interface Swap {
  readonly path: string
  readonly kind: 'file' | 'partition'
  /** Bytes that can be swapped to: the area without the page of its header. */
  readonly size: number
  readonly priority: number
  /** True where the file was removed while in use. */
  readonly deleted: boolean
}

const swapTable = defineFact<string, readonly Swap[]>({
  name: 'swaps',
  // Without the column `Used`, which differs from one moment to the next; printf, since dash's echo would decode the escapes.
  script: () =>
    'if [ -r /proc/swaps ]; then while read -r path kind size used priority; do printf "%s %s %s %s\\n" "$path" "$kind" "$size" "$priority"; done </proc/swaps; fi',
  parse: (raw) => parseSwaps(raw.toString('utf8')),
})
/** The active swap areas. */
export const swaps = (): Fact<readonly Swap[]> => swapTable('')

/** Lines of path, kind, KiB and priority; the heading and what is no swap area are passed over. */
export function parseSwaps(text: string): readonly Swap[] {
  return text.split('\n').flatMap((line) => {
    const [field, kind, size, priority] = line.trim().split(/\s+/)
    if (!field || (kind !== 'file' && kind !== 'partition')) return []
    const whole = decodeOctal(field)
    const deleted = whole.endsWith(' (deleted)')
    return {
      path: deleted ? whole.slice(0, -' (deleted)'.length) : whole,
      kind,
      size: Number(size) * 1024,
      priority: Number(priority),
      deleted,
    }
  })
}
