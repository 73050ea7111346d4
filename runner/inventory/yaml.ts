import { place, placeOfValue, type Entry, type YamlNode } from '../language/node.ts'
import type { Position, SourceFile } from '../language/source.ts'
import { parseYaml } from '../language/yaml.ts'
import { variablesOf } from '../vars/vars-file.ts'
import type { Vault } from '../language/vault.ts'
import { isConstructed, readConstructed } from './constructed.ts'
import type { InventoryDraft } from './draft.ts'
import { readHostEntry } from './host-name.ts'
import { Malformed } from './malformed.ts'
import type { Variable } from './inventory.ts'
import { readListing } from './listing.ts'
import type { CloudAnswers } from './openstack/answer.ts'
import { isOpenstack } from './openstack/options.ts'
import { readOpenstack } from './openstack/read.ts'
import { didYouMean } from '../../schema/nearest.ts'

const KEYS = ['hosts', 'children', 'vars']
const KEYS_HINT = 'a group has "hosts:", "children:" and "vars:"'

/** What a source may need besides its text. */
interface Beside {
  readonly vault?: Vault | undefined
  readonly clouds?: CloudAnswers
}

/** Reads a YAML or JSON inventory (groups with `hosts`, `children` and `vars`) into the draft. */
export function readYamlInventory(source: SourceFile, draft: InventoryDraft, { vault, clouds }: Beside = {}): void {
  const { root, problems } = parseYaml(source)
  draft.problems.push(...problems)
  if (root === undefined || root.value === null) return
  if (root.kind !== 'map') {
    draft.problems.push({
      message: 'an inventory is a mapping of groups',
      at: place(root),
      hint: 'start with "all:", and under it "hosts:"',
    })
    return
  }
  if (Object.hasOwn(root.value, '_meta')) return readListing(root, source.path, draft)
  const plugin = root.entries.find(({ name, value }) => name === 'plugin' && typeof value.value === 'string')
  if (isConstructed(plugin?.value.value)) return readConstructed(root, source, draft, vault)
  if (isOpenstack(root)) return readOpenstack(root, draft, clouds?.get(source.path), vault)
  if (plugin !== undefined) {
    draft.problems.push({
      message: `the inventory plugin ${JSON.stringify(plugin.value.value)} is not supported`,
      at: placeOfValue(plugin),
      hint: 'constructed and openstack.cloud.openstack are',
    })
    return
  }
  const reader = new GroupReader(source, draft)
  for (const entry of root.entries) reader.group(entry)
}

class GroupReader {
  readonly #source: SourceFile
  readonly #draft: InventoryDraft

  constructor(source: SourceFile, draft: InventoryDraft) {
    this.#source = source
    this.#draft = draft
  }

  group(group: Entry): void {
    this.#draft.addGroup(group.name)
    for (const entry of this.#entries(group, `group "${group.name}" is not a mapping`, KEYS_HINT)) {
      if (entry.name === 'hosts') this.#hosts(group.name, entry)
      else if (entry.name === 'children') this.#children(group.name, entry)
      else if (entry.name === 'vars') this.#vars(group.name, entry)
      else
        this.#problem(
          `unknown key "${entry.name}" in group "${group.name}"`,
          place(entry.key),
          didYouMean(entry.name, KEYS) ?? KEYS_HINT,
        )
    }
  }

  #vars(group: string, vars: Entry): void {
    this.#entries(vars, `the vars of group "${group}" are not a mapping`, 'write "name: value"')
    for (const [name, variable] of variablesIn(vars.value)) this.#draft.setGroupVariable(group, name, variable)
  }

  #children(group: string, children: Entry): void {
    for (const child of this.#entries(
      children,
      `the children of group "${group}" are not a mapping`,
      'write each child as a key: "name:"',
    )) {
      this.#draft.addChild(group, child.name, place(child.key))
      this.group(child)
    }
  }

  #hosts(group: string, hosts: Entry): void {
    for (const host of this.#entries(
      hosts,
      `the hosts of group "${group}" are not a mapping`,
      'write each host as a key: "name:"',
    )) {
      try {
        this.#host(group, host)
      } catch (error) {
        if (!(error instanceof Malformed)) throw error
        this.#problem(error.message, place(host.key), error.hint)
      }
    }
  }

  #host(group: string, host: Entry): void {
    const { names, port } = readHostEntry(host.name)
    this.#entries(host, `the variables of host "${host.name}" are not a mapping`, 'write "name: value" under the host')
    const variables = variablesIn(host.value)
    for (const name of names) {
      this.#draft.addHost(name, group, this.#source.path)
      if (port !== undefined) this.#draft.setHostVariable(name, 'ansible_port', { value: port, at: place(host.key) })
      for (const [variable, value] of variables) this.#draft.setHostVariable(name, variable, value)
    }
  }

  /** What is in a mapping; nothing in an empty value; a single name stands for a mapping with that key, as Ansible has it. */
  #entries(entry: Entry, otherwise: string, hint: string): readonly Entry[] {
    const { value } = entry
    if (value.kind === 'map') return value.entries
    if (value.value === null) return []
    if (typeof value.value === 'string' && (entry.name === 'hosts' || entry.name === 'children')) {
      return [{ name: value.value, key: value as Entry['key'], value: { ...value, value: null } as YamlNode }]
    }
    this.#problem(otherwise, placeOfValue(entry), hint)
    return []
  }

  #problem(message: string, at: Position, hint: string | undefined): void {
    this.#draft.problems.push({ message, at, hint })
  }
}

function variablesIn(node: YamlNode): ReadonlyMap<string, Variable> {
  return node.kind === 'map' ? variablesOf(node) : new Map()
}
