import { expect, test } from 'vitest'
import { hostFacts, type HostFacts } from '../../../modules/facts/host-facts.ts'
import type { JsonObject } from '../../../modules/module.ts'
import setup from '../../../modules/system/setup.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

const FACTS: HostFacts = {
  min: { distribution: 'Debian', env: {} },
  hardware: { memtotal_mb: 1024, devices: {} },
  network: { default_ipv4: {}, eth0: {}, eth1: {} },
  virtual: { virtualization_type: 'kvm' },
}
const host = new FakeHost([[hostFacts(), FACTS]])
const namesFor = async (args: JsonObject): Promise<readonly string[]> => {
  const { steps, result } = await proposalOf(setup, args, host)
  expect(steps).toEqual([])
  return Object.keys(result['ansible_facts'] as JsonObject).filter(
    (name) => !['gather_subset', 'module_setup'].includes(name),
  )
}

test.each<readonly [JsonObject, readonly string[]]>([
  [{}, ['default_ipv4', 'devices', 'distribution', 'env', 'eth0', 'eth1', 'memtotal_mb', 'virtualization_type']],
  [{ gather_subset: 'min' }, ['distribution', 'env']],
  [{ gather_subset: ['!all'] }, ['distribution', 'env']],
  [{ gather_subset: ['!all', '!min', 'virtual'] }, ['virtualization_type']],
  [{ gather_subset: ['network'] }, ['default_ipv4', 'distribution', 'env', 'eth0', 'eth1']],
  [{ gather_subset: ['!hardware', '!network'] }, ['distribution', 'env', 'virtualization_type']],
  [{ filter: 'ansible_eth[0-9]' }, ['eth0', 'eth1']],
  [{ filter: ['dist*', 'mem?otal_mb'] }, ['distribution', 'memtotal_mb']],
])('%j', async (args, names) => expect(await namesFor(args)).toEqual(names))

test('an unknown subset is named', async () => {
  expect(await planOf(setup, { gather_subset: ['hardwear'] }, host)).toMatchObject({
    kind: 'refusal',
    message: expect.stringContaining('hardwear'),
  })
})
