import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { quote } from '../../modules/lib/quote.ts'
import type { ActionResult, FetchAction } from '../../modules/step.ts'
import { BecomeError, ConnectionError, type Reply, type Shell } from '../transport/transport.ts'
import { ArrivingFile } from './arriving-file.ts'
import { cutOf, type Limits } from './perform-portion.ts'
import { describeFailure } from './failure.ts'
import type { Performed } from './host.ts'

/**
 * Streams a file of the host to the controller, where it takes its place in one rename. Gives `moved` where what arrives is not what
 * was asked for. Rejects with `ConnectionError` and `BecomeError`; then, too, nothing is left on the controller.
 */
export async function fetchFile(shell: Shell, action: FetchAction, limits: Limits): Promise<Performed> {
  const start = Date.now()
  const temporary = join(
    dirname(action.to),
    `.${basename(action.to).slice(0, 100)}.drover-${randomBytes(8).toString('hex')}`,
  )
  const ended = (status: number, stdout: string, stderr: Buffer): ActionResult => {
    return { status, stdout: Buffer.from(stdout), stderr, start, end: Date.now() }
  }
  const failed = (result: ActionResult, reply?: Reply): Performed => {
    const reason = reply === undefined ? 'status' : cutOf(reply, limits)
    const failure = { action, reason, message: describeFailure(action, result, reason) }
    return { kind: 'performed', results: [result], failure, readings: [] }
  }
  let file: ArrivingFile | undefined
  try {
    await mkdir(dirname(action.to), { recursive: true })
    file = await ArrivingFile.open(temporary)
    const reply = await receive(shell, action.path, file, limits)
    if (reply.timedOut || reply.status !== 0)
      return failed(ended(reply.timedOut ? 143 : reply.status, '', reply.stderr), reply)
    const fetched = await file.whole(await modeOf(action.to))
    if (action.sha256 !== null && fetched.sha256 !== action.sha256) return { kind: 'moved' }
    await rename(temporary, action.to)
    return {
      kind: 'performed',
      results: [ended(0, JSON.stringify(fetched), reply.stderr)],
      failure: null,
      readings: [],
    }
  } catch (error) {
    if (error instanceof ConnectionError || error instanceof BecomeError) throw error
    // The controller's own disk, or a path on it that cannot be written.
    return failed(ended(1, '', Buffer.from(error instanceof Error ? error.message : String(error))))
  } finally {
    await file?.close()
    await rm(temporary, { force: true }).catch(() => {})
  }
}

/** Sends the file's bytes where they belong, and gives how that ended. */
async function receive(shell: Shell, path: string, file: ArrivingFile, { deadline, signal }: Limits): Promise<Reply> {
  const word = quote(path.startsWith('/') ? path : `./${path}`)
  return shell.request(`exec cat <${word}`, {
    download: file,
    limit: 1024 * 1024,
    ...(deadline === Infinity ? {} : { timeout: Math.max(deadline - performance.now(), 1) }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** A new file is as open as others that the user makes; one that is replaced keeps its mode. */
async function modeOf(path: string): Promise<number> {
  const before = await stat(path).catch(() => null)
  return before === null ? 0o666 & ~process.umask() : before.mode & 0o7777
}
