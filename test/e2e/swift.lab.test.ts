import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { adminPassword, startKeystone } from '../modules/openstack/keystone.ts'
import { misplaceSwift, startSwift, uploadObject } from '../modules/openstack/swift.ts'
import { outcomes, report, root, troubles, workplace, type Report } from './drover.ts'

const INVENTORY = 'inventory/swift-lab.yml'
const { swift_service_password: swift, swift_s3_password: demo } = (
  parse(readFileSync(join(root, INVENTORY), 'utf8')) as {
    readonly all: { readonly vars: { readonly swift_service_password: string; readonly swift_s3_password: string } }
  }
).all.vars
const CONF = '/etc/swift/proxy-server.conf'

const changes = ({ recap }: Report): readonly number[] => ['n1', 'n2'].map((name) => recap[name]?.changed ?? 0)

/** What packstack leaves on the storage node, in little: the filters, and authtoken that looks for Keystone on its own host. */
const FILTERS =
  'catch_errors healthcheck cache authtoken keystoneauth container_sync bulk ratelimit staticweb tempurl slo formpost account_quotas container_quotas'
const kilo = `[pipeline:main]
pipeline = ${FILTERS} proxy-server

[app:proxy-server]
use = egg:swift#proxy
${FILTERS.split(' ')
  .filter((name) => name !== 'authtoken')
  .map((name) => `\n[filter:${name}]\nuse = egg:swift#${name}\n`)
  .join('')}
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
identity_uri = http://127.0.0.1:35357/
auth_uri = http://127.0.0.1:5000
`
/** A host that is both, with the document's addresses; cron stands in for the proxy server. */
const kiloHosts = {
  all: {
    children: { swift_controller: { hosts: { n3: {} } }, swift_storage: { hosts: { n3: {} } } },
    vars: {
      swift_platform: 'el7-kilo',
      swift_controller_address: '192.168.1.100',
      swift_storage_address: '172.0.0.8',
      swift_proxy_service: 'cron',
      swift_admin_password: 'secret_pass',
      swift_service_password: 'secret_pass',
      swift_s3_password: 'secret_pass',
    },
  },
}
/** The document's sections. */
const kiloSections = {
  'filter:authtoken': `paste.filter_factory = keystonemiddleware.auth_token:filter_factory
identity_uri = http://192.168.1.100:35357/
auth_uri = http://192.168.1.100:5000
log_name = swift
signing_dir = /var/cache/swift
admin_tenant_name = services
admin_user = swift
delay_auth_decision = true
cache = swift.cache
include_service_catalog = False
admin_password = secret_pass`,
  'filter:swift3': 'use = egg:swift3#swift3',
  'filter:s3token': `paste.filter_factory = keystonemiddleware.s3_token:filter_factory
