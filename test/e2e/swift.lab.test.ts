import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { unsafe } from '../modules/laws/hostile.ts'
import { lawsBucket, lawsObjects, swift as swiftCases, swiftHostile, swiftSecrets } from '../modules/laws/swift.ts'
import { adminPassword, speakV2, startKeystone } from '../modules/openstack/keystone.ts'
import { accessKey, misplaceAgain, misplaceSwift, startSwift, uploadObjects } from '../modules/openstack/swift.ts'
import { report, root, start, troubles, workplace, type Report } from './drover.ts'
import { hostileFaults, serviceFaults, type LawsService } from './laws-service.ts'
import { AS_AT_FIRST, documentedConf, likeCentos, serveSwift3 } from './swift-rpms.ts'

const INVENTORY = 'inventory/swift-lab.yml'
const { swift_service_password: swift, swift_s3_password: demo } = (
  parse(readFileSync(join(root, INVENTORY), 'utf8')) as {
    readonly all: { readonly vars: { readonly swift_service_password: string; readonly swift_s3_password: string } }
  }
).all.vars
const demoUser = { name: 'demo', password: demo }
const CONF = '/etc/swift/proxy-server.conf'

/** All that Swift has, and Keystone but for logins that failed, which it counts. */
const STORED = "find /srv/node -type f ! -name '*.db' ! -name '*.pending' ! -name '.*' | sort | xargs sha256sum"
const KNOWN = 'mariadb-dump --skip-comments --skip-extended-insert --ignore-table=keystone.local_user keystone'

/** What the node with object storage is like, and how it is given to the playbooks. */
interface Platform {
  readonly service: string
  readonly inventory: string
}
const debian: Platform = { service: 'swift-proxy', inventory: INVENTORY }
/** The document's platform, with its user and its container. */
const kiloHosts = {
  all: {
    children: { swift_controller: { hosts: { n1: {} } }, swift_storage: { hosts: { n2: {} } } },
    vars: {
      swift_controller_address: '10.0.32.11',
      swift_storage_address: '10.0.32.12',
      swift_admin_password: adminPassword,
      swift_service_password: swift,
      swift_s3_password: adminPassword,
      swift_s3_repository: 'git://10.0.32.11/stackforge/swift3.git',
      swift_s3_bucket: 'test_container',
      swift_s3_object: 'test_obj',
    },
  },
}
/** What a check cannot foresee, since nothing has been restarted or installed. */
const UNFORESEEN: Readonly<Record<string, readonly string[]>> = {
  'endpoint/site': ['swift_endpoint : Object storage answers where the catalogue says @ n1'],
  's3/site': [
    'swift_s3 : The access key of the project is known @ n1',
    'swift_s3 : The buckets can be listed @ n1',
    'swift_s3 : There is the bucket @ n1',
    'swift_s3 : Its objects can be listed @ n1',
    'swift_s3 : The object can be read, and is what it was when it was written @ n1',
  ],
}
/** Besides: there is no git yet that could look at the sources. */
const SOURCES_UNFORESEEN = [
  'swift_s3 : The sources are there @ n2',
  'swift_s3 : Swift3 is installed @ n2',
  'swift_s3 : Which of its commits that is, is written down @ n2',
]
/** What is left out on it: a container has no SELinux, and the rest is for other platforms. */
const LEFT_OUT = [
  'swift_endpoint : The proxy server knows who may use object storage @ n2',
  'swift_endpoint : Its SELinux context is what the policy says @ n2',
  'swift_s3 : The pipeline has none that came before them @ n2',
]

const changes = ({ recap }: Report): readonly number[] => Object.values(recap).map(({ changed }) => changed)
const those = ({ results }: Report, outcome: string): readonly string[] =>
  [...results].filter(([, ended]) => ended.outcome === outcome).map(([task]) => task)

