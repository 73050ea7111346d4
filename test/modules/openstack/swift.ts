import { setTimeout as sleep } from 'node:timers/promises'
import type { LabNode } from '../../lab/node.ts'

const setUp = `
set -eu
cd /etc/swift
for ring in account:6202 container:6201 object:6200; do
  name=\${ring%:*}
  swift-ring-builder $name.builder create 4 1 0
  swift-ring-builder $name.builder add --region 1 --zone 1 --ip 127.0.0.1 --port \${ring#*:} --device disk --weight 1
  swift-ring-builder $name.builder rebalance
done >/dev/null
mkdir -p /srv/node/disk
chown swift:swift /srv/node/disk
sed -i 's/= changeme/= lab/' swift.conf
sed -i 's/^\\[DEFAULT\\]/&\\nworkers = 1\\nmount_check = false/' account-server.conf container-server.conf object-server.conf
sed -i -e 's/^workers = .*/workers = 1/' -e 's/^use = egg:swift#proxy$/&\\naccount_autocreate = true/' proxy-server.conf
systemctl start memcached swift-account swift-container swift-object swift-proxy
`

/** Makes a node into object storage with its proxy server on port 8080, as the packages have it: it lets in nobody of Keystone's. */
export async function startSwift(node: LabNode): Promise<void> {
  await node.reset('swift')
  await node.sh(setUp, { timeout: 60_000 })
  for (let tries = 0; tries < 100; tries++) {
    const { status } = await node.ssh('curl -sf http://127.0.0.1:8080/healthcheck')
    if (status === 0) return
    await sleep(100)
  }
  throw new Error(await node.sh('journalctl -u swift-proxy | tail -n 20'))
}

const users = `
import json, sys, urllib.request
base, admin, swift, demo, controller = json.load(sys.stdin)
token = None
def ask(method, path, body=None):
    global token
    headers = {'content-type': 'application/json', **({'x-auth-token': token} if token else {})}
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body else None, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        token = token or answer.headers['x-subject-token']
        return json.loads(answer.read() or '{}')
domain = {'name': 'Default'}
ask('POST', '/auth/tokens', {'auth': {'identity': {'methods': ['password'], 'password': {'user': {'name': 'admin', 'domain': domain, 'password': admin}}}, 'scope': {'project': {'name': 'admin', 'domain': domain}}}})
roles = {role['name']: role['id'] for role in ask('GET', '/roles')['roles']}
def user(name, password, project, role):
    project = ask('POST', '/projects', {'project': {'name': project, 'domain_id': 'default'}})['project']['id']
    user = ask('POST', '/users', {'user': {'name': name, 'password': password, 'domain_id': 'default'}})['user']['id']
    ask('PUT', f'/projects/{project}/users/{user}/roles/{roles[role]}')
user('swift', swift, 'service', 'admin')
user('demo', demo, 'demo', 'member')
for name, type in (('swift', 'object-store'), ('swift_s3', 's3')):
    service = ask('POST', '/services', {'service': {'name': name, 'type': type}})['service']['id']
    for interface, path in (('admin', '/'), ('internal', '/v1/AUTH_%(tenant_id)s'), ('public', '/v1/AUTH_%(tenant_id)s')):
        ask('POST', '/endpoints', {'endpoint': {'service_id': service, 'interface': interface, 'region_id': 'RegionOne', 'url': f'http://{controller}:8080{path}'}})
`

/**
 * Has Keystone know Swift as packstack leaves it: its user in the project `service`, and endpoints that say that the proxy server is on the
 * controller. A user demo, in the project of its own.
 */
export async function misplaceSwift(
  controller: LabNode,
  { admin, swift, demo }: { readonly admin: string; readonly swift: string; readonly demo: string },
): Promise<void> {
  await controller.sh('cat >/root/users.py', { input: users })
  const input = JSON.stringify(['http://127.0.0.1:5000/v3', admin, swift, demo, controller.address])
  await controller.sh('python3 /root/users.py', { input, timeout: 60_000 })
}

const upload = `
set -eu
cat >/root/login.json
token=$(curl -sf -D - -o /dev/null -H 'content-type: application/json' -d @/root/login.json http://127.0.0.1:5000/v3/auth/tokens | sed -n 's/^x-subject-token: //Ip' | tr -d '\\r')
project=$(curl -sf -H "x-auth-token: $token" http://127.0.0.1:5000/v3/auth/projects | sed 's/.*"id": *"\\([0-9a-f]\\{32\\}\\)".*/\\1/')
url=http://$1:8080/v1/AUTH_$project/$2
curl -sf -X PUT -H "x-auth-token: $token" "$url"
printf %s "$4" | curl -sf -T - -H "x-auth-token: $token" "$url/$3"
`

/** Makes a container with an object in it, as Horizon does for a user: `what` is container, name and content. */
export async function uploadObject(
  controller: LabNode,
  storage: LabNode,
  password: string,
  what: readonly [container: string, name: string, content: string],
): Promise<void> {
  const domain = { name: 'Default' }
  const user = { name: 'demo', domain, password }
  const scope = { project: { name: 'demo', domain } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope }
  await controller.sh('cat >/root/upload.sh', { input: upload })
  await controller.sh(`sh /root/upload.sh ${storage.address} ${what.join(' ')}`, { input: JSON.stringify({ auth }) })
}
