import type { Endpoint, KeystoneCatalog, Service } from '../facts/keystone-catalog.ts'
import { afterEntryEdit, type EntryEdit } from './endpoint-entry.ts'
import { sameUrl } from './keystone-url.ts'

export type Known = Extract<KeystoneCatalog, { kind: 'known' }>

/** What is wanted of one interface of a service in a region; `url` is null for one that is to go. */
export interface Wanted {
  readonly interface: string
  readonly url: string | null
}
export interface Place {
  readonly service: Service
  readonly region: string | undefined
  readonly enabled: boolean
  readonly dedupe: boolean
}

/** One change of Keystone's list. */
export type Edit =
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'create'; readonly endpoint: Endpoint }
  | { readonly kind: 'update'; readonly before: Endpoint; readonly after: Endpoint }
  | { readonly kind: 'remove'; readonly endpoint: Endpoint }
  | EntryEdit

/** The service of a name, type or id; a string says why there is none, or which of several is meant. */
export function serviceCalled(called: string, { services }: Known): Service | string {
  for (const key of ['id', 'name', 'type'] as const) {
    const found = services.filter((service) => service[key] === called)
    const [first, second] = found
    if (first === undefined) continue
    if (second === undefined) return first
    return `${found.length} services have the ${key} ${called}: name one by its id: ${found.map(({ id, name }) => `${id} (${name})`).join(', ')}`
  }
  const known = services
    .map(({ name, type }) => `${name} (${type})`)
    .toSorted()
    .join(', ')
  return `Keystone knows no service ${called}: it has ${known === '' ? 'none' : known}`
}

/** The changes that make the list as it is wanted; a string says why none may be made. An endpoint is the same by service, interface and region. */
export function endpointEdits(
  wanted: readonly Wanted[],
  place: Place,
  { endpoints, regions }: Known,
): readonly Edit[] | string {
  const edits: Edit[] = []
  for (const one of wanted) {
    const there = endpoints.filter(
      (endpoint) => endpoint.service === place.service.id && endpoint.interface === one.interface,
    )
    const inRegions = [...new Set(there.map(({ region }) => region ?? '(none)'))]
    if (place.region === undefined && inRegions.length > 1)
      return `${place.service.name} has ${one.interface} endpoints in the regions ${inRegions.join(', ')}: say \`region\``
    const found = edit(
      one,
      place,
      there.filter(({ region }) => place.region === undefined || region === place.region),
    )
    if (typeof found === 'string') return found
    edits.push(...found)
  }
  // Keystone takes no endpoint in a region that it does not know.
  const { region } = place
  const isNew = region !== undefined && !regions.includes(region) && edits.some(({ kind }) => kind === 'create')
  return isNew ? [{ kind: 'region', region }, ...edits] : edits
}

function edit({ interface: name, url }: Wanted, place: Place, there: readonly Endpoint[]): readonly Edit[] | string {
  if (url === null) return there.map((endpoint) => ({ kind: 'remove', endpoint }))
  // The right one of several is the one that stays.
  const kept = there.find((endpoint) => sameUrl(endpoint.url) === sameUrl(url)) ?? there[0]
  const { service, region, enabled } = place
  if (kept === undefined) {
    const endpoint = { id: NOT_YET, service: service.id, interface: name, url, region: region ?? null, enabled }
    return [{ kind: 'create', endpoint }]
  }
  const others = there.filter((endpoint) => endpoint !== kept)
  if (others.length > 0 && !place.dedupe)
    return `${service.name} has ${there.length} ${name} endpoints in ${kept.region ?? 'no region'}: ${there.map(({ id, url }) => `${id} ${url}`).join(', ')}. Remove all but one, or set dedupe: true`
  const same = sameUrl(kept.url) === sameUrl(url) && kept.enabled === enabled
  return [
    ...(same ? [] : [{ kind: 'update', before: kept, after: { ...kept, url, enabled } } as const]),
    ...others.map((endpoint) => ({ kind: 'remove', endpoint }) as const),
  ]
}

/** The id, as it is told, of what Keystone has yet to make. */
export const NOT_YET = ''

/** The id, in the list, of a service that Keystone has yet to make: its endpoints are not those of another one. */
export const idOfNew = (name: string): string => `new:${name}`
/** An id of the list as it is told. */
export const toldId = (id: string): string => (id.startsWith('new:') ? NOT_YET : id)

/** The list after a change. */
export function afterEdit(known: Known, edit: Edit): Known {
  const { endpoints } = known
  switch (edit.kind) {
    case 'region':
      return { ...known, regions: [...known.regions, edit.region] }
    case 'create':
      return { ...known, endpoints: [...endpoints, edit.endpoint] }
    case 'update':
      return { ...known, endpoints: endpoints.map((one) => (one === edit.before ? edit.after : one)) }
    case 'remove':
      return { ...known, endpoints: endpoints.filter((one) => one !== edit.endpoint) }
    case 'enter':
    case 'replace':
    case 'strike':
      return { ...known, endpoints: afterEntryEdit(endpoints, edit) }
  }
}
