import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { programEnd, type Program } from './line.ts'

/** Starts a program on the controller, in a session of its own: a terminal's Ctrl-C is for the controller alone. */
export async function startChild(argv: readonly [string, ...string[]], cwd?: string): Promise<Program> {
  const [file, ...args] = argv
  const child = spawn(file, args, { cwd, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject)
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: ended(child),
    drop() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      child.unref()
    },
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return programEnd(
    (give) => child.once('exit', (status, signal) => give(toStatus(status, signal))),
    (give) => child.once('close', (status, signal) => give(toStatus(status, signal))),
  )
}

const toStatus = (status: number | null, signal: NodeJS.Signals | null): number | null =>
  signal ? 128 + constants.signals[signal] : status