describe.skipIf(!labAvailable)('playbooks/swift-endpoint and swift-s3', () => {
  let lab: Lab
  let kilo: Platform
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    kilo = { service: 'openstack-swift-proxy', inventory: work.file('kilo.yml', stringify(kiloHosts)) }
    const controller = lab.node('n1')
    await Promise.all([
      startKeystone(controller, controller.address).then(() =>
        misplaceSwift(controller, { admin: adminPassword, swift, demo }),
      ),
      startSwift(lab.node('n2')),
    ])
  }, 200_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  const args = ({ inventory }: Platform, playbook: string): readonly string[] => [
    `playbooks/swift-${playbook}.yml`,
    '-i',
    lab.inventory,
    '-i',
    inventory,
  ]
  const run = async (platform: Platform, playbook: string, ...more: readonly string[]): Promise<Report> => {
    const done = await report([...args(platform, playbook), ...more])
    for (const password of [adminPassword, swift, demo])
      for (const form of [password, JSON.stringify(password).slice(1, -1)]) expect(done.stdout).not.toContain(form)
    return done
  }
  const state = async ({ service }: Platform): Promise<string> =>
    lab.node('n2').sh(`sha256sum ${CONF}; stat -c %a:%U:%G ${CONF}; systemctl show -p MainPID ${service}
      ls -d /usr/bin/git /usr/local/src/* /usr/lib/python2.7/site-packages/* 2>/dev/null; :`)

  const endpoints = (): Promise<string> =>
    lab.node('n1').sh('mariadb -NB keystone -e "SELECT id, interface, url FROM endpoint ORDER BY id"')

  /** Runs a playbook after a check, which has to change nothing and to foretell all but what is `unforeseen`. */
  async function foretold(platform: Platform, playbook: string, unforeseen: readonly string[] = []): Promise<Report> {
    const before = await state(platform)
    const predicted = await run(platform, playbook, '--check')
    expect(troubles(predicted)).toEqual([])
    expect(await state(platform)).toBe(before)
    const done = await run(platform, playbook)
    expect(troubles(done)).toEqual([])
    const unknown = those(predicted, 'unknown')
    expect(unknown).toEqual([...unforeseen, ...(UNFORESEEN[playbook] ?? [])])
    const known = ({ results }: Report): unknown =>
      [...results]
        .filter(([task]) => !unknown.includes(task))
        .map(([task, { outcome, changes }]) => [task, outcome, changes])
    expect(known(done)).toEqual(known(predicted))
    return done
  }
  /** Runs a playbook again, which has to change nothing and to restart nothing. */
  async function again(platform: Platform, playbook: string, ...more: readonly string[]): Promise<Report> {
    const before = await state(platform)
    const done = await run(platform, playbook, ...more)
    expect(troubles(done)).toEqual([])
    expect(changes(done).every((count) => count === 0)).toBe(true)
    expect(await state(platform)).toBe(before)
    return done
  }

  it.each([
    ['endpoint', 'swift_port=http'],
    ['endpoint', 'swift_storage_address=localhost'],
    ['s3', 'swift_s3_source=svn'],
    ['s3', 'swift_s3_bucket='],
  ])('name what is wrong with a variable before a host is touched: swift-%s, %s', async (name, wrong) => {
    const done = await run(kilo, `${name}/site`, '-e', wrong)
    expect(done.status).not.toBe(0)
    expect(done.stdout).toContain(wrong.split('=')[0])
    expect(done.stdout).not.toContain('Gathering Facts')
  })

  it('correct the endpoints and nothing else, and have the proxy server let in who logs in to Keystone', async () => {
    const broken = await run(debian, 'endpoint/verify')
    expect(broken.results.get('swift_endpoint : The catalogue says where the proxy server is @ n1')).toMatchObject({
      outcome: 'failed',
    })
    const catalogue = await endpoints()
    const done = await foretold(debian, 'endpoint/site')
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
    await Promise.all([
      again(debian, 'endpoint/site', '--check'),
      again(debian, 'endpoint/site'),
      again(debian, 'endpoint/verify'),
    ])
  }, 240_000)

  it('let clients of S3 list and read what was put in otherwise', async () => {
    await uploadObjects(lab.node('n1'), lab.node('n2'), demoUser, 'test_container', { test_obj: 'hello' })
    const broken = await run(debian, 's3/verify')
    expect(broken.status).not.toBe(0)
    await foretold(debian, 's3/site')
    const [done] = await Promise.all([
      again(debian, 's3/site'),
      again(debian, 's3/site', '--check'),
      again(debian, 'endpoint/proxy'),
      again(debian, 's3/verify', '-e', 'swift_s3_signature_version=2'),
    ])
    expect(done.results.get('swift_s3 : Its objects can be listed @ n1')?.result).toMatchObject({
      s3_keys: ['test_obj'],
    })
  }, 240_000)

  it('let modules read that are held to the laws', async () => {
    const [controller, storage] = [lab.node('n1'), lab.node('n2')]
    await uploadObjects(controller, storage, demoUser, lawsBucket, lawsObjects)
    const key = await accessKey(controller, demoUser)
    const auth = { auth_url: 'http://127.0.0.1:5000/v3', username: 'demo', password: demo, project_name: 'demo' }
    const s3 = {
      endpoint_url: `http://${storage.address}:8080`,
      access_key: key.access,
      secret_key: key.secret,
      region: 'RegionOne',
    }
    const service: LawsService = {
      node: controller,
      inventory: lab.inventory,
      work,
      login: { swift_account_info: { auth }, s3_bucket_info: s3, s3_object_info: s3 },
      listing: async () => (await storage.sh(STORED)) + (await controller.sh(KNOWN)),
      secrets: [demo, key.secret, ...swiftSecrets],
    }
    expect(await serviceFaults(service, [], swiftCases)).toEqual([])

    const bucket = { bucket: lawsBucket }
    expect(await hostileFaults(service, swiftHostile({ auth, ...s3 }))).toEqual([])

    const names = Object.keys(lawsObjects)
    const reading = names.map((_, index) => ({
      name: String(index),
      s3_object_info: { ...bucket, object: `{{ names[${index}] }}`, content: true },
    }))
    const vars = { names: names.map(unsafe) }
    const play = { hosts: 'n1', gather_facts: false, vars, module_defaults: service.login }
    const tasks = [{ name: 'all', s3_object_info: bucket }, ...reading]
    const done = await report([work.file('read.yml', stringify([{ ...play, tasks }])), '-i', lab.inventory])
    expect(troubles(done)).toEqual([])
    expect(done.results.get('all @ n1')?.result).toMatchObject({ s3_keys: names.toSorted() })
    for (const [index, name] of names.entries())
      expect(done.results.get(`${index} @ n1`)?.result).toMatchObject({
        object_info: [{ object_name: name }],
        content: Buffer.from(lawsObjects[name] ?? '').toString('base64'),
      })
  }, 240_000)

  describe('on CentOS, with Kilo’s Keystone and Swift3 from its sources', () => {
    const admin = { name: 'admin', password: adminPassword }
    beforeAll(async () => {
      const controller = lab.node('n1')
      await Promise.all([
        likeCentos(lab.node('n2')),
        misplaceAgain(controller),
        speakV2(controller),
        serveSwift3(controller),
      ])
    }, 120_000)

    /** What the document asks for with s3curl. */
    async function s3curl(path: string): Promise<string> {
      const { access, secret } = await accessKey(lab.node('n1'), admin)
      const date = new Date().toUTCString()
      const signature = createHmac('sha1', secret).update(`GET\n\n\n${date}\n${path}`).digest('base64')
      const headers = [`Date: ${date}`, `Authorization: AWS ${access}:${signature}`]
      const url = `http://10.0.32.12:8080${path}`
      return (await lab.exec(['curl', '-s', ...headers.flatMap((header) => ['-H', header]), url])).stdout
    }
    /** Holds the host to the document. */
    async function isDocumented(): Promise<void> {
      const node = lab.node('n2')
      expect(await node.sh(`cat ${CONF}`)).toBe(documentedConf('10.0.32.11', swift))
      expect(await node.sh('ls -d /usr/lib/python2.7/site-packages/swift3*')).toBe(
        '/usr/lib/python2.7/site-packages/swift3\n/usr/lib/python2.7/site-packages/swift3-1.8.0.dev8.egg-info\n',
      )
      expect(await s3curl('/')).toBe(
        `<?xml version='1.0' encoding='UTF-8'?>
<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>admin:admin</ID><DisplayName>admin:admin</DisplayName></Owner><Buckets><Bucket><Name>test_container</Name><CreationDate>2009-02-03T16:45:09.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`,
      )
      expect(await s3curl('/test_container')).toContain('<Contents><Key>test_obj</Key><LastModified>')
      expect(await s3curl('/test_container/test_obj')).toBe('hello')
    }

    it('do what the document says, as a check foretells, and once', async () => {
      const endpoint = await foretold(kilo, 'endpoint/site')
      await uploadObjects(lab.node('n1'), lab.node('n2'), admin, 'test_container', { test_obj: 'hello' })
      const s3 = await foretold(kilo, 's3/site', SOURCES_UNFORESEEN)
      expect([endpoint, s3].flatMap((done) => those(done, 'skipped'))).toEqual(LEFT_OUT)
      await Promise.all([
        again(kilo, 's3/site', '--check'),
        again(kilo, 's3/site'),
        again(kilo, 'endpoint/site'),
        isDocumented(),
      ])
    }, 240_000)

    it('make good what was cut off', async () => {
      await misplaceAgain(lab.node('n1'))
      await lab.node('n2').sh(AS_AT_FIRST)
      for (const [playbook, moment] of [
        ['endpoint/site', 'The endpoints are where'],
        // What is written has yet to be read by the proxy server.
        ['endpoint/site', 'The directory for what is cached'],
        ['s3/site', 'The packages are'],
        ['s3/site', 'The sources are'],
        ['s3/site', 'Swift3 is installed'],
        ['s3/site', 'The pipeline has them'],
      ] as const) {
        const running = start(['run', ...args(kilo, playbook), '--output', 'json'])
        await running.says(`: ${moment}`)
        running.signal('SIGKILL')
        await running.ended
      }
      for (const playbook of ['endpoint/site', 's3/site']) expect(troubles(await run(kilo, playbook))).toEqual([])
      await Promise.all([again(kilo, 'endpoint/site'), again(kilo, 's3/site'), isDocumented()])
      // A run that ended between the file and the proxy server.
      await lab.node('n2').sh(`touch -d '2 seconds' ${CONF}`)
      expect(changes(await run(kilo, 's3/proxy'))).toEqual([2])
    }, 240_000)
  })
})
