import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds between two looks. */
const interval = 100

/** Watches the memory of a process's descendants. `end` gives the most bytes that they had together; pages that they share count once. */
export function watchMemory(ancestor: number): { end(): number } {
  let most = 0
  const timer = setInterval(() => {
    const sum = descendants(ancestor).reduce((bytes, pid) => bytes + proportional(pid), 0)
    most = Math.max(most, sum)
  }, interval)
  return {
    end() {
      clearInterval(timer)
      return most
    },
  }
}

function descendants(pid: number): readonly number[] {
  const children = threads(pid).flatMap((thread) => text(`/proc/${pid}/task/${thread}/children`).match(/\d+/g) ?? [])
  return children.flatMap((child) => [Number(child), ...descendants(Number(child))])
}

/** A process's share of the memory that it uses; proc_pid_smaps(5). */
const proportional = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB$/m.exec(text(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024

function threads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** A file of a process, empty where that has ended. */
function text(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
