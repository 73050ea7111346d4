import { describe, expect, test } from 'vitest'
import { hasAnsible, runAnsible } from '../engine/ansible.ts'
import { play } from '../engine/harness.ts'
import { extraVars, files, pairs, places, type Winners, winners } from './precedence-cases.ts'

/** What wins everywhere, as recorded of ansible-playbook: the stronger level, but for what the place says. */
const expected = places.map(({ name, without, exceptions }) => [
  name,
  Object.fromEntries(
    pairs.map(({ weaker, stronger }): [string, string] => {
      if (without.includes(stronger)) return [`${weaker} < ${stronger}`, without.includes(weaker) ? 'nothing' : weaker]
      return [`${weaker} < ${stronger}`, exceptions[stronger]?.includes(weaker) === true ? weaker : stronger]
    }),
  ),
])

describe('each level against each other, at each place', () => {
  test('in drover', async () => {
    const { 'hosts/inventory': inventory = '', 'playbook.yml': playbook = '', ...others } = files
    const inventoryFile = 'hosts/inventory'
    const { tasks } = await play({ playbook, inventory, inventoryFile, files: others, extraVars })
    const looked = tasks.filter(({ name }) => /\blook$/.test(name)).map(({ hosts }) => hosts['a']?.result?.['msg'])
    expect(named(looked.map(winners))).toEqual(expected)
  })

  test.runIf(hasAnsible)('in Ansible', async () => {
    const { tasks } = await runAnsible(files, ['-e', '@extra.yml'])
    const looked = tasks.filter(({ name }) => /\blook$/.test(name)).map(({ said }) => said['a']?.[0])
    expect(named(looked.map(winners))).toEqual(expected)
  })
})

const named = (seen: readonly Winners[]) => places.map(({ name }, index) => [name, seen[index]])
