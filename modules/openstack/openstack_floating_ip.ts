import { cloudItems, queryOf, textOf, type Item } from '../facts/cloud-items.ts'
import { idOf, neutronNamed, isId } from '../facts/neutron-names.ts'
import { cloudOf, cloudProperties, neutronOf, type CloudService } from '../lib/cloud-service.ts'
import { cloudStep, type CloudRequest } from '../lib/cloud-step.ts'
import { floatingAt, floatingEdit, nameOf, type FloatingEdit, type FloatingWish } from '../lib/floating-plan.ts'
import { defineModule, propose, refuse, type HostState, type Json, type JsonObject } from '../module.ts'
import type { HttpAnswer } from '../question.ts'
import { becomes, type Step } from '../step.ts'

interface State {
  readonly neutron: CloudService
  /** Null where none has been asked for, or it is gone. */
  readonly port: Item | null
  readonly network: string | null
  readonly all: readonly Item[]
}

export default defineModule({
  name: 'openstack_floating_ip',
  aliases: ['floating_ip', 'os_floating_ip'],
  summary: 'Give a port of an OpenStack cloud an address that is reached from outside.',
  description:
    'Speaks the API of Neutron over the connection of the host, which need have no client installed. A port is that of a server, or of a load balancer: its `vip_port_id`. A floating ip that the port has is kept.',
  args: {
    type: 'object',
    requiredOneOf: [['port', 'fixed_address', 'server', 'floating_ip_address']],
    properties: {
      ...cloudProperties,
      port: { type: 'string', description: 'The port, by name or id.', since: '0.1.0' },
      server: {
        type: 'string',
        description: 'The id of a server, which has one port, or the one with `fixed_address`.',
        since: '0.1.0',
      },
      fixed_address: {
        type: 'string',
        description: 'The address inside that it is for, where `port` has several. Alone, it says which port is meant.',
        since: '0.1.0',
      },
      network: {
        type: 'string',
        aliases: ['floating_network'],
        description: 'The network it is from, by name or id. Needed for a new one.',
        since: '0.1.0',
      },
      floating_ip_address: {
        type: 'string',
        aliases: ['address'],
        description: 'The address it is to be; any where unset. With `state: absent` alone, the one that goes.',
        since: '0.1.0',
      },
      reuse: {
        type: 'boolean',
        default: false,
        description: 'Takes one of the project that nobody has before it asks for a new one.',
        since: '0.1.0',
      },
      purge: {
        type: 'boolean',
        default: false,
        description: 'With `state: absent`, gives it back; else the project keeps it.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['present', 'absent'],
        default: 'present',
        description: 'Whether the port has one.',
        since: '0.1.0',
      },
    },
  },
  returns: {
    floating_ip:
      'The floating ip as Neutron describes it: id, floating_ip_address, fixed_ip_address, port_id and so on.',
  },
  examples: [
    {
      title: 'An address from outside for a load balancer',
      task: 'openstack_floating_ip:\n  cloud: admin\n  port: "{{ galera.loadbalancer.vip_port_id }}"\n  network: public\n  reuse: true',
      needs: 'Neutron',
    },
    {
      title: 'Take it away and give it back',
      task: 'openstack_floating_ip: { cloud: admin, fixed_address: 10.0.32.10, state: absent, purge: true }',
      needs: 'Neutron',
    },
  ],
  async observe(host, args): Promise<State | string> {
    const cloud = await cloudOf(host, args)
    if (typeof cloud === 'string') return cloud
    const neutron = neutronOf(cloud)
    if (typeof neutron === 'string') return neutron
    const [names, all, port] = await Promise.all([
      neutronNamed(host, cloud, args.network === undefined ? [] : [{ what: 'networks', written: args.network }]),
      host.get(floatingIps(neutron)),
      portOf(host, neutron, args),
    ])
    if (typeof names === 'string') return names
    if (all.kind === 'unknown') return all.message
    if (typeof port === 'string') return port
    const network = args.network === undefined ? null : idOf(names)('networks', args.network)
    return { neutron, port, network, all: all.lists.flat() }
  },
  plan(args, state) {
    if (typeof state === 'string') return refuse(state)
    const { neutron, port, network, all } = state
    const { fixed_address: fixed = null, floating_ip_address: address = null } = args
    if (args.state === 'absent') {
      const there = port === null ? all : floatingAt(port, fixed, all)
      const gone = there.filter((one) => (address === null ? port !== null : one['floating_ip_address'] === address))
      return propose(removals(gone, args.purge, neutron, all))
    }
    if (port === null) return refuse('say what it is for: port, fixed_address or server')
    const wish: FloatingWish = { port, fixed, address, network, reuse: args.reuse }
    const edit = floatingEdit(wish, all)
    if (typeof edit === 'string') return refuse(edit)
    if (edit.kind === 'none') return propose([], { floating_ip: edit.floating })
    const after = floatingAfter(wish, edit)
    return propose([associating(wish, edit, after, neutron, all)], { floating_ip: after })
  },
  result({ state }, _found, performed): JsonObject {
    const [answer] = performed
    if (state === 'absent' || answer === undefined || answer.status !== 0) return {}
    const { responses } = JSON.parse(answer.stdout.toString('utf8')) as Extract<HttpAnswer, { kind: 'answered' }>
    const { floatingip } = JSON.parse(responses.at(-1)?.body || '{}') as { readonly floatingip?: JsonObject }
    return floatingip === undefined ? {} : { floating_ip: floatingip }
  },
})

