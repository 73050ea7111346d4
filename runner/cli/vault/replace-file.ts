import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'

/** Puts bytes in a file's place by one rename, with the mode and owner that it had; a new file is for its owner only. Links are followed. */
export function replaceFile(path: string, bytes: Buffer): void {
  const before = statSync(path, { throwIfNoEntry: false })
  const target = before === undefined ? path : realpathSync(path)
  const beside = join(dirname(target), `.drover-${randomUUID()}`)
  const file = openSync(beside, 'wx', 0o600)
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
    if (before !== undefined) {
      const own = statSync(beside)
      if (own.uid !== before.uid || own.gid !== before.gid) fchownSync(file, before.uid, before.gid)
      fchmodSync(file, before.mode & 0o7777)
    }
    fsyncSync(file)
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}
