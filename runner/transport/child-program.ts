import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants as constantsOfFiles, open } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programEnd, type Program } from './line.ts'

const run = promisify(execFile)
const openFile = promisify<string, string | number, number>(open)

/** Starts a program on the controller, in a session of its own: a terminal's Ctrl-C is for the controller alone. */
export async function startChild(argv: readonly [string, ...string[]], cwd?: string): Promise<Program> {
  const [file, ...args] = argv
  const [stdout, stderr] = await openPipes()
  const child = spawn(file, args, { cwd, detached: true, stdio: ['pipe', stdout.sink, stderr.sink] })
  const started = once(child, 'spawn')
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (status, signal) => resolve(signal ? 128 + constants.signals[signal] : status))
  })
  const read = Promise.all([stdout, stderr].map(({ source }) => once(source, 'close')))
  const drop = (): void => {
    for (const stream of [child.stdin, stdout.source, stderr.source]) stream?.destroy()
    child.unref()
  }
  closeSync(stdout.sink)
  closeSync(stderr.sink)
  try {
    await started
  } catch (error) {
    drop()
    throw error
  }
  if (!child.stdin) throw new Error('a child was started without a standard input')
  return {
    stdin: child.stdin,
    stdout: stdout.source,
    stderr: stderr.source,
    ended: programEnd(
      (give) => void exited.then(give),
      (give) =>
        void Promise.all([exited, read]).then(
          ([status]) => give(status),
          () => {},
        ),
    ),
    drop,
  }
}

interface Pipe {
  readonly source: Socket
  /** A file descriptor, for the program to write to. */
  readonly sink: number
}

/** Two real pipes. Node's own are sockets, which a script cannot open again as /dev/stdout and /dev/stderr. */
async function openPipes(): Promise<readonly [Pipe, Pipe]> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-'))
  try {
    const names = [join(directory, 'out'), join(directory, 'err')] as const
    await run('mkfifo', names)
    return await Promise.all([openPipe(names[0]), openPipe(names[1])])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function openPipe(name: string): Promise<Pipe> {
  const reading = await openFile(name, constantsOfFiles.O_RDONLY | constantsOfFiles.O_NONBLOCK)
  const sink = await openFile(name, 'w')
  return { source: new Socket({ fd: reading, readable: true, writable: false }), sink }
}
