import { defaultLab, findLab, type Lab } from './lab.ts'
import { LabError } from './run.ts'

/** The lab that suites share; DROVER_LAB names another one, for a second run beside the first. */
export const sharedLabName = process.env['DROVER_LAB'] || defaultLab

/**
 * The lab of this test run: n1, n2 and n3, up. For files named `*.lab.test.ts`, which run one after the other; each resets the nodes
 * that it uses, before it does.
 */
export function sharedLab(): Lab {
  const lab = findLab(sharedLabName)
  if (lab) return lab
  throw new LabError('the lab is not up: only files named *.lab.test.ts can use it')
}
