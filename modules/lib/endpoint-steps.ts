import { TOKEN, type KeystoneCatalog, type Service } from '../facts/keystone-catalog.ts'
import { tokenCatalog } from '../facts/keystone-token.ts'
import type { HttpRequest } from '../question.ts'
import { attributeChanges, becomes, stale, type Change, type Step } from '../step.ts'
import { afterEdit, type Edit } from './endpoint-plan.ts'
import { keystoneStep, type Keystone } from './keystone-step.ts'

/** One step for each change, in order. Afterwards a fresh token says what the catalogue then holds. */
export function endpointSteps(
  edits: readonly Edit[],
  service: Service,
  known: Extract<KeystoneCatalog, { kind: 'known' }>,
  { login, way, fact }: Keystone,
): readonly Step[] {
  let catalog = known
  return edits.map((edit) => {
    catalog = afterEdit(catalog, edit)
    const change = changeOf(edit, service)
    // A token that is asked for now holds the old catalogue.
    const effects = [becomes(fact, catalog), stale(tokenCatalog(login, way))]
    return keystoneStep(change, { login, way }, [requestOf(edit, login.base), login.authenticate], effects)
  })
}

function changeOf(edit: Edit, service: Service): Change {
  if (edit.kind === 'region') return { subject: `region ${edit.region}`, verb: 'create' }
  const endpoint = edit.kind === 'update' ? edit.after : edit.endpoint
  const subject = `${endpoint.interface} endpoint of ${service.name || service.type}${endpoint.region === null ? '' : ` in ${endpoint.region}`}`
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

/** https://docs.openstack.org/api-ref/identity/v3/, service catalog and endpoints. */
function requestOf(edit: Edit, base: string): HttpRequest {
  switch (edit.kind) {
    case 'region':
      return { method: 'POST', path: `${base}/regions`, headers: TOKEN, body: { region: { id: edit.region } } }
    case 'create': {
      const { service, interface: name, url, region, enabled } = edit.endpoint
      const endpoint = {
        service_id: service,
        interface: name,
        url,
        enabled,
        ...(region === null ? {} : { region_id: region }),
      }
      return { method: 'POST', path: `${base}/endpoints`, headers: TOKEN, body: { endpoint } }
    }
    case 'update': {
      const { id, url, enabled } = edit.after
      return { method: 'PATCH', path: `${base}/endpoints/${id}`, headers: TOKEN, body: { endpoint: { url, enabled } } }
    }
    case 'remove':
      return { method: 'DELETE', path: `${base}/endpoints/${edit.endpoint.id}`, headers: TOKEN }
  }
}
