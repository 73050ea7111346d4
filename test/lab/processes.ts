import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { until } from './run.ts'

/**
 * The processes of a lab are known by their control group, never by name or by a pid file that may be stale: `drover-lab/LAB/NODE` in
 * each hierarchy. A node needs one of its own for another reason too: without it, the systemd of each would manage the units of all.
 */
export function cgroups(lab: string, part = ''): string[] {
  return hierarchies().map((hierarchy) => join(hierarchy, 'drover-lab', lab, part))
}

function hierarchies(): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').matchAll(
    /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2? \S+ (\S+)$/gm,
  )
  // A new cpuset has no CPUs and takes no process.
  return [...mounts].flatMap(([, point = '', options = '']) => (options.split(',').includes('cpuset') ? [] : [point]))
}

export function makeCgroups(lab: string, part: string): string[] {
  const groups = cgroups(lab, part)
  for (const group of groups) mkdirSync(group, { recursive: true })
  return groups
}

/** Puts this process into a part of the lab. */
export function enterCgroups(lab: string, part: string): void {
  for (const group of makeCgroups(lab, part)) writeFileSync(join(group, 'cgroup.procs'), String(process.pid))
}

/** The ids of all processes of a part of the lab, or of the whole lab. */
export function processes(lab: string, part = ''): number[] {
  return [...new Set(cgroups(lab, part).flatMap(processesIn))]
}

function processesIn(group: string): number[] {
  if (!existsSync(group)) return []
  return subgroups(group).flatMap((dir) => lines(join(dir, 'cgroup.procs')).map(Number))
}

/** The group and all groups in it, innermost first. */
function subgroups(group: string): string[] {
  let entries
  try {
    entries = readdirSync(group, { withFileTypes: true })
  } catch {
    return []
  }
  return [
    ...entries.filter((entry) => entry.isDirectory()).flatMap((entry) => subgroups(join(group, entry.name))),
    group,
  ]
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

/** Ends all processes of a part of the lab at once, as a power cut would, and waits until they are gone. */
export async function killAll(lab: string, part = ''): Promise<void> {
  await until(
    () => {
      const alive = processes(lab, part)
      for (const pid of alive) kill(pid)
      return alive.length === 0
    },
    20_000,
    () => `processes of the lab do not end: ${processes(lab, part).join(' ')}`,
  )
  for (const group of cgroups(lab, part)) for (const dir of [...subgroups(group), dirname(group)]) removeIfEmpty(dir)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function removeIfEmpty(dir: string): void {
  try {
    rmdirSync(dir)
  } catch {
    // Gone, or another lab's groups are in it.
  }
}
