import { setTimeout as sleep } from 'node:timers/promises'
import { findLab, defaultLab, type Lab } from './lab.ts'
import { Lock } from './lock.ts'
import { labPaths } from './paths.ts'
import { LabError } from './run.ts'

/** The names of as many labs as there are workers; DROVER_LAB names other ones, for a second run beside the first. */
export function labNames(workers: number): readonly string[] {
  const first = process.env['DROVER_LAB'] || defaultLab
  return Array.from({ length: workers }, (_, index) => (index === 0 ? first : `${first}${index + 1}`))
}

/** The lab that this process has for itself, once it has taken it. */
let mine: { readonly name: string; readonly lock: Lock } | undefined

/**
 * Takes a lab that no other worker has, for as long as this process lives, and gives its name. The kernel keeps them apart, and not
 * the number of the worker: vitest may give two workers the same one.
 */
export async function takeLab(names: readonly string[]): Promise<string> {
  for (const end = performance.now() + 600_000; performance.now() < end; await sleep(100)) {
    if (mine) return mine.name
    for (const name of names) {
      const lock = await Lock.attempt(labPaths(name).worker)
      if (!lock) continue
      mine = { name, lock }
      return name
    }
  }
  throw new LabError(`none of the labs ${names.join(', ')} became free`)
}

/** The name of this worker's lab. */
export function sharedLabName(): string {
  if (mine) return mine.name
  throw new LabError('no lab is taken: only files named *.lab.test.ts have one')
}

/**
 * The lab of this worker: n1, n2 and n3, up. For files named `*.lab.test.ts`, which run one after the other on it; each resets the
 * nodes that it uses, before it does.
 */
export function sharedLab(): Lab {
  const name = sharedLabName()
  const lab = findLab(name)
  if (lab) return lab
  throw new LabError(`the lab ${name} is not up`)
}
