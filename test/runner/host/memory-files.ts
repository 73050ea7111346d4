import { posix } from 'node:path'

/** What a file, directory or link has beside its bytes. Hard links share one. */
export interface Inode {
  readonly number: number
  readonly type: 'file' | 'directory' | 'link'
  /** Permission bits with set-id and sticky bits. */
  mode: number
  uid: number
  gid: number
  /** Seconds since the epoch. */
  mtime: number
  links: number
  /** A file's bytes. */
  content: Buffer
  /** What a link says. */
  readonly target: string
}

/** Says what a program would say on standard error. */
export class Refused extends Error {}

let latest = 1

export function newInode(type: Inode['type'], mode: number, target = ''): Inode {
  const mtime = Math.floor(Date.now() / 1000)
  return { number: ++latest, type, mode, uid: 0, gid: 0, mtime, links: 1, content: Buffer.alloc(0), target }
}

/** A file system of one root user in memory: absolute paths without links to what is there. */
export class MemoryFiles {
  readonly #inodes = new Map<string, Inode>([['/', newInode('directory', 0o755)]])

  /** Where a path leads: its directory's links followed, and the last one with `follow`; undefined where the way is blocked or has no end. */
  resolve(path: string, follow: boolean): string | undefined {
    let current = '/'
    let hops = 0
    const left = path.split('/').filter((part) => part !== '' && part !== '.')
    const through = follow || path.endsWith('/')
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      if (part === '..') {
        current = posix.dirname(current)
        continue
      }
      if (this.#inodes.get(current)?.type !== 'directory') return undefined
      const next = posix.join(current, part)
      const found = this.#inodes.get(next)
      if (found?.type !== 'link' || (left.length === 0 && !through)) {
        current = next
        continue
      }
      if (++hops > 40) return undefined
      if (found.target.startsWith('/')) current = '/'
      left.unshift(...found.target.split('/').filter((word) => word !== '' && word !== '.'))
    }
    return current
  }

  get(path: string, follow = true): Inode | undefined {
    const real = this.resolve(path, follow)
    return real === undefined ? undefined : this.#inodes.get(real)
  }

  /** Puts something at a path in a directory that must be there, in place of what was there. */
  put(path: string, inode: Inode): void {
    const directory = posix.dirname(path)
    if (this.get(directory)?.type !== 'directory') throw new Refused(`the directory ${directory} does not exist`)
    const real = this.#place(path)
    this.remove(path)
    this.#inodes.set(real, inode)
  }

  /** Removes what is at a path, with all below. */
  remove(path: string): void {
    const real = this.#place(path)
    for (const name of [real, ...this.beneath(real)]) {
      const inode = this.#inodes.get(name)
      if (inode !== undefined) inode.links--
      this.#inodes.delete(name)
    }
  }

  /** All real paths below a directory, parents first. */
  beneath(directory: string): readonly string[] {
    const prefix = directory === '/' ? '/' : `${directory}/`
    return [...this.#inodes.keys()].filter((path) => path.startsWith(prefix) && path !== '/').toSorted()
  }

  #place(path: string): string {
    const real = this.resolve(path, false)
    if (real === undefined) throw new Refused(`cannot find ${path}: Not a directory`)
    return real
  }
}
