import { TOKEN, type CatalogPlace, type KeystoneCatalog, type Service } from '../facts/keystone-catalog.ts'
import { tokenCatalog } from '../facts/keystone-token.ts'
import type { HttpRequest } from '../question.ts'
import { attributeChanges, becomes, stale, type Change, type Step } from '../step.ts'
import type { EntryEdit, Urls } from './endpoint-entry.ts'
import { afterEdit, type Edit } from './endpoint-plan.ts'
import { keystoneStep, type Keystone } from './keystone-step.ts'

/** One step for each change, in order. Afterwards a fresh token says what the catalogue then holds. */
export function endpointSteps(
  edits: readonly Edit[],
  service: Service,
  known: Extract<KeystoneCatalog, { kind: 'known' }>,
  { login, way, fact, place }: Keystone,
): readonly Step[] {
  let catalog = known
  return edits.map((edit) => {
    catalog = afterEdit(catalog, edit)
    const change = changeOf(edit, service)
    // A token that is asked for now holds the old catalogue.
    const effects = [becomes(fact, catalog), stale(tokenCatalog(login, way))]
    return keystoneStep(change, { login, way }, [...requestsOf(edit, place), login.authenticate], effects)
  })
}

function changeOf(edit: Edit, service: Service): Change {
  if (edit.kind === 'region') return { subject: `region ${edit.region}`, verb: 'create' }
  if (edit.kind === 'enter' || edit.kind === 'replace' || edit.kind === 'strike') return changeOfEntry(edit, service)
  const endpoint = edit.kind === 'update' ? edit.after : edit.endpoint
  const subject = `${endpoint.interface} endpoint of ${called(service, endpoint)}`
  const { url, enabled } = endpoint
  switch (edit.kind) {
    case 'create':
      return { subject, verb: 'create', attributes: attributeChanges({}, { url, enabled }) }
    case 'update':
      return {
        subject,
        verb: 'update',
        attributes: attributeChanges({ url: edit.before.url, enabled: edit.before.enabled }, { url, enabled }),
      }
    case 'remove':
      return { subject, verb: 'remove', attributes: [{ name: 'url', before: url, after: null }] }
  }
}

const called = (service: Service, { region }: { readonly region: string | null }): string =>
  `${service.name || service.type}${region === null ? '' : ` in ${region}`}`

function changeOfEntry(edit: EntryEdit, service: Service): Change {
  const { entry } = edit
  const subject = `endpoint of ${called(service, entry)}`
  switch (edit.kind) {
    case 'enter':
      return { subject, verb: 'create', attributes: attributeChanges({}, entry.urls) }
    case 'replace': {
      const names = new Set([...Object.keys(edit.before.urls), ...Object.keys(entry.urls)])
      const all = (urls: Urls) => Object.fromEntries([...names].map((name) => [name, urls[name] ?? null]))
      return { subject, verb: 'update', attributes: attributeChanges(all(edit.before.urls), all(entry.urls)) }
    }
    case 'strike':
      return {
        subject,
        verb: 'remove',
        attributes: Object.entries(entry.urls).map(([name, before]) => ({ name, before, after: null })),
      }
  }
}

/** https://docs.openstack.org/api-ref/identity/v3/, service catalog and endpoints; and endpoints of the admin API v2.0. */
function requestsOf(edit: Edit, { origin, base }: CatalogPlace): readonly HttpRequest[] {
  const there = (path: string) => ({ origin, path: `${base}/${path}`, headers: TOKEN })
  switch (edit.kind) {
    case 'region':
      return [{ ...there('regions'), method: 'POST', body: { region: { id: edit.region } } }]
    case 'create': {
      const { service, interface: name, url, region, enabled } = edit.endpoint
      const endpoint = {
        service_id: service,
        interface: name,
        url,
        enabled,
        ...(region === null ? {} : { region_id: region }),
      }
      return [{ ...there('endpoints'), method: 'POST', body: { endpoint } }]
    }
    case 'update': {
      const { id, url, enabled } = edit.after
      return [{ ...there(`endpoints/${id}`), method: 'PATCH', body: { endpoint: { url, enabled } } }]
    }
    case 'remove':
      return [{ ...there(`endpoints/${edit.endpoint.id}`), method: 'DELETE' }]
    case 'enter':
    case 'replace': {
      const { service, region, urls } = edit.entry
      const named = Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name}url`, url]))
      const made = {
        ...there('endpoints'),
        method: 'POST',
        body: { endpoint: { service_id: service, region, ...named } },
      } as const
      return edit.kind === 'enter' ? [made] : [made, { ...there(`endpoints/${edit.before.id}`), method: 'DELETE' }]
    }
    case 'strike':
      return [{ ...there(`endpoints/${edit.entry.id}`), method: 'DELETE' }]
  }
}
