import { describe, expect, test } from 'vitest'
import type { Case } from './ansible-cases.ts'
import { hasAnsible } from './ansible.ts'
import type { Compared } from './compared.ts'
import { ours } from './ours.ts'
import { reference } from './reference.ts'

/** Runs the cases with both, and holds drover to what Ansible does. */
export function compareWithAnsible(title: string, cases: readonly Case[]): void {
  test.runIf(process.env['CI'] !== undefined && !hasAnsible)('ansible-playbook is there to compare with', () => {
    expect.unreachable('install ansible-core, which runs are compared with')
  })

  describe.runIf(hasAnsible)(`${title} as Ansible does`, async () => {
    holdTo(hasAnsible ? await reference(cases) : [], cases)
  })
}

/** Tests that drover does with each case what is expected of it. */
export function holdTo(expected: readonly (Compared | undefined)[], cases: readonly Case[]): void {
  test.each(cases.map((each, index) => [each.name, each, index] as const))('%s', async (_name, each, index) => {
    const { tasks, recap } = await ours(each, index)
    const wanted = expected[index]
    expect({ tasks, recap: each.otherRecap === undefined ? recap : wanted?.recap }).toEqual(wanted)
  })
}
