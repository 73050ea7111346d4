import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../../lab/node.ts'
import { adminPassword } from './keystone.ts'

const agent = readFileSync(join(import.meta.dirname, 'octavia-agent.py'), 'utf8')

const start = `
set -eu
systemctl start memcached
systemctl start keystone octavia-api neutron-api
for port in 5000/v3 9876 9696; do
  for tries in $(seq 500); do ! curl -sf http://127.0.0.1:$port >/dev/null || break; sleep 0.2; done
done
systemd-run --quiet --unit octavia-agent --property Restart=always python3 /root/octavia-agent.py
`

const database = `
set -eu
printf '[mariadbd]\\nbind-address = 0.0.0.0\\nwsrep_node_name = %s\\n' "$1" >/etc/mysql/mariadb.conf.d/99-lab.cnf
systemctl start mariadb
mariadb -e "grant all on *.* to admin@'%' identified by 'only-for-the-lab'"
`

/** Has a node's MariaDB, alone as it is, tell the node's name to the user admin as one of a cluster does. */
export async function startDatabase(node: LabNode): Promise<void> {
  await node.sh('cat >/root/database.sh', { input: database })
  await node.sh(`sh /root/database.sh ${node.name}`, { timeout: 60_000 })
}

/** How the administrator logs in, as on the node itself. */
export const octaviaAuth = {
  auth_url: 'http://127.0.0.1:5000/v3',
  username: 'admin',
  password: adminPassword,
  project_name: 'admin',
}
/** Makes a node into an identity service, the APIs of Octavia and Neutron, and haproxy as what balances load. */
export async function startOctavia(node: LabNode): Promise<void> {
  await node.reset('octavia')
  await startDatabase(node)
  await node.sh('cat >/root/octavia-agent.py', { input: agent })
  await node.sh(start, { timeout: 240_000 })
}

const networks = `
import json, sys, urllib.request
from concurrent.futures import ThreadPoolExecutor
base, password, more = json.load(sys.stdin)
token = None
def ask(url, body, method='POST'):
    global token
    headers = {'content-type': 'application/json', **({'x-auth-token': token} if token else {})}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)) as answer:
        token = token or answer.headers['x-subject-token']
        return json.loads(answer.read())
domain = {'name': 'Default'}
user = {'name': 'admin', 'domain': domain, 'password': password}
ask(f'{base}:5000/v3/auth/tokens', {'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': {'project': {'name': 'admin', 'domain': domain}}}})
make = lambda what, **body: ask(f'{base}:9696/v2.0/{what}s', {what: body})[what]['id']
inside = make('network', name='inside')
subnet = make('subnet', name='inside', network_id=inside, cidr='10.0.32.0/24', ip_version=4)
outside = make('network', name='outside', **{'router:external': True})
make('subnet', name='outside', network_id=outside, cidr='203.0.113.0/24', ip_version=4)
router = make('router', name='router', external_gateway_info={'network_id': outside})
ask(f'{base}:9696/v2.0/routers/{router}/add_router_interface', {'subnet_id': subnet}, 'PUT')
asked = [
    {'name': name, 'network_id': inside, 'fixed_ips': [{'subnet_id': subnet, 'ip_address': address}]}
    for name, address in more['ports'].items()
]
ports = {port['name']: port['id'] for port in ask(f'{base}:9696/v2.0/ports', {'ports': asked})['ports']}
def balance(balancer):
    ask(f'{base}:9876/v2/lbaas/loadbalancers', {'loadbalancer': {'vip_subnet_id': subnet, **balancer}})
with ThreadPoolExecutor() as pool:
    under_way = [pool.submit(balance, one) for one in more['balancers']]
    # Neutron refuses one while another one is made.
    for address, name in more['floating'].items():
        make('floatingip', floating_network_id=outside, floating_ip_address=address, **({'port_id': ports[name]} if name else {}))
for one in under_way:
    one.result()
`

/** What there is in a cloud beside its networks. */
export interface CloudStock {
  /** Ports inside: their addresses by their names. */
  readonly ports: { readonly [name: string]: string }
  /** Floating ips: the port's name by the address, null where no port has it. */
  readonly floating?: { readonly [address: string]: string | null }
  /** Load balancers in the subnet `inside`, each with all its parts, as Octavia's API takes them. */
  readonly balancers?: readonly object[]
}

/** The networks `inside`, with the lab's addresses, and `outside`, with 203.0.113.0/24; a router between them, and what else there is to be. */
export async function makeNetworks(node: LabNode, { ports, floating = {}, balancers = [] }: CloudStock): Promise<void> {
  await node.sh('cat >/root/networks.py', { input: networks })
  await node.sh('python3 /root/networks.py', {
    input: JSON.stringify(['http://127.0.0.1', adminPassword, { ports, floating, balancers }]),
    timeout: 60_000,
  })
}
