import { of } from './case.ts'
import type { CloudStock } from '../openstack/octavia.ts'

const member = (address: string, weight = 1): object => ({ address, protocol_port: 3306, weight })
const [one, two] = [member('10.0.32.11'), member('10.0.32.12')]
const pool = { protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' }
const monitor = { type: 'TCP', delay: 2, timeout: 1, max_retries: 3 }

/** A load balancer as somebody else has made it, with a listener for each pool. */
const balancer = (name: string, port: number, ...pools: readonly object[]): object => ({
  name,
  vip_address: '10.0.32.11',
  listeners: pools.map((own, index) => ({
    name: `${name}-${port + index}`,
    protocol: 'TCP',
    protocol_port: port + index,
    default_pool: { name: `${name}-${port + index}-pool`, ...pool, ...own },
  })),
})

/** What the cases of load balancers and floating ips are to find. */
export const octaviaGiven: CloudStock = {
  ports: Object.fromEntries(
    ['new', 'right', 'loose', 'gone', 'reuse', 'none'].map((name, index) => [`laws-${name}`, `10.0.32.${120 + index}`]),
  ),
  floating: {
    '203.0.113.121': 'laws-right',
    '203.0.113.122': 'laws-loose',
    '203.0.113.123': 'laws-gone',
    '203.0.113.124': null,
  },
  balancers: [
    balancer('laws-right', 3411, { members: [one, two], healthmonitor: monitor }),
    balancer('laws-text', 3412, { members: [one, two], healthmonitor: monitor }),
    balancer('laws-gone', 3414, { members: [one] }),
  ],
}

const wish = (name: string, port: number, members: readonly object[], more: object = {}): string =>
  JSON.stringify({
    name,
    vip_subnet: 'inside',
    vip_address: '10.0.32.11',
    timeout: 60,
    listeners: [{ protocol: 'TCP', port, pool: { members, health_monitor: monitor, ...more } }],
  })

/** Of modules that speak to Octavia and Neutron; names, addresses and ports are for one case each. */
export const octavia = [
  ...of(
    'openstack_loadbalancer',
    ['nothing there', 'changed', wish('laws-new', 3410, [one, two])],
    ['made by the task before', 'ok', wish('laws-new', 3410, [two, one])],
    ['right, made by somebody else', 'ok', wish('laws-right', 3411, [one, two])],
    [
      'another algorithm, monitor and weight, one member less and one more',
      'changed',
      wish('laws-text', 3412, [member('10.0.32.11', 3), member('10.0.32.13')], {
        lb_algorithm: 'SOURCE_IP',
        health_monitor: { type: 'PING', delay: 2, timeout: 1 },
      }),
    ],
    ['to be removed', 'changed', '{ name: laws-gone, state: absent }'],
    ['not there to be removed', 'ok', '{ name: laws-never, state: absent }'],
    ['its address elsewhere', 'failed', '{ name: laws-right, vip_subnet: inside, vip_address: 10.0.32.99 }'],
    ['of no subnet', 'failed', '{ name: laws-never, vip_subnet: laws-never }'],
    ['nowhere', 'failed', '{ name: laws-never }'],
  ),
  ...of(
    'openstack_floating_ip',
    ['none there', 'changed', '{ port: laws-new, network: outside, floating_ip_address: 203.0.113.120 }'],
    ['made by the task before', 'ok', '{ fixed_address: 10.0.32.120, network: outside }'],
    ['right', 'ok', '{ port: laws-right, network: outside }'],
    ['that of another port', 'failed', '{ port: laws-none, floating_ip_address: 203.0.113.121 }'],
    ['one that is free', 'changed', '{ port: laws-reuse, network: outside, reuse: true }'],
    ['to be taken away', 'changed', '{ port: laws-loose, state: absent }'],
    ['to be given back', 'changed', '{ port: laws-gone, state: absent, purge: true }'],
    ['given back already', 'ok', '{ floating_ip_address: 203.0.113.99, state: absent, purge: true }'],
    ['of no port', 'failed', '{ port: laws-never, network: outside }'],
    ['of no network', 'failed', '{ port: laws-none, network: laws-never }'],
  ),
]
