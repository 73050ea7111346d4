import { Scalar, stringify } from 'yaml'
import type { Json } from '../../../schema/infer.ts'
import type { Shown } from './show.ts'
import {
  changed,
  groupsBelow,
  groupVariables,
  hostVariables,
  ordered,
  ownHostVariables,
  unwrapped,
  type Written,
} from './values.ts'

/** The inventory as scripts print it for `--list`: groups by name, and the hosts' variables under `_meta`. */
export function listing({ loaded, extra, hosts, exported }: Shown): string {
  const { inventory } = loaded
  const groups = groupsBelow(inventory, 'all').flatMap((name): readonly [string, unknown][] => {
    const group = inventory.groups.get(name)
    const own = name === 'all' ? [] : (group?.ownHosts ?? []).filter((host) => hosts.has(host))
    const children = group?.children ?? []
    const vars = exported ? groupVariables(name, loaded) : {}
    const parts = { ...filled('children', children), ...filled('hosts', own), ...filled('vars', vars) }
    return Object.keys(parts).length === 0 ? [] : [[name, parts]]
  })
  const hostvars = [...inventory.hosts.values()]
    .filter(({ name }) => hosts.has(name))
    .map((host) => [host.name, exported ? ownHostVariables(host, loaded) : hostVariables(host, loaded, extra)] as const)
    .filter(([, vars]) => Object.keys(vars).length > 0)
  return jsonOf({ _meta: { hostvars: Object.fromEntries(hostvars) }, ...Object.fromEntries(groups) })
}

/** The inventory as a YAML inventory would be written: hosts' variables where a host stands first. */
export function yamlListing({ loaded, extra, hosts, exported }: Shown): string {
  const { inventory } = loaded
  const seen = new Set<string>()
  const groupOf = (name: string): Written => {
    const group = inventory.groups.get(name)
    const children = (group?.children ?? []).map((child) => [child, groupOf(child)] as const)
    const own = name === 'all' ? [] : (group?.ownHosts ?? []).filter((host) => hosts.has(host))
    const entries = own.toSorted().map((host): [string, Json] => [host, seen.has(host) ? {} : varsOf(host)])
    const vars = exported ? groupVariables(name, loaded) : {}
    return {
      ...filled('children', Object.fromEntries(children)),
      ...filled('hosts', Object.fromEntries(entries)),
      ...filled('vars', vars),
    }
  }
  const varsOf = (name: string): Written => {
    seen.add(name)
    const host = inventory.hosts.get(name)
    if (host === undefined) return {}
    return exported ? ownHostVariables(host, loaded) : hostVariables(host, loaded, extra)
  }
  return yamlOf({ all: groupOf('all') })
}

/** JSON as Ansible's tools print it; encrypted values as `{"__ansible_vault": …}`. */
export function jsonOf(value: Json): string {
  const plain = unwrapped(
    value,
    (text) => ({ __ansible_vault: text }),
    (text) => ({ __ansible_unsafe: text }),
  )
  return `${JSON.stringify(sorted(plain), null, 4)}\n`
}

const tagged = (tag: string) => (text: string) => {
  const scalar = new Scalar(text)
  scalar.tag = tag
  return scalar
}

/** YAML; encrypted values with their tag. */
export function yamlOf(value: Json): string {
  return stringify(unwrapped(value, tagged('!vault'), tagged('!unsafe')), {
    version: '1.1',
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    lineWidth: 0,
  })
}

function filled<T extends Json>(name: string, value: T): { readonly [name: string]: T } {
  const isEmpty = Array.isArray(value) ? value.length === 0 : Object.keys(value as object).length === 0
  return isEmpty ? {} : { [name]: value }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return ordered(changed(value as { readonly [name: string]: unknown }, sorted))
}