auth_port = 35357
auth_host = 192.168.1.100
auth_protocol = http`,
}

describe.skipIf(!labAvailable)('playbooks/swift-endpoint and swift-s3', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    const controller = lab.node('n1')
    await Promise.all([
      startKeystone(controller, controller.address).then(() =>
        misplaceSwift(controller, { admin: adminPassword, swift, demo }),
      ),
      startSwift(lab.node('n2')),
    ])
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  const run = async (playbook: string, ...more: readonly string[]): Promise<Report> => {
    const done = await report([`playbooks/swift-${playbook}.yml`, '-i', lab.inventory, '-i', INVENTORY, ...more])
    for (const password of [adminPassword, swift, demo])
      for (const form of [password, JSON.stringify(password).slice(1, -1)]) expect(done.stdout).not.toContain(form)
    return done
  }
  const state = async (): Promise<string> =>
    lab.node('n2').sh(`sha256sum ${CONF}; stat -c %a:%U:%G ${CONF}; systemctl show -p MainPID swift-proxy`)

  const endpoints = (): Promise<string> =>
    lab.node('n1').sh('mariadb -NB keystone -e "SELECT id, interface, url FROM endpoint ORDER BY id"')

  /** Runs a playbook after a check, which has to change nothing and to foretell what can be known. */
  async function foretold(playbook: string): Promise<Report> {
    const before = await state()
    const predicted = await run(playbook, '--check')
    expect(troubles(predicted)).toEqual([])
    expect(await state()).toBe(before)
    const done = await run(playbook)
    expect(troubles(done)).toEqual([])
    const known = Object.entries(outcomes(predicted)).filter(
      ([task]) => predicted.results.get(task)?.outcome !== 'unknown',
    )
    expect(outcomes(done)).toMatchObject(Object.fromEntries(known))
    return done
  }
  /** Runs a playbook again, which has to change nothing and to restart nothing. */
  async function again(playbook: string, ...more: readonly string[]): Promise<Report> {
    const before = await state()
    const done = await run(playbook, ...more)
    expect(troubles(done)).toEqual([])
    expect(changes(done)).toEqual([0, 0])
    expect(await state()).toBe(before)
    return done
  }

  it('name what is wrong with a variable before a host is touched', async () => {
    const wrong = await run('endpoint/site', '-e', 'swift_port=http')
    expect(wrong.status).not.toBe(0)
    expect(wrong.stdout).toContain('swift_port')
    expect(wrong.stdout).not.toContain('Gathering Facts')
  })

  it('write what the document has for Kilo, and nothing else', async () => {
    const node = lab.node('n3')
    await node.reset()
    await node.sh(`useradd -r swift; mkdir /etc/swift; cat >${CONF}`, { input: kilo })
    const inventory = work.file('kilo.yml', stringify(kiloHosts))
    const done: Report[] = []
    for (const playbook of ['endpoint/proxy', 's3/proxy', 'endpoint/proxy', 's3/proxy'])
      done.push(await report([`playbooks/swift-${playbook}.yml`, '-i', lab.inventory, '-i', inventory, '--diff']))
    expect(done.flatMap(troubles)).toEqual([])
    expect(done.map(({ recap }) => recap['n3']?.changed)).toEqual([3, 3, 0, 0])
    expect(done.map(({ stdout }) => stdout).join('')).not.toContain('secret_pass')
    const [head] = kilo.split('[filter:authtoken]')
    const sections = Object.entries(kiloSections).map(([name, text]) => `[${name}]\n${text}\n`)
    expect(await node.sh(`cat ${CONF}`)).toBe(
      `${head?.replace('cache authtoken', 'cache swift3 s3token authtoken')}${sections.join('\n')}`,
    )
  })

  it('correct the endpoints and nothing else, and have the proxy server let in who logs in to Keystone', async () => {
    const broken = await run('endpoint/verify')
    expect(broken.results.get('swift_endpoint : The catalogue says where the proxy server is @ n1')).toMatchObject({
      outcome: 'failed',
    })
    const catalogue = await endpoints()
    const done = await foretold('endpoint/site')
    // The ids stay, and so does the endpoint of Keystone itself.
    expect(await endpoints()).toBe(
      catalogue
        .replaceAll('http://10.0.32.11:8080/\n', 'http://10.0.32.12:8080\n')
        .replaceAll('http://10.0.32.11:8080/', 'http://10.0.32.12:8080/'),
    )
    expect(done.results.get('swift_endpoint : The endpoints are where the proxy server is @ n1')?.changes).toHaveLength(
      6,
    )
    expect(done.results.get('swift_endpoint : Restart the proxy server @ n2')).toMatchObject({ outcome: 'changed' })
    await again('endpoint/site', '--check')
    await again('endpoint/site')
    await again('endpoint/verify')
  }, 240_000)

  it('let clients of S3 list and read what was put in otherwise', async () => {
    await uploadObject(lab.node('n1'), lab.node('n2'), demo, ['test_container', 'test_obj', 'hello'])
    const broken = await run('s3/verify')
    expect(broken.status).not.toBe(0)
    await foretold('s3/site')
    await again('s3/site', '--check')
    const done = await again('s3/site')
    expect(done.results.get('swift_s3 : Its objects can be listed @ n1')?.result).toMatchObject({
      s3_keys: ['test_obj'],
    })
    await again('endpoint/proxy')
    await again('s3/verify', '-e', 'swift_s3_signature_version=2')
  }, 240_000)
})
