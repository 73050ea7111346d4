import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import {
  keystoneCatalog,
  type Endpoint,
  type KeystoneCatalog,
  type Service,
} from '../../../modules/facts/keystone-catalog.ts'
import { cloudIn, keystoneLogin, openrc, textsOf } from '../../../modules/lib/keystone-auth.ts'
import { keystoneTrouble } from '../../../modules/lib/keystone-trouble.ts'
import { sameUrl, urlFault } from '../../../modules/lib/keystone-url.ts'
import openstackEndpoint from '../../../modules/openstack/openstack_endpoint.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'

const AUTH = { auth_url: 'http://ks:5000/v3', username: 'admin', password: 'secret', project_name: 'admin' }
const LOGIN = loginOf(AUTH)
const WAY = { via: 'host', verify: true, patience: 30 } as const
const URL = 'http://10.0.32.10:8080/v1/AUTH_%(tenant_id)s'
const service = (id: string, name: string, type: string): Service => ({
  id,
  name,
  type,
  description: '',
  enabled: true,
})
const SWIFT = service('s1', 'swift', 'object-store')
const endpoint = (id: string, changes: Partial<Endpoint> = {}): Endpoint => ({
  id,
  service: 's1',
  interface: 'public',
  url: URL,
  region: 'RegionOne',
  enabled: true,
  ...changes,
})

function loginOf(auth: Readonly<Record<string, string>>) {
  const login = keystoneLogin(auth, undefined)
  if (typeof login === 'string') throw new Error(login)
  return login
}
const hostWith = (...endpoints: readonly Endpoint[]): FakeHost => {
  const services = [SWIFT, service('s2', 'a', 'volume'), service('s3', 'b', 'volume')]
  const catalog: KeystoneCatalog = { kind: 'known', services, endpoints, regions: ['RegionOne', 'RegionTwo'] }
  return new FakeHost([[keystoneCatalog(LOGIN, WAY), catalog]])
}
/** Each step in a line: what the request does, or why nothing is done. */
const planned = async (args: JsonObject, host: FakeHost): Promise<readonly string[]> => {
  const plan = await planOf(openstackEndpoint, { auth: AUTH, service: 'swift', region: 'RegionOne', ...args }, host)
  if (plan.kind === 'refusal') return [plan.message]
  return plan.steps.flatMap(({ actions }) =>
    actions.map((action) => {
      const request =
        action.do === 'request' && action.request.protocol === 'http' ? action.request.requests[1] : undefined
      return [
        action.do === 'request' ? action.title : '',
        request?.method,
        request?.path,
        JSON.stringify(request?.body),
      ]
        .filter((word) => word !== undefined)
        .join(' | ')
    }),
  )
}

