import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attempt, LabError } from '../lab/run.ts'

/** What one run of a program took. */
export interface Usage {
  /** Seconds by the clock. */
  readonly wall: number
  /** Seconds of processor, of the program and all processes that it waited for. */
  readonly cpu: number
  /** Bytes that the largest one of those processes had in memory at most. */
  readonly memory: number
  readonly stdout: string
}

/** Runs a program that has to succeed and tells what it took, by way of GNU time. */
export async function measure(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Usage> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  const file = join(directory, 'usage')
  try {
    const { status, stdout, stderr } = await attempt(['/usr/bin/time', '-o', file, '-f', '%e %U %S %M', ...argv], {
      env,
    })
    if (status !== 0) throw new LabError(`${argv.join(' ')} failed with status ${status}:\n${stdout}${stderr}`)
    const [wall = 0, user = 0, system = 0, kilobytes = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
    return { wall, cpu: user + system, memory: kilobytes * 1024, stdout }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, number) => sum + number, 0) / middle.length
}
