import { labAvailable } from './available.ts'
import { findLab, labDown, labUp } from './lab.ts'
import { Lock } from './lock.ts'
import { labPaths } from './paths.ts'
import { sharedLabName as name } from './shared.ts'

/** Brings the lab up for a test run, which has it for itself, and down again unless it was up before. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!labAvailable) return undefined
  const lease = await Lock.take(labPaths(name).lease)
  const before = findLab(name)
  await labUp({ name })
  return async () => {
    if (!before) await labDown(name)
    lease.release()
  }
}
