import { spawn } from 'node:child_process'
import type { Lock } from './lock.ts'

export interface RunOptions {
  /** Held by the command too, so that no other run begins before it ends, even when this process is killed. */
  readonly lock?: Lock
  readonly input?: string
  /** Milliseconds after which the command is ended with SIGKILL; its status is then 137. */
  readonly timeout?: number
  readonly env?: Readonly<Record<string, string>>
  /** Shows the command's output to the user as it comes, instead of keeping it. */
  readonly show?: boolean
}

export interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end and gives its status and output; rejects only when it cannot be started. */
export function attempt(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...words] = argv
  const output = options.show ? 'inherit' : 'pipe'
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', output, output, options.lock?.fd ?? 'ignore'],
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: 'SIGKILL' as const }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input)
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        status: code ?? 137,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    )
  })
}

/** Runs a program that has to succeed, and gives its standard output. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await attempt(argv, options)
  if (status !== 0)
    throw new LabError(`\`${argv.join(' ')}\` failed with status ${status}: ${(stderr || stdout).trim()}`)
  return stdout
}

/** What keeps the lab from working, said for the person who called it. */
export class LabError extends Error {
  override readonly name = 'LabError'
}

type Falsy = false | '' | undefined

/** Waits until `check` gives something that is true; after `timeout` milliseconds throws a LabError with `failure`. */
export async function until<T>(
  check: () => Promise<T | Falsy> | T | Falsy,
  timeout: number,
  failure: () => string,
): Promise<T> {
  const end = performance.now() + timeout
  for (;;) {
    const value = await check()
    if (value) return value
    if (performance.now() > end) throw new LabError(failure())
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
}
