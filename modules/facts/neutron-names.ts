import { neutronOf, type Cloud } from '../lib/cloud-service.ts'
import type { HostState } from '../module.ts'
import { cloudItems, queryOf, type Item } from './cloud-items.ts'

export type NeutronKind = 'subnets' | 'networks' | 'ports'
export interface Named {
  readonly what: NeutronKind
  /** As a user wrote it: a name or an id. */
  readonly written: string
}

/** Whether it is an id, and no name. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text)

/** The things that people name, as Neutron describes them; a string says which of them is not there, or there twice. Ids are not asked for. */
export async function neutronNamed(
  host: HostState,
  cloud: Cloud,
  names: readonly Named[],
): Promise<ReadonlyMap<string, Item> | string> {
  const unknown = [...new Map(names.filter(({ written }) => !isId(written)).map((one) => [keyOf(one), one])).values()]
  if (unknown.length === 0) return new Map()
  const neutron = neutronOf(cloud)
  if (typeof neutron === 'string') return neutron
  const asked = unknown.map(({ what, written }) => ({ path: `/${what}${queryOf({ name: written })}`, key: what }))
  const found = await host.get(cloudItems(neutron, unknown.map(({ written }) => written).join(', '), asked))
  if (found.kind === 'unknown') return found.message
  const known = new Map<string, Item>()
  for (const [index, one] of unknown.entries()) {
    const all = found.lists[index] ?? []
    const [item] = all
    const kind = one.what.slice(0, -1)
    if (item === undefined) return `no ${kind} is called ${one.written}`
    if (all.length > 1)
      return `${all.length} ${one.what} are called ${one.written}: say which by its id: ${all.map(({ id }) => id).join(', ')}`
    known.set(keyOf(one), item)
  }
  return known
}

const keyOf = ({ what, written }: Named): string => `${what} ${written}`

/** The id of what a user wrote, with what `neutronNamed` found. */
export const idOf =
  (known: ReadonlyMap<string, Item>) =>
  (what: NeutronKind, written: string): string =>
    isId(written) ? written : (known.get(keyOf({ what, written }))?.id ?? written)
