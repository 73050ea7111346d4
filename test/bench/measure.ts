import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attempt, LabError } from '../lab/run.ts'
import { watchMemory } from './memory.ts'

/** What one run of a program took. */
export interface Usage {
  /** Seconds by the clock. */
  readonly wall: number
  /** Seconds of processor, of the program and all processes that it waited for. */
  readonly cpu: number
  /** Bytes that the program and its descendants had in memory together, at most; pages that they share are counted once. */
  readonly memory: number
  /** Processes and threads that began on this machine meanwhile, the hosts' among them. */
  readonly begun: number
  readonly stdout: string
}

/** Runs a program that has to succeed and tells what it took, by way of GNU time. */
export async function measure(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Usage> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  const file = join(directory, 'usage')
  const before = begun()
  const memory = watchMemory(process.pid)
  try {
    const { status, stdout, stderr } = await attempt(['/usr/bin/time', '-o', file, '-f', '%e %U %S', ...argv], { env })
    const most = memory.end()
    if (status !== 0)
      throw new LabError(`${argv.join(' ')} failed with status ${status}:\n${stdout.slice(-4000)}${stderr}`)
    const [wall = 0, user = 0, system = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    return { wall, cpu: user + system, memory: most, begun: begun() - before, stdout }
  } finally {
    memory.end()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** How many processes and threads began since this machine did; proc(5). */
const begun = (): number => Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0)

/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, number) => sum + number, 0) / middle.length
}
