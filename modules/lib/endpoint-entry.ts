import type { Endpoint } from '../facts/keystone-catalog.ts'

/** An endpoint of the Identity API v2.0: all interfaces of a service in a region. It cannot be changed, only made and removed. */
export interface Entry {
  readonly id: string
  readonly service: string
  readonly region: string | null
  readonly urls: Urls
}
/** By interface: `public`, `internal`, `admin`. */
export type Urls = { readonly [name: string]: string }

/** One change of Keystone's list. */
export type EntryEdit =
  | { readonly kind: 'enter'; readonly entry: Entry }
  /** The right one is made, then the wrong one removed. */
  | { readonly kind: 'replace'; readonly before: Entry; readonly entry: Entry }
  | { readonly kind: 'strike'; readonly entry: Entry }

/** The entries of a service, whose interfaces are told one by one. */
export function entriesOf(service: string, endpoints: readonly Endpoint[]): readonly Entry[] {
  const entries = new Map<string, Entry>()
  for (const { id, service: of, region, interface: name, url } of endpoints) {
    if (of !== service) continue
    const key = JSON.stringify([id, region])
    const before = entries.get(key) ?? { id, service, region, urls: {} }
    entries.set(key, { ...before, urls: { ...before.urls, [name]: url } })
  }
  return [...entries.values()]
}

/** The interfaces one by one after a change. */
export function afterEntryEdit(endpoints: readonly Endpoint[], edit: EntryEdit): readonly Endpoint[] {
  switch (edit.kind) {
    case 'enter':
      return [...endpoints, ...interfacesOf(edit.entry)]
    case 'replace':
      return [...lacking(endpoints, edit.before), ...interfacesOf(edit.entry)]
    case 'strike':
      return lacking(endpoints, edit.entry)
  }
}

const interfacesOf = ({ urls, ...entry }: Entry): readonly Endpoint[] =>
  Object.entries(urls).map(([name, url]) => ({ ...entry, interface: name, url, enabled: true }))

const lacking = (endpoints: readonly Endpoint[], { id, service, region }: Entry): readonly Endpoint[] =>
  endpoints.filter((one) => one.id !== id || one.service !== service || one.region !== region)
