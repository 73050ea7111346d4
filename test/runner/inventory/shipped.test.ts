import { describe, expect, it } from 'vitest'
import { endpointOf } from '../../../runner/inventory/connection-variables.ts'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { inventoryLayers } from '../../../runner/vars/inventory-layers.ts'
import { LayeredScope } from '../../../runner/vars/scope.ts'

function endpoints(file: string) {
  const { inventory, besideInventory, problems, warnings } = loadInventory([file], { cwd: process.cwd() })
  expect([problems, warnings]).toEqual([[], []])
  return [...inventory.hosts.values()].map((host) => {
    const scope = new LayeredScope(inventoryLayers(host, { inventory, besideInventory, besidePlaybook: undefined }))
    return [host.name, host.groups.at(-1), endpointOf(host.name, (name) => scope.get(name))]
  })
}

const node = (host: string) => ({ kind: 'ssh', host, user: 'root', connectTimeout: 10_000 })

describe('the inventories that come with drover', () => {
  it('quickstart needs no machine', () => {
    expect(endpoints('inventory/quickstart.yml')).toEqual([['trial', 'ungrouped', { kind: 'embedded' }]])
  })

  it('example has three database nodes', () => {
    expect(endpoints('inventory/example.yml')).toEqual([
      ['dbnode1', 'galera', node('10.0.32.23')],
      ['dbnode2', 'galera', node('10.0.32.24')],
      ['dbnode3', 'galera', node('10.0.32.25')],
    ])
  })
})
