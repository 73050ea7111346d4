import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../../lab/node.ts'
import { adminPassword } from './keystone.ts'

const agent = readFileSync(join(import.meta.dirname, 'octavia-agent.py'), 'utf8')

const start = `
set -eu
systemctl start mariadb memcached
systemctl start keystone octavia-api neutron-api
for port in 5000/v3 9876 9696; do
  for tries in $(seq 500); do ! curl -sf http://127.0.0.1:$port >/dev/null || break; sleep 0.2; done
done
systemd-run --quiet --unit octavia-agent --property Restart=always python3 /root/octavia-agent.py
`

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
  await node.sh('cat >/root/octavia-agent.py', { input: agent })
  await node.sh(start, { timeout: 240_000 })
}

const networks = `
import json, sys, urllib.request
base, password = json.load(sys.stdin)
token = None
def ask(url, body):
    global token
    headers = {'content-type': 'application/json', **({'x-auth-token': token} if token else {})}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        token = token or answer.headers['x-subject-token']
        return json.loads(answer.read())
domain = {'name': 'Default'}
user = {'name': 'admin', 'domain': domain, 'password': password}
ask(f'{base}:5000/v3/auth/tokens', {'auth': {'identity': {'methods': ['password'], 'password': {'user': user}}, 'scope': {'project': {'name': 'admin', 'domain': domain}}}})
make = lambda what, **body: ask(f'{base}:9696/v2.0/{what}s', {what: body})[what]['id']
inside = make('network', name='inside')
subnet = make('subnet', name='inside', network_id=inside, cidr='10.0.32.0/24', ip_version=4)
`

/** The network and subnet `inside`, with the lab's addresses. */
export async function makeNetworks(node: LabNode): Promise<void> {
  await node.sh('cat >/root/networks.py', { input: networks })
  await node.sh('python3 /root/networks.py', {
    input: JSON.stringify(['http://127.0.0.1', adminPassword]),
    timeout: 60_000,
  })
}
