import { balancerBecomes, balancerCalled } from '../facts/balancer.ts'
import { textOf } from '../facts/cloud-items.ts'
import { idOf, neutronNamed, type Named } from '../facts/neutron-names.ts'
import { balancerAfter } from '../lib/balancer-after.ts'
import { balancerProperties } from '../lib/balancer-args.ts'
import { balancerEdits, type Balancer } from '../lib/balancer-plan.ts'
import { balancerSteps, errorText, isLeaving, removal, settling } from '../lib/balancer-steps.ts'
import { balancerWish, type BalancerArgs, type BalancerWish } from '../lib/balancer-wish.ts'
import { cloudOf, cloudProperties, octaviaOf, type CloudService } from '../lib/cloud-service.ts'
import { observeV1, planV1, resultV1, type StateV1 } from '../lib/lbaas-v1.ts'
import { defineModule, propose, refuse, type JsonObject } from '../module.ts'
import type { HttpAnswer } from '../question.ts'

interface State {
  readonly api: 'octavia'
  readonly octavia: CloudService
  readonly balancer: Balancer | null
  readonly wish: BalancerWish
}

export default defineModule({
  name: 'openstack_loadbalancer',
  aliases: ['loadbalancer', 'os_loadbalancer'],
  summary: 'Keep a load balancer of an OpenStack cloud, with its listeners, pools, members and health monitors.',
  description:
    'Speaks the API of Octavia over the connection of the host, which need have no client installed. Every part is compared, and only what differs is changed, one thing after the other: ' +
    'Octavia takes no change while another one is under way, and so each is waited for. A run that was cut short is completed by the next one. Names of subnets and networks are looked up in Neutron.',
  args: { type: 'object', required: ['name'], properties: { ...cloudProperties, ...balancerProperties } },
  returns: {
    id: 'The id of the load balancer.',
    loadbalancer:
      'The load balancer as Octavia describes it: id, name, vip_address, vip_port_id, provisioning_status, operating_status and so on.',
  },
  examples: [
    {
      title: 'Connections to databases, one after the other',
      task:
        'openstack_loadbalancer:\n  cloud: admin\n  name: galera\n  vip_subnet: databases\n  listeners:\n    - protocol: TCP\n      protocol_port: 3306\n      pool:\n        lb_algorithm: ROUND_ROBIN\n' +
        '        members:\n          - { name: DBNode1, address: 10.0.32.23, protocol_port: 3306 }\n          - { name: DBNode2, address: 10.0.32.24, protocol_port: 3306 }\n' +
        '        health_monitor: { type: TCP, delay: 5, timeout: 3, max_retries: 2 }\nregister: galera',
      needs: 'Octavia',
    },
    {
      title: 'One that is no longer needed',
      task: 'openstack_loadbalancer: { openrc: /root/admin-openrc, name: galera, state: absent }',
      needs: 'Octavia',
    },
  ],
  async observe(host, args): Promise<State | StateV1 | string> {
    const cloud = await cloudOf(host, args)
    if (typeof cloud === 'string') return cloud
    const names = await neutronNamed(host, cloud, args.state === 'absent' ? [] : namesIn(args))
    if (typeof names === 'string') return names
    const wish = balancerWish(args, idOf(names))
    if (typeof wish === 'string') return wish
    if (args.api === 'lbaas_v1') return observeV1(host, cloud, args, wish)
    const octavia = octaviaOf(cloud)
    if (typeof octavia === 'string') return octavia
    const balancer = await balancerCalled(host, octavia, args.name)
    return typeof balancer === 'string' ? balancer : { api: 'octavia', octavia, balancer, wish }
  },
  plan({ name, state, wait, timeout }, found) {
    if (typeof found === 'string') return refuse(found)
    if (found.api === 'lbaas_v1') return planV1(found)
    const { octavia, wish } = found
    const leaves = found.balancer !== null && isLeaving(found.balancer.item)
    const work = { octavia, name, id: leaves ? null : (found.balancer?.item.id ?? null), wait, timeout }
    if (state === 'absent') {
      if (found.balancer === null || (leaves && !wait)) return propose([])
      return propose([removal(found.balancer.item, work, balancerBecomes(octavia, name, null))])
    }
    const there = leaves ? null : found.balancer
    if (there?.item['provisioning_status'] === 'ERROR') return refuse(errorText(name), resultOf(there.item))
    const edits = balancerEdits(wish, there)
    if (typeof edits === 'string') return refuse(edits)
    const after = balancerAfter(edits, there, name)
    const result = resultOf(after.item)
    if (edits.length > 0) return propose(balancerSteps(edits, work, balancerBecomes(octavia, name, after)), result)
    const isPending = textOf(there?.item['provisioning_status']).startsWith('PENDING_')
    return isPending && wait ? propose([settling(work)], { ...result, changed: false }) : propose([], result)
  },
  result({ state }, _found, performed) {
    const answer = performed.at(-1)
    if (state === 'absent' || answer === undefined || answer.status !== 0) return {}
    const { responses } = JSON.parse(answer.stdout.toString('utf8')) as Extract<HttpAnswer, { kind: 'answered' }>
    const { loadbalancer, vips } = JSON.parse(responses.at(-1)?.body || '{}') as {
      readonly loadbalancer?: JsonObject
      readonly vips?: readonly JsonObject[]
    }
    if (loadbalancer !== undefined) return resultOf(loadbalancer)
    const [vip] = vips ?? []
    return vip === undefined ? {} : resultV1(vip)
  },
})

const resultOf = (item: JsonObject): JsonObject => ({ id: item['id'] ?? null, loadbalancer: item })

const named = (what: Named['what'], written: string | undefined): readonly Named[] =>
  written === undefined ? [] : [{ what, written }]

/** What the arguments name of Neutron's. */
function namesIn({ vip_subnet, vip_network, vip_port, listeners = [] }: BalancerArgs): readonly Named[] {
  const members = listeners.flatMap(({ pool }) => pool?.members ?? [])
  return [
    ...named('subnets', vip_subnet),
    ...named('networks', vip_network),
    ...named('ports', vip_port),
    ...members.flatMap(({ subnet }) => named('subnets', subnet)),
  ]
}
