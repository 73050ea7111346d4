import type { TestProject } from 'vitest/node'
import { labAvailable } from './available.ts'
import { findLab, labDown, labUp } from './lab.ts'
import { Lock } from './lock.ts'
import { labPaths } from './paths.ts'
import { labNames } from './shared.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The labs of this run, of which each worker takes one. */
    labs: readonly string[]
  }
}

/** Keeps a lab for each worker of a test run, which brings it up when it needs it, and takes down again what was not up before. */
export async function setup({ config, provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!labAvailable) return undefined
  const ends: (() => Promise<void>)[] = []
  const labs = labNames(config.maxWorkers)
  for (const name of labs) ends.push(await hold(name))
  provide('labs', labs)
  return async () => void (await Promise.all(ends.map((end) => end())))
}

/** Has a lab for this run until what it gives is called. */
async function hold(name: string): Promise<() => Promise<void>> {
  const lease = await Lock.take(labPaths(name).lease)
  const before = findLab(name)
  // It may be of another image, or have nodes that are off.
  if (before) await labUp({ name })
  return async () => {
    if (!before) await labDown(name)
    lease.release()
  }
}
