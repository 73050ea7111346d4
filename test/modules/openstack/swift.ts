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
def user(name, password, role, *projects):
    user = ask('POST', '/users', {'user': {'name': name, 'password': password, 'domain_id': 'default'}})['user']['id']
    for project in projects:
        project = ask('POST', '/projects', {'project': {'name': project, 'domain_id': 'default'}})['project']['id']
        ask('PUT', f'/projects/{project}/users/{user}/roles/{roles[role]}')
user('swift', swift, 'admin', 'service', 'services')
user('demo', demo, 'member', 'demo')
for name, type in (('swift', 'object-store'), ('swift_s3', 's3')):
    service = ask('POST', '/services', {'service': {'name': name, 'type': type}})['service']['id']
    for interface, path in (('admin', '/'), ('internal', '/v1/AUTH_%(tenant_id)s'), ('public', '/v1/AUTH_%(tenant_id)s')):
        ask('POST', '/endpoints', {'endpoint': {'service_id': service, 'interface': interface, 'region_id': 'RegionOne', 'url': f'http://{controller}:8080{path}'}})
`

/**
 * Has Keystone know Swift as packstack leaves it: its user in the project `services`, or `service` as Debian has it, and endpoints that say
 * that the proxy server is on the controller. A user demo, in the project of its own.
 */
export async function misplaceSwift(
  controller: LabNode,
  { admin, swift, demo }: { readonly admin: string; readonly swift: string; readonly demo: string },
): Promise<void> {
  await controller.sh('cat >/root/users.py', { input: users })
  const input = JSON.stringify(['http://127.0.0.1:5000/v3', admin, swift, demo, controller.address])
  await controller.sh('python3 /root/users.py', { input, timeout: 60_000 })
}

/** Has the endpoints of Swift say again what `misplaceSwift` had them say. */
export const misplaceAgain = (controller: LabNode): Promise<string> =>
  controller.sh('mariadb keystone', {
    input: `UPDATE endpoint SET url = CONCAT('http://${controller.address}:8080/', IF(interface = 'admin', '', 'v1/AUTH_%(tenant_id)s')) WHERE url LIKE '%:8080%'`,
  })

/** A user with a project of the same name. */
export interface CloudUser {
  readonly name: string
  readonly password: string
}

/** Has a shell on the controller know `$token`, and `$body` as what Keystone said of it. */
const login = `
set -eu
cat >/root/login.json
body=$(curl -sf -D /root/login.head -H 'content-type: application/json' -d @/root/login.json http://127.0.0.1:5000/v3/auth/tokens)
token=$(sed -n 's/^x-subject-token: //Ip' /root/login.head | tr -d '\\r')
field() { printf %s "$body" | python3 -c "import json, sys; print(json.load(sys.stdin)['token']['$1']['id'])"; }
`

async function asUser(
  controller: LabNode,
  { name, password }: CloudUser,
  script: string,
  words: readonly string[],
): Promise<string> {
  const domain = { name: 'Default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const auth = { identity, scope: { project: { name, domain } } }
  await controller.sh('cat >/root/as-user.sh', { input: login + script })
  return controller.sh(`sh /root/as-user.sh ${words.join(' ')}`, { input: JSON.stringify({ auth }) })
}

const upload = `
url=http://$1:8080/v1/AUTH_$(field project)/$2
curl -sf -X PUT -H "x-auth-token: $token" "$url"
shift 2
while [ $# -gt 0 ]; do
  printf %s "$2" | curl -sf -T - -H "x-auth-token: $token" "$url/$1"
  shift 2
done
`
/** A text as a word of a shell and of a url. */
const word = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)

/** Makes a container with objects in it, as Horizon does for a user: contents, each a word, by their names. */
export async function uploadObjects(
  controller: LabNode,
  storage: LabNode,
  user: CloudUser,
  container: string,
  objects: { readonly [name: string]: string },
): Promise<void> {
  const words = Object.entries(objects).flatMap(([name, content]) => [word(name), content])
  await asUser(controller, user, upload, [storage.address, container, ...words])
}

const keys = `
curl -sf -H "x-auth-token: $token" http://127.0.0.1:5000/v3/users/$(field user)/credentials/OS-EC2
`

/** A user's access key, as Horizon shows it under "View Credentials". */
export async function accessKey(controller: LabNode, user: CloudUser): Promise<{ access: string; secret: string }> {
  const { credentials } = JSON.parse(await asUser(controller, user, keys, [])) as {
    readonly credentials: readonly { readonly access: string; readonly secret: string }[]
  }
  const [first] = credentials
  if (first === undefined) throw new Error(`${user.name} has no access key`)
  return first
}
