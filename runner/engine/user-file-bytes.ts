import { readFileSync, type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * Bytes of a file that are few enough to be read at once and kept: asking for them in the background takes several times as long as
 * they do, and a directory of a thousand templates is read for each host.
 */
const smallSize = 64 * 1024
/** Bytes that are kept in all. */
const mostKept = 32 * 1024 * 1024

interface Kept {
  readonly stamp: string
  readonly bytes: Buffer
}
const kept = new Map<string, Kept>()
let keptSize = 0

/** What is at a path of the user's, where a link leads; null where nothing is to be seen. */
export function aboutPath(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    // In a directory that cannot be entered there is nothing to be seen.
    return null
  }
}

/** As long as it is the same, so is what the file holds. */
export const stampOf = ({ size, mtimeMs, ctimeMs, ino }: Stats): string => `${size} ${mtimeMs} ${ctimeMs} ${ino}`

export const isSmall = (about: Stats | null): about is Stats =>
  about !== null && about.isFile() && about.size <= smallSize

/** The bytes of a user's file, read again when it has changed. Rejects as `readFile` does. */
export async function userFileBytes(path: string): Promise<Buffer> {
  const about = aboutPath(path)
  if (!isSmall(about)) return readFile(path)
  const stamp = stampOf(about)
  const known = kept.get(path)
  if (known?.stamp === stamp) return known.bytes
  const bytes = readFileSync(path)
  keep(path, { stamp, bytes }, known)
  return bytes
}

/** Forgets what has been kept longest where it becomes too much. */
function keep(path: string, fresh: Kept, old: Kept | undefined): void {
  kept.delete(path)
  kept.set(path, fresh)
  keptSize += fresh.bytes.length - (old?.bytes.length ?? 0)
  for (const [oldest, { bytes }] of kept) {
    if (keptSize <= mostKept) return
    kept.delete(oldest)
    keptSize -= bytes.length
  }
}
