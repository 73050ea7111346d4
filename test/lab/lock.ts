import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { attempt, LabError } from './run.ts'

/**
 * An exclusive flock(2). It belongs to the open file, not to a process: the kernel drops it when this process and every command that
 * was given `fd` have ended, however they end.
 */
export class Lock {
  readonly fd: number

  private constructor(fd: number) {
    this.fd = fd
  }

  /** Waits up to `timeout` milliseconds for the lock at `path`; says so when it is not had soon. */
  static async take(path: string, timeout = 600_000): Promise<Lock> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const lock = new Lock(openSync(path, 'a'))
    if (await lock.acquire(Math.min(timeout, 3000))) return lock
    if (timeout > 3000) {
      console.error(`waiting for another run to release ${path}`)
      if (await lock.acquire(timeout - 3000)) return lock
    }
    lock.release()
    throw new LabError(`${path} is held by another run of the lab or of its tests: wait until that has ended`)
  }

  /** The lock at `path` if nobody has it, at once. */
  static async attempt(path: string): Promise<Lock | undefined> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const lock = new Lock(openSync(path, 'a'))
    if (await lock.acquire(0)) return lock
    lock.release()
    return undefined
  }

  release(): void {
    closeSync(this.fd)
  }

  private async acquire(timeout: number): Promise<boolean> {
    const command = ['flock', '--exclusive', '--timeout', String(timeout / 1000), '3']
    const { status, stderr } = await attempt(command, { lock: this })
    if (status > 1) throw new LabError(`flock failed: ${stderr.trim()}`)
    return status === 0
  }
}

/** Does `work` under the lock at `path`. */
export async function locked<T>(path: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await Lock.take(path)
  try {
    return await work(lock)
  } finally {
    lock.release()
  }
}
