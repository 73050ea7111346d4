import { TOKEN, type Service } from '../facts/keystone-catalog.ts'
import { tokenCatalog } from '../facts/keystone-token.ts'
import { idOfNew, toldId, type Known } from '../lib/endpoint-plan.ts'
import { catalogOf, keystoneProperties } from '../lib/keystone-args.ts'
import { keystoneStep, type Keystone } from '../lib/keystone-step.ts'
import { defineModule, propose, refuse, type JsonObject } from '../module.ts'
import type { HttpAnswer, HttpRequest } from '../question.ts'
import { attributeChanges, becomes, stale, type Change, type Step } from '../step.ts'

export default defineModule({
  name: 'openstack_service',
  aliases: ['catalog_service', 'os_keystone_service'],
  summary: 'Keep a service in the catalogue of Keystone.',
  description:
    'Speaks the Identity API v3 over the connection of the host, which need have no client installed; or v2.0 (`auth_url` ending in /v2.0), tested with a stand-in, which has no way to change or hide a service. A service is the same by its name; of several with one name, that of the type is meant. ' +
    'Where its endpoints are is `openstack_endpoint`’s to say; with a service, they go too.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      ...keystoneProperties,
      name: { type: 'string', description: 'Its name: `swift`.', since: '0.1.0' },
      service_type: {
        type: 'string',
        aliases: ['type'],
        description: 'Its type, which clients look for: `object-store`. Needed where it is to be there.',
        since: '0.1.0',
      },
      description: { type: 'string', description: 'What it is; kept as it is where unset.', since: '0.1.0' },
      enabled: {
        type: 'boolean',
        default: true,
        aliases: ['is_enabled'],
        description: 'Whether the catalogue shows it.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether it is there.',
        since: '0.1.0',
      },
    },
  },
  returns: { service: 'The service: id, name, type, description, enabled.', id: 'Its id.' },
  examples: [
    {
      title: 'Object storage',
      task: 'openstack_service:\n  cloud: admin\n  name: swift\n  service_type: object-store\n  description: Object storage',
      needs: 'Keystone',
    },
    {
      title: 'A service that is no longer there',
      task: 'openstack_service: { openrc: /root/admin-openrc, name: sahara, state: absent }',
      needs: 'Keystone',
    },
  ],
  observe: catalogOf,
  plan(args, state) {
    if (typeof state === 'string') return refuse(state)
    const { catalog, keystone } = state
    if (catalog.kind === 'unknown') return refuse(catalog.message)
    const there = serviceNamed(args, catalog)
    if (typeof there === 'string') return refuse(there)
    if (args.state === 'absent') return propose(there === null ? [] : [removal(there, catalog, keystone)])
    const { name, service_type: type, description, enabled } = args
    if (type === undefined) return refuse(`say of which type ${name} is: service_type`)
    const before = there ?? { id: idOfNew(name), name, type, description: '', enabled }
    const after = { ...before, type, description: description ?? before.description, enabled }
    const same = there !== null && requestBody(after, there) === null
    const lacking = keystone.login.version === 2 && !same ? lackingInV2(after, there) : null
    if (lacking !== null) return refuse(lacking)
    return propose(same ? [] : [setting(there, after, catalog, keystone)], result(after))
  },
  result(args, state, [step]): JsonObject {
    if (args.state === 'absent' || step === undefined || typeof state === 'string') return {}
    const answer = JSON.parse(step.stdout.toString('utf8')) as HttpAnswer
    const body = answer.kind === 'answered' ? (answer.responses[1]?.body ?? '') : ''
    const { service, 'OS-KSADM:service': inV2 } = JSON.parse(body === '' ? '{}' : body) as Made
    const made = service ?? inV2
    if (made?.id === undefined) return {}
    const { id, name = args.name, type = '', description = '', enabled = true } = made
    return result({ id, name, type, description, enabled })
  },
})

