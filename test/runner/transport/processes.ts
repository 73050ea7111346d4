import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** A word for a process's arguments by which it is found again: a number that `sleep` takes, of some days. */
export function marker(): string {
  return String(1_000_000 + (randomBytes(4).readUInt32BE() % 1_000_000_000))
}

/** The command lines of the living processes that hold a word. */
export function processesWith(word: string): readonly string[] {
  return execFileSync('ps', ['-A', '-ww', '-o', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(word) && !line.startsWith('Z'))
}

/** What is left of them after having waited for them to end. */
export async function remaining(find: () => readonly unknown[], patience = 5_000): Promise<readonly unknown[]> {
  for (const deadline = Date.now() + patience; ; await sleep(20)) {
    const left = find()
    if (left.length === 0 || Date.now() > deadline) return left
  }
}
