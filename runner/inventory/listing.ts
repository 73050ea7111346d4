import { entryOf, place, type YamlNode } from '../language/node.ts'
import { variablesOf } from '../vars/vars-file.ts'
import type { InventoryDraft } from './draft.ts'

/**
 * Reads the JSON that an inventory script prints for `--list`: groups, each with `hosts`, `children` and `vars`, or only a list of
 * hosts; `_meta.hostvars` holds the hosts' variables. `ansible-inventory --list` prints the same.
 */
export function readListing(root: YamlNode, file: string, draft: InventoryDraft): void {
  if (root.kind !== 'map') {
    draft.problems.push({ message: 'an inventory listing is a mapping of groups', at: place(root) })
    return
  }
  for (const { name, key, value } of root.entries) {
    if (name === '_meta') continue
    draft.addGroup(name)
    if (value.kind === 'list') for (const host of namesIn(value)) draft.addHost(host, name, file)
    else if (value.kind === 'map') readGroup(name, value, file, draft)
    else draft.problems.push({ message: `group "${name}" is neither a mapping nor a list of hosts`, at: place(key) })
  }
  const hostvars = child(child(root, '_meta'), 'hostvars')
  if (hostvars?.kind !== 'map') return
  for (const { name: host, value } of hostvars.entries) readHostVariables(host, value, draft)
}

/** Sets a host's variables from a mapping; what is none sets nothing. */
export function readHostVariables(host: string, node: YamlNode, draft: InventoryDraft): void {
  if (node.kind !== 'map') return
  for (const [name, variable] of variablesOf(node)) draft.setHostVariable(host, name, variable)
}

function readGroup(group: string, body: YamlNode, file: string, draft: InventoryDraft): void {
  for (const host of namesIn(child(body, 'hosts'))) draft.addHost(host, group, file)
  for (const name of namesIn(child(body, 'children'))) draft.addChild(group, name, place(body))
  const vars = child(body, 'vars')
  if (vars?.kind !== 'map') return
  for (const [name, variable] of variablesOf(vars)) draft.setGroupVariable(group, name, variable)
}

function child(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'map' ? entryOf(node, name)?.value : undefined
}

function namesIn(node: YamlNode | undefined): readonly string[] {
  return node?.kind === 'list' ? node.value.map((name) => (typeof name === 'string' ? name : JSON.stringify(name))) : []
}
