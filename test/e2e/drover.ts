import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event, HostFinished, RunFinished } from '../../runner/engine/events.ts'

export const root = join(import.meta.dirname, '../..')
export const main = join(root, 'dist/runner/cli/main.js')

/** What a drover that has ended leaves behind. */
export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A drover that runs. */
export interface Running {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** What it has written to standard output up to now. */
  stdout(): string
  /** Waits until standard output holds a text; rejects where drover ends before. */
  says(text: string): Promise<void>
  signal(name: NodeJS.Signals): void
}

export interface StartOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Starts `drover ARGS` as a process of its own. Nothing of the tester's own configuration is seen by it. */
export function start(args: readonly string[], { cwd = root, env = {} }: StartOptions = {}): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  const heard = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk)
    for (const listener of heard) listener()
  })
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const said = (): string => Buffer.concat(stdout).toString('utf8')
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) =>
      resolve({ status, signal, stdout: said(), stderr: Buffer.concat(stderr).toString('utf8') }),
    )
  })
  const pid = child.pid
  if (pid === undefined) throw new Error('drover could not be started')
  return {
    pid,
    ended,
    stdout: said,
    says: (text) =>
      new Promise((resolve, reject) => {
        const listen = (): void => {
          if (!said().includes(text)) return
          heard.delete(listen)
          resolve()
        }
        heard.add(listen)
        listen()
        void ended.then(({ stdout, stderr }) =>
          reject(new Error(`drover ended without saying ${JSON.stringify(text)}: ${stdout}${stderr}`)),
        )
      }),
    signal: (name) => child.kill(name),
  }
}

/** Runs `drover ARGS` to its end. */
export const drover = (args: readonly string[], options?: StartOptions): Promise<Ended> => start(args, options).ended

/** All that there is to know of a run that did not go well; empty where it did. */
export const troubles = ({ status, stdout, stderr }: Ended): readonly string[] =>
  status === 0 && stderr === '' ? [] : [`exit status ${status}`, stderr, stdout]

/** The events that `--output json` wrote; throws where a line is no JSON. */
export function eventsOf(stdout: string): readonly Event[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event)
}

export interface Report extends Ended {
  readonly events: readonly Event[]
  readonly recap: RunFinished['recap']
  /** How each task ended on each host, by the task's name and the host: `Copy it @ n1`. */
  readonly results: ReadonlyMap<string, HostFinished>
}

/** Runs `drover run ARGS --output json --diff`, and reads what it tells: all of each change. */
export async function report(args: readonly string[], options?: StartOptions): Promise<Report> {
  return readReport(await drover(['run', ...args, '--output', 'json', '--diff'], options))
}

export function readReport(ended: Ended): Report {
  const events = eventsOf(ended.stdout)
  const names = new Map<number, string>()
  const results = new Map<string, HostFinished>()
  for (const event of events) {
    if (event.event === 'task-started') names.set(event.task, event.name)
    if (event.event === 'host-finished') results.set(`${names.get(event.task)} @ ${event.host}`, event)
  }
  const finished = events.find((event) => event.event === 'run-finished')
  if (finished === undefined) throw new Error(`the run has no end: ${ended.stdout.slice(-2000)}${ended.stderr}`)
  return { ...ended, events, recap: finished.recap, results }
}

/** How a run went on a host, without what depends on the weather: what `--check` has to predict. */
export function outcomes({ results }: Report): Record<string, unknown> {
  return Object.fromEntries([...results].map(([key, { outcome, changes }]) => [key, { outcome, changes }]))
}

/** A directory of the user's with files in it; `remove` takes it away. */
export interface Workplace {
  readonly path: string
  /** Writes a file, and gives its path. */
  file(name: string, text: string): string
  readonly remove: () => void
}

export function workplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), 'drover-e2e-'))
  return {
    path,
    file: (name, text) => {
      const file = join(path, name)
      writeFileSync(file, text, { mode: 0o600 })
      return file
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
