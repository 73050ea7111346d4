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
base, password = json.load(sys.stdin)
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
for name, address in (('vip', '10.0.32.11'), ('other', '10.0.32.102')):
    make('port', name=name, network_id=inside, fixed_ips=[{'subnet_id': subnet, 'ip_address': address}])
`

/** The networks `inside`, with the lab's addresses and the ports `vip` and `other`, and `outside`, with 203.0.113.0/24; a router between them. */
export async function makeNetworks(node: LabNode): Promise<void> {
  await node.sh('cat >/root/networks.py', { input: networks })
  await node.sh('python3 /root/networks.py', {
    input: JSON.stringify(['http://127.0.0.1', adminPassword]),
    timeout: 60_000,
  })
}
