import type { Endpoint, Service } from '../facts/keystone-catalog.ts'
import { entryEdits } from '../lib/endpoint-entry-plan.ts'
import {
  afterEdit,
  endpointEdits,
  NOT_YET,
  serviceCalled,
  toldId,
  type Known,
  type Wanted,
} from '../lib/endpoint-plan.ts'
import { endpointSteps } from '../lib/endpoint-steps.ts'
import { catalogOf, keystoneProperties } from '../lib/keystone-args.ts'
import type { Keystone } from '../lib/keystone-step.ts'
import { endpointMade, missingInCatalog } from '../lib/keystone-verify.ts'
import { sameUrl, urlFault } from '../lib/keystone-url.ts'
import { defineModule, propose, refuse, type JsonObject } from '../module.ts'

const INTERFACES = ['public', 'internal', 'admin'] as const
const urlOf = (name: string) =>
  ({ type: 'string', description: `The url of the ${name} interface.`, since: '0.1.0' }) as const

export default defineModule({
  name: 'openstack_endpoint',
  aliases: ['endpoint', 'os_keystone_endpoint'],
  summary: 'Set where the services of an OpenStack cloud are, in the catalogue of Keystone.',
  description:
    'Speaks the Identity API v3 over the connection of the host, which need have no client installed. An endpoint is the same by service, interface and ' +
    'region: a wrong url is corrected in place and the id stays. In v2.0 (`auth_url` ending in /v2.0), tested with a stand-in, one endpoint holds all ' +
    'interfaces and cannot be changed: a new one takes its place. `%(project_id)s`, `%(tenant_id)s` and the same with `$` are one place-holder. Logs in ' +
    'with `auth`, with a `cloud` of the host’s clouds.yaml, or with the OS_ variables of a shell file (`openrc`).',
  args: {
    type: 'object',
    required: ['service'],
    mutuallyExclusive: [
      ['auth', 'cloud', 'openrc'],
      ['interface', 'public'],
      ['interface', 'internal'],
      ['interface', 'admin'],
    ],
    properties: {
      ...keystoneProperties,
      service: { type: 'string', description: 'The service, by its name, type or id.', since: '0.1.0' },
      interface: {
        type: 'string',
        enum: INTERFACES,
        aliases: ['endpoint_interface'],
        description: 'The interface that `url` is of.',
        since: '0.1.0',
      },
      url: { type: 'string', description: 'Where the service is on that interface.', since: '0.1.0' },
      public: urlOf('public'),
      internal: urlOf('internal'),
      admin: urlOf('admin'),
      region: {
        type: 'string',
        aliases: ['region_name'],
        description: 'The region; that of the login where unset, and then the only one that the service has.',
        since: '0.1.0',
      },
      enabled: { type: 'boolean', default: true, description: 'Whether the catalogue shows it.', since: '0.1.0' },
      dedupe: {
        type: 'boolean',
        default: false,
        description: 'Of several endpoints that are the same, keeps one and removes the others.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'absent: the interface has no endpoint; without `interface`, none has.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    service_id: 'The id of the service.',
    endpoints: 'The endpoints of the service on these interfaces in the region: id, interface, region, url, enabled.',
    missing_in_catalog:
      'Interfaces that a fresh token’s catalogue does not show as they were set: Keystone may cache it for a while.',
  },
  examples: [
    {
      title: 'Where object storage is',
      task:
        'openstack_endpoint:\n  cloud: admin\n  service: swift\n  region: RegionOne\n' +
        "  public: 'http://10.0.32.10:8080/v1/AUTH_%(tenant_id)s'\n  internal: 'http://10.0.32.30:8080/v1/AUTH_%(tenant_id)s'\n",
      needs: 'Keystone',
    },
    {
      title: 'Take an interface out of the catalogue',
      task: 'openstack_endpoint: { openrc: /root/admin-openrc, service: object-store, interface: admin, state: absent }',
      needs: 'Keystone',
    },
  ],
  observe: catalogOf,
  plan(args, state) {
    const wanted = wantedIn(args)
    if (typeof wanted === 'string') return refuse(wanted)
    if (typeof state === 'string') return refuse(state)
    const { keystone, catalog } = state
    if (catalog.kind === 'unknown') return refuse(catalog.message)
    const service = serviceCalled(args.service, catalog)
    if (typeof service === 'string') {
      const several = catalog.services.some(({ id, name, type }) => [id, name, type].includes(args.service))
      return args.state === 'absent' && !several ? propose([]) : refuse(service)
    }
    const { enabled, dedupe } = args
    const region = args.region ?? keystone.login.region
    const edits = editsIn(keystone)(wanted, { service, region, enabled, dedupe }, catalog)
    if (typeof edits === 'string') return refuse(edits)
    return propose(endpointSteps(edits, service, catalog, keystone), {
      service_id: toldId(service.id),
      endpoints: endpointsOf({ service, region }, wanted, edits.reduce(afterEdit, catalog)),
    })
  },
  result(args, state, performed) {
    const wanted = wantedIn(args)
    if (typeof wanted === 'string' || typeof state === 'string' || state.catalog.kind === 'unknown') return {}
    const service = serviceCalled(args.service, state.catalog)
    const last = performed.at(-1)
    if (typeof service === 'string' || last === undefined || last.status !== 0) return {}
    const shown = args.enabled ? wanted : wanted.map((one) => ({ ...one, url: null }))
    const made = performed.flatMap(({ stdout }) => endpointMade(stdout) ?? [])
    const region = args.region ?? state.keystone.login.region
    const { enabled, dedupe } = args
    const edits = editsIn(state.keystone)(wanted, { service, region, enabled, dedupe }, state.catalog)
    const after = typeof edits === 'string' ? state.catalog : edits.reduce(afterEdit, state.catalog)
    return {
      endpoints: endpointsOf({ service, region }, wanted, after).map((one) =>
        one.id === NOT_YET ? { ...one, id: made.find(isOf(one))?.id ?? NOT_YET } : one,
      ),
      missing_in_catalog: missingInCatalog(last.stdout, { service, region }, shown),
    }
  },
})

const editsIn = ({ login }: Keystone) => (login.version === 2 ? entryEdits : endpointEdits)

const isOf =
  (endpoint: Pick<Endpoint, 'interface'>) =>
  ({ interface: name = endpoint.interface }: { readonly interface?: string }): boolean =>
    name === endpoint.interface

/** The endpoints of a service in a region, or in any, on the interfaces that are wanted. */
function endpointsOf(
  { service, region }: { readonly service: Service; readonly region: string | undefined },
  wanted: readonly Wanted[],
  { endpoints }: Known,
): readonly (JsonObject & Pick<Endpoint, 'id' | 'interface'>)[] {
  const names = new Set(wanted.map((one) => one.interface))
  return endpoints
    .filter((one) => one.service === service.id && (region === undefined || one.region === region))
    .filter((one) => names.has(one.interface))
    .map((one) => ({ ...one, service: toldId(one.service) }))
}

/** The interfaces that the arguments name; a string says what is wrong with them. */
function wantedIn(args: {
  readonly state: 'present' | 'absent'
  readonly interface?: string | undefined
  readonly url?: string | undefined
  readonly public?: string | undefined
  readonly internal?: string | undefined
  readonly admin?: string | undefined
}): readonly Wanted[] | string {
  const given = INTERFACES.flatMap((name) => {
    const url = args[name] ?? (args.interface === name ? args.url : undefined)
    return url === undefined ? [] : [{ interface: name, url }]
  })
  if (args.state === 'absent') {
    const named = args.interface === undefined ? given.map((one) => one.interface) : [args.interface]
    return (named.length === 0 ? INTERFACES : named).map((name) => ({ interface: name, url: null }))
  }
  if (given.length === 0) return 'say where the service is: interface and url, or public, internal and admin'
  const faults = given.map(({ url }) => urlFault(sameUrl(url))).filter((fault) => fault !== null)
  return faults.length > 0 ? faults.join('; ') : given
}