describe('openstack_endpoint', () => {
  it.each<[string, JsonObject, readonly Endpoint[], readonly string[]]>([
    ['nothing where all is right', { public: URL }, [endpoint('e1')], []],
    [
      'nothing for the same place-holder',
      { public: URL.replace('%', '$').replace('tenant', 'project') },
      [endpoint('e1')],
      [],
    ],
    [
      'makes what is missing',
      { interface: 'public', url: URL },
      [endpoint('e1', { region: 'RegionTwo' }), endpoint('e2', { interface: 'admin' })],
      [
        `create the public endpoint of swift in RegionOne | POST | /v3/endpoints | {"endpoint":{"service_id":"s1","interface":"public","url":"${URL}","enabled":true,"region_id":"RegionOne"}}`,
      ],
    ],
    [
      'corrects a wrong one in its place',
      { public: URL },
      [endpoint('e1', { url: 'http://old:8080/' })],
      [
        `update the public endpoint of swift in RegionOne | PATCH | /v3/endpoints/e1 | {"endpoint":{"url":"${URL}","enabled":true}}`,
      ],
    ],
    [
      'reports duplicates',
      { public: URL },
      [endpoint('e1', { url: 'http://old/' }), endpoint('e2')],
      [`swift has 2 public endpoints in RegionOne: e1 http://old/, e2 ${URL}. Remove all but one, or set dedupe: true`],
    ],
    [
      'removes duplicates if told to, not the right one',
      { public: URL, dedupe: true },
      [endpoint('e1', { url: 'http://old/' }), endpoint('e2')],
      ['remove the public endpoint of swift in RegionOne | DELETE | /v3/endpoints/e1'],
    ],
    [
      'removes an interface',
      { interface: 'admin', state: 'absent' },
      [endpoint('e1'), endpoint('e2', { interface: 'admin' })],
      ['remove the admin endpoint of swift in RegionOne | DELETE | /v3/endpoints/e2'],
    ],
    [
      'makes a region first',
      { admin: 'http://a/', region: 'RegionThree' },
      [],
      [
        'create the region RegionThree | POST | /v3/regions | {"region":{"id":"RegionThree"}}',
        'create the admin endpoint of swift in RegionThree | POST | /v3/endpoints | {"endpoint":{"service_id":"s1","interface":"admin","url":"http://a/","enabled":true,"region_id":"RegionThree"}}',
      ],
    ],
    ['nothing for a service that is gone', { service: 'nova', state: 'absent' }, [], []],
    [
      'nothing where it is not said which is to go',
      { service: 'volume', state: 'absent' },
      [],
      ['2 services have the type volume: name one by its id: s2 (a), s3 (b)'],
    ],
    ['nothing for what is gone', { state: 'absent' }, [], []],
    [
      'an ambiguous service',
      { service: 'volume', public: URL },
      [],
      ['2 services have the type volume: name one by its id: s2 (a), s3 (b)'],
    ],
    [
      'an unknown service',
      { service: 'nova', public: URL },
      [],
      ['Keystone knows no service nova: it has a (volume), b (volume), swift (object-store)'],
    ],
    ['no url', {}, [], ['say where the service is: interface and url, or public, internal and admin']],
  ])('plans %s', async (_name, args, endpoints, steps) => {
    expect(await planned(args, hostWith(...endpoints))).toEqual(steps)
  })

  it('plans nothing more after its steps, with more than one interface at once', async () => {
    const args = {
      auth: AUTH,
      service: 'object-store',
      region: 'RegionOne',
      public: URL,
      admin: 'http://a/',
      enabled: false,
    }
    const host = hostWith(endpoint('e1', { url: 'http://old/' }))
    const plan = await planOf(openstackEndpoint, args, host)
    expect(plan).toMatchObject({ steps: [{ change: { verb: 'update' } }, { change: { verb: 'create' } }] })
    expect(await planOf(openstackEndpoint, args, host.after(plan))).toMatchObject({ steps: [] })
  })

  it('foretells each of the endpoints that are yet to be made by itself', async () => {
    const made = { auth: AUTH, service: 'swift', region: 'RegionOne', public: URL, admin: 'http://a/' }
    const first = hostWith()
    const second = first.after(await planOf(openstackEndpoint, made, first))
    const corrected = { ...made, admin: 'http://b/' }
    const third = second.after(await planOf(openstackEndpoint, corrected, second))
    expect(await planOf(openstackEndpoint, corrected, third)).toMatchObject({ steps: [] })
  })

  it('finds clouds, shell files and what is wrong with them', async () => {
    const yaml = `clouds:\n  lab:\n    region_name: RegionOne\n    auth: { auth_url: "http://ks:5000/v3", username: admin, password: secret, project_name: admin }\n`
    const files = (etc: string | null) =>
      new FakeHost([
        [creator(), { home: '/root', user: 'root', group: 'root', umask: '022' }],
        [content('/root/.config/openstack/clouds.yaml'), null],
        [content('/etc/openstack/clouds.yaml'), etc === null ? null : Buffer.from(etc)],
        [
          keystoneCatalog(loginOf(AUTH), WAY),
          { kind: 'known', services: [SWIFT], endpoints: [endpoint('e1')], regions: [] },
        ],
      ])
    const args = { cloud: 'lab', service: 'swift', public: URL }
    expect(await planOf(openstackEndpoint, args, files(yaml))).toMatchObject({ kind: 'proposal', steps: [] })
    expect(await planOf(openstackEndpoint, args, files(null))).toMatchObject({
      message: expect.stringContaining('no cloud is called lab'),
    })
    expect(cloudIn([yaml], 'other')).toContain('there are lab')
    expect(
      openrc(`# comment\nexport OS_AUTH_URL=http://ks:5000/v3\nexport OS_PASSWORD='it is "x"'\nOS_USERNAME="admin"\n`),
    ).toEqual({
      auth_url: 'http://ks:5000/v3',
      password: 'it is "x"',
      username: 'admin',
    })
    expect(keystoneLogin(textsOf({ auth_url: 'http://ks/identity' }), undefined)).toContain('auth needs')
    expect(keystoneLogin({ ...AUTH, auth_url: 'http://ks/identity/' }, undefined)).toMatchObject({
      base: '/identity/v3',
    })
  })

  it.each<[string, string | null]>([
    [URL, null],
    ['http://h/v1/AUTH_$(project_id)s', null],
    ['https://[::1]:8774/v2.1', null],
    ['10.0.0.1:8080', 'is no url'],
    ['http://h/%(tenant)s', 'nothing to put in for tenant'],
    ['http://h/%(tenant_id)', 'lacks its final s: %(tenant_id)s'],
    ['http://h/%(tenant_id)d', 'lacks its final s'],
    ['http://h/a%20b', 'a % that begins no place-holder'],
    ['http://h/%(tenant_id)s/%(x)s', 'nothing to put in for x'],
  ])('judges the url %s', (url, fault) => {
    const found = urlFault(sameUrl(url))
    expect(found ?? 'fine').toContain(fault ?? 'fine')
  })

  it.each<[number, number, RegExp]>([
    [1, 401, /does not let in the user admin: check name, password/],
    [1, 404, /is no Identity API v3: check auth_url/],
    [2, 401, /token of the user admin is not taken/],
    [2, 403, /may not: give it the role admin/],
    [2, 404, /not there \(any more\)/],
    [2, 409, /one like that already/],
    [2, 500, /Keystone itself failed with status 500: see its log: boom/],
    [2, 400, /refuses it with status 400: boom/],
  ])('says what to do about answer %d with status %d', (count, status, message) => {
    const bad = { status, body: '{"error":{"message":"boom"}}' }
    const responses = count === 1 ? [bad] : [{ status: 201, body: '' }, bad]
    expect(keystoneTrouble({ kind: 'answered', responses }, LOGIN, 'do it')).toMatch(message)
    expect(keystoneTrouble({ kind: 'down', message: 'refused' }, LOGIN, 'do it')).toMatch(/cannot be reached/)
  })
})
