import { generateCases } from './generate.ts'

/**
 * Where drover differs on purpose: after a task that runs once has failed and been rescued, Ansible leaves the other hosts out of
 * `ansible_play_hosts` and `ansible_play_batch`, although they go on.
 */
const differing: ReadonlySet<number> = new Set([77, 220])

export const generatedCases = generateCases(315, 1).filter((_, index) => !differing.has(index))