/** All that the project has: https://docs.openstack.org/api-ref/network/v2/, floating ips. */
const floatingIps = (neutron: CloudService) =>
  cloudItems(neutron, 'floating ips', [
    { path: `/floatingips${queryOf({ project_id: neutron.project })}`, key: 'floatingips' },
  ])

/** The port that is meant, null where only a floating ip is named, or the port is gone with what it had; a string says why it is not clear. */
async function portOf(
  host: HostState,
  neutron: CloudService,
  args: {
    readonly port?: string | undefined
    readonly server?: string | undefined
    readonly fixed_address?: string | undefined
    readonly state: 'present' | 'absent'
  },
): Promise<Item | null | string> {
  const { port, server, fixed_address: fixed } = args
  if (port === undefined && server === undefined && fixed === undefined) return null
  if (server !== undefined && !isId(server)) return `server is to be the id of a server, and not its name: ${server}`
  const filter = {
    ...(port === undefined ? { project_id: neutron.project } : isId(port) ? { id: port } : { name: port }),
    device_id: server ?? null,
    fixed_ips: fixed === undefined ? null : `ip_address=${fixed}`,
  }
  const what = [port, server, fixed].filter((one) => one !== undefined).join(', ')
  const found = await host.get(
    cloudItems(neutron, `port ${what}`, [{ path: `/ports${queryOf(filter)}`, key: 'ports' }]),
  )
  if (found.kind === 'unknown') return found.message
  const [item, ...others] = found.lists.flat()
  if (item === undefined) return args.state === 'absent' ? null : `Neutron knows no port ${what}`
  return others.length === 0
    ? item
    : `${others.length + 1} ports are ${what}: name one by its id: ${[item, ...others].map(({ id }) => id).join(', ')}`
}

/** The address of a port that has one. */
function onlyAddress(port: Item): Json {
  const fixed = port['fixed_ips']
  const [first, ...others]: readonly Json[] = Array.isArray(fixed) ? fixed : []
  const isOne = typeof first === 'object' && first !== null && 'ip_address' in first && others.length === 0
  return isOne ? (first.ip_address ?? null) : null
}

/** The id of a floating ip that Neutron has yet to make. */
const NOT_YET = ''

function floatingAfter(
  { port, fixed, address, network }: FloatingWish,
  edit: Exclude<FloatingEdit, { kind: 'none' }>,
): Item {
  const before =
    edit.kind === 'create' ? { id: NOT_YET, floating_ip_address: address, floating_network_id: network } : edit.floating
  return { ...before, port_id: port.id, fixed_ip_address: fixed ?? onlyAddress(port) }
}

function associating(
  { port, fixed, address, network }: FloatingWish,
  edit: Exclude<FloatingEdit, { kind: 'none' }>,
  after: Item,
  neutron: CloudService,
  all: readonly Item[],
): Step {
  const to = { port_id: port.id, ...(fixed === null ? {} : { fixed_ip_address: fixed }) }
  const attribute = { name: 'port', before: null, after: nameOf(port).replace('the port ', '') }
  if (edit.kind === 'create') {
    const body = {
      floating_network_id: network,
      ...to,
      ...(address === null ? {} : { floating_ip_address: address }),
      ...(neutron.project === null ? {} : { project_id: neutron.project }),
    }
    const change = { subject: `floating ip of ${nameOf(port)}`, verb: 'create', attributes: [attribute] } as const
    const request: CloudRequest = { method: 'POST', path: '/floatingips', body: { floatingip: body } }
    return cloudStep(change, neutron, [request], [becomes(floatingIps(neutron), known([...all, after]))])
  }
  const { floating } = edit
  const subject = `floating ip ${textOf(floating['floating_ip_address'])}`
  const request: CloudRequest = { method: 'PUT', path: `/floatingips/${floating.id}`, body: { floatingip: to } }
  const then = all.map((one) => (one === floating ? after : one))
  return cloudStep(
    { subject, verb: 'update', attributes: [attribute] },
    neutron,
    [request],
    [becomes(floatingIps(neutron), known(then))],
  )
}

/** Takes floating ips away from where they are, or gives them back. */
function removals(gone: readonly Item[], purge: boolean, neutron: CloudService, all: readonly Item[]): readonly Step[] {
  let left = all
  return gone.flatMap((one) => {
    const isFree = (one['port_id'] ?? null) === null
    if (isFree && !purge) return []
    left = purge
      ? left.filter((other) => other !== one)
      : left.map((other) => (other === one ? { ...one, port_id: null, fixed_ip_address: null } : other))
    const path = `/floatingips/${one.id}`
    const request: CloudRequest = purge
      ? { method: 'DELETE', path }
      : { method: 'PUT', path, body: { floatingip: { port_id: null } } }
    const attributes = isFree
      ? []
      : [{ name: 'fixed_ip_address', before: one['fixed_ip_address'] ?? null, after: null }]
    const subject = `floating ip ${textOf(one['floating_ip_address'])}`
    const change = { subject, verb: purge ? 'remove' : 'update', attributes } as const
    return [cloudStep(change, neutron, [request], [becomes(floatingIps(neutron), known(left))])]
  })
}

const known = (items: readonly Item[]) => ({ kind: 'known', lists: [items] }) as const
