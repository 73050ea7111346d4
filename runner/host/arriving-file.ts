import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'
import type { FetchedFile } from '../../modules/step.ts'

/** Bytes that may wait for the controller's disk. */
const waiting = 1024 * 1024
/** Bytes after which what has been written is sent to the disk, while the rest arrives. */
const stretch = 64 * 1024 * 1024

/** A new file of the controller that is written as its bytes arrive, no faster than the disk takes them, and that knows what they were. */
export class ArrivingFile extends Writable {
  readonly #file: FileHandle
  readonly #sha1 = createHash('sha1')
  readonly #sha256 = createHash('sha256')
  #size = 0
  #unsynced = 0
  #syncing: Promise<void> | undefined

  /** Rejects where the file cannot be made, or is there. */
  static async open(path: string): Promise<ArrivingFile> {
    return new ArrivingFile(await open(path, 'wx', 0o600))
  }

  private constructor(file: FileHandle) {
    super({ highWaterMark: waiting })
    this.#file = file
    // An error is met by whoever writes or waits for the whole.
    this.on('error', () => {})
  }

  /** All has arrived: gives what that was, once it is on the disk. */
  async whole(mode: number): Promise<FetchedFile> {
    await new Promise<void>((resolve, reject) => {
      this.once('error', reject)
      this.end(resolve)
    })
    await this.#syncing
    await this.#file.chmod(mode)
    await this.#file.sync()
    return { size: this.#size, sha1: this.#sha1.digest('hex'), sha256: this.#sha256.digest('hex') }
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    this.destroy()
    await this.#syncing
    await this.#file.close()
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    void this.#take([piece], done)
  }

  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error) => void): void {
    void this.#take(
      pieces.map(({ chunk }) => chunk),
      done,
    )
  }

  async #take(pieces: readonly Buffer[], done: (error?: Error) => void): Promise<void> {
    const trouble = await this.#write(pieces).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    )
    done(trouble)
  }

  async #write(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.#sha1.update(piece)
      this.#sha256.update(piece)
    }
    // A file takes less than it is given only where its disk is full: the rest then says so.
    for (let left = Buffer.concat(pieces); left.length > 0;) {
      const { bytesWritten } = await this.#file.write(left)
      this.#size += bytesWritten
      this.#unsynced += bytesWritten
      left = left.subarray(bytesWritten)
    }
    if (this.#unsynced < stretch || this.#syncing !== undefined) return
    this.#unsynced = 0
    // What goes wrong with it is told by the last one.
    this.#syncing = this.#file
      .datasync()
      .catch(() => {})
      .finally(() => (this.#syncing = undefined))
  }
}