interface Made {
  readonly service?: Partial<Service>
  readonly 'OS-KSADM:service'?: Partial<Service>
}
const result = (service: Service): JsonObject => {
  const told = { ...service, id: toldId(service.id) }
  return { id: told.id, service: told }
}

/** The service that is meant, null where there is none; a string says that it is not clear which. */
function serviceNamed(
  { name, service_type: type }: { readonly name: string; readonly service_type?: string | undefined },
  { services }: Known,
): Service | null | string {
  const named = services.filter((service) => service.name === name)
  const [first, ...others] = named
  if (first === undefined || others.length === 0) return first ?? null
  const typed = named.filter((service) => service.type === type)
  const [one, ...more] = typed
  if (one !== undefined && more.length === 0) return one
  return `${named.length} services are called ${name}: ${named.map((each) => `${each.id} (${each.type})`).join(', ')}. Say service_type, or remove all but one`
}

/** What the Identity API v2.0 has no way for, which makes services and removes them; null where it has one. */
function lackingInV2(after: Service, there: Service | null): string | null {
  if (!after.enabled)
    return 'the Identity API v2.0 has no way to hide a service: leave `enabled` out, or set state: absent'
  if (there === null) return null
  const names = Object.keys(requestBody(after, there) ?? {}).join(' and ')
  return `the Identity API v2.0 has no way to change the ${names} of the service ${after.name}: remove it, with its endpoints, or log in with v3`
}

/** What of a service Keystone is to be told; null where nothing. */
function requestBody(after: Service, before: Service | null): JsonObject | null {
  const { id: _id, ...all } = after
  if (before === null) return { ...all }
  const changes = Object.entries(all).filter(([name, value]) => before[name as keyof typeof all] !== value)
  return changes.length === 0 ? null : Object.fromEntries(changes)
}

function setting(there: Service | null, after: Service, catalog: Known, keystone: Keystone): Step {
  const { id: _id, ...wanted } = after
  const change = {
    subject: `service ${after.name}`,
    verb: there === null ? 'create' : 'update',
    attributes: attributeChanges(there === null ? {} : { ...there }, { ...wanted }),
  } as const
  const services =
    there === null ? [...catalog.services, after] : catalog.services.map((one) => (one === there ? after : one))
  const told = requestBody(after, there) ?? {}
  const { enabled: _enabled, ...knownToV2 } = told
  const body = keystone.login.version === 2 ? { 'OS-KSADM:service': knownToV2 } : { service: told }
  return step(
    change,
    keystone,
    { ...placeOf(keystone, there), method: there === null ? 'POST' : 'PATCH', body },
    { ...catalog, services },
  )
}

function removal(there: Service, catalog: Known, keystone: Keystone): Step {
  const gone = catalog.endpoints.filter(({ service }) => service === there.id)
  const change = {
    subject: `service ${there.name}`,
    verb: 'remove',
    attributes: [
      { name: 'type', before: there.type, after: null },
      ...gone.map((one) => ({ name: `${one.interface} endpoint`, before: one.url, after: null })),
    ],
  } as const
  return step(
    change,
    keystone,
    { ...placeOf(keystone, there), method: 'DELETE' },
    {
      ...catalog,
      services: catalog.services.filter((one) => one !== there),
      endpoints: catalog.endpoints.filter((one) => !gone.includes(one)),
    },
  )
}

/** Where one service is, or all are. */
function placeOf({ login, place: { origin, base } }: Keystone, service: Service | null) {
  const list = `${base}/${login.version === 2 ? 'OS-KSADM/services' : 'services'}`
  return { origin, path: service === null ? list : `${list}/${encodeURIComponent(service.id)}`, headers: TOKEN }
}

/** https://docs.openstack.org/api-ref/identity/v3/, service catalog and endpoints; and OS-KSADM of v2.0. */
function step(change: Change, keystone: Keystone, asked: HttpRequest, after: Known): Step {
  const { login, way, fact } = keystone
  return keystoneStep(change, keystone, [asked], [becomes(fact, after), stale(tokenCatalog(login, way))])
}
