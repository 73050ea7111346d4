import { defaultLab, findLab, type Lab } from './lab.ts'
import { LabError } from './run.ts'

/** The name of the lab of the suites' worker 1, 2 and so on; DROVER_LAB names other ones, for a second run beside the first. */
export function labOfWorker(worker: number): string {
  return `${process.env['DROVER_LAB'] || defaultLab}${worker > 1 ? worker : ''}`
}

/** The lab that the suites of this worker share. */
export const sharedLabName = labOfWorker(Number(process.env['VITEST_POOL_ID'] ?? 1))

/**
 * The lab of this worker: n1, n2 and n3, up. For files named `*.lab.test.ts`, which run one after the other on it; each resets the
 * nodes that it uses, before it does.
 */
export function sharedLab(): Lab {
  const lab = findLab(sharedLabName)
  if (lab) return lab
  throw new LabError('the lab is not up: only files named *.lab.test.ts can use it')
}
