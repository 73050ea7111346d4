import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keystoneLogin, cloudLogin } from '../../../modules/lib/keystone-auth.ts'
import { keystoneTrouble } from '../../../modules/lib/keystone-trouble.ts'
import type { Module } from '../../../modules/module.ts'
import ec2Credential from '../../../modules/openstack/openstack_ec2_credential.ts'
import endpoint from '../../../modules/openstack/openstack_endpoint.ts'
import service from '../../../modules/openstack/openstack_service.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf } from '../fake-host.ts'
import { askingHost, perform } from './asking-host.ts'
import { keystoneV2, PASSWORD, TOKEN_ID } from './keystone-v2-server.ts'

const URL = 'http://10.0.32.30:8080/v1/AUTH_%(tenant_id)s'
const OLD = 'http://10.0.32.10:8080'
const AUTH = { username: 'admin', password: PASSWORD, tenant_name: 'admin' }

describe('the Identity API v2.0', () => {
  const keystone = keystoneV2()
  let origin = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => keystone.server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(keystone.server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    keystone.server.close()
  })
  beforeEach(() => {
    keystone.services.splice(0, Infinity, { id: 's1', name: 'swift', type: 'object-store', description: '' })
    keystone.endpoints.length = 0
    keystone.credentials.length = 0
  })
  const entry = (id: string, urls: JsonObject, region = 'RegionOne'): void => {
    keystone.endpoints.push({ id, service_id: 's1', region, ...urls })
  }
  /** The entries that there are, without their ids. */
  const entries = (): readonly object[] => keystone.endpoints.map(({ id: _id, service_id: _service, ...urls }) => urls)

  /** Carries out what is planned, and gives what was asked of Keystone, or why nothing was; a second run has to plan nothing. */
  async function run(module: Module, args: JsonObject): Promise<readonly string[]> {
    const whole = { auth: { auth_url: `${origin}/main/v2.0/`, ...AUTH }, via: 'controller', ...args }
    keystone.log.length = 0
    const done = await perform(module, whole)
    if ('refusal' in done) return [done.refusal]
    expect(done.answers).not.toContain(TOKEN_ID)
    expect(await planOf(module, whole, askingHost)).toMatchObject({ steps: [] })
    return [...keystone.log]
  }
  const swift = { service: 'swift', region: 'RegionOne' }

  it.each<[string, readonly JsonObject[], JsonObject, readonly string[], readonly JsonObject[]]>([
    ['makes one', [], { public: URL, admin: OLD }, ['POST endpoints'], [{ publicurl: URL, adminurl: OLD }]],
    [
      'leaves the right one',
      [{ publicurl: URL }],
      { public: URL.replace('%(tenant', '$(project') },
      [],
      [{ publicurl: URL }],
    ],
    [
      'puts one in the place of a wrong one, with the urls that nobody speaks of',
      [{ publicurl: OLD, internalurl: OLD }],
      { public: URL },
      ['POST endpoints', 'DELETE endpoints/e0'],
      [{ internalurl: OLD, publicurl: URL }],
    ],
    [
      'removes what an interrupted correction has left',
      [
        { publicurl: OLD, internalurl: OLD },
        { publicurl: URL, internalurl: OLD },
      ],
      { public: URL },
      ['DELETE endpoints/e0'],
      [{ publicurl: URL, internalurl: OLD }],
    ],
    [
      'removes an interface',
      [{ publicurl: URL, adminurl: OLD }],
      { interface: 'admin', state: 'absent' },
      ['POST endpoints', 'DELETE endpoints/e0'],
      [{ publicurl: URL }],
    ],
    [
      'removes what an interrupted removal has left',
      [{ publicurl: URL, adminurl: OLD }, { publicurl: URL }],
      { interface: 'admin', state: 'absent' },
      ['DELETE endpoints/e0'],
      [{ publicurl: URL }],
    ],
    ['removes all', [{ publicurl: URL, adminurl: OLD }], { state: 'absent' }, ['DELETE endpoints/e0'], []],
    [
      'removes all but one where told to',
      [{ publicurl: OLD }, { publicurl: URL }, { publicurl: URL }],
      { public: URL, dedupe: true },
      ['DELETE endpoints/e0', 'DELETE endpoints/e2'],
      [{ publicurl: URL }],
    ],
  ])('%s', async (_name, given, args, asked, left) => {
    for (const [index, urls] of given.entries()) entry(`e${index}`, urls)
    entry('other', { publicurl: OLD }, 'RegionTwo')
    expect(await run(endpoint, { ...swift, ...args })).toEqual(asked)
    expect(entries()).toHaveLength(left.length + 1)
    expect(entries()).toEqual(expect.arrayContaining(left.map((urls) => ({ region: 'RegionOne', ...urls }))))
    expect(entries()).toContainEqual({ region: 'RegionTwo', publicurl: OLD })
  })

  it('gives the id of what it made, and looks whether a token shows it', async () => {
    const auth = { auth_url: `${origin}/main/v2.0`, ...AUTH }
    const done = await perform(endpoint, { auth, via: 'controller', ...swift, public: URL, admin: OLD })
    expect('result' in done && done.result).toMatchObject({
      endpoints: [
        { id: keystone.endpoints[0]?.id, interface: 'public' },
        { id: keystone.endpoints[0]?.id, interface: 'admin' },
      ],
      missing_in_catalog: [],
    })
  })

  it.each<[string, Module, JsonObject, RegExp]>([
    [
      'duplicates',
      endpoint,
      { ...swift, internal: URL },
      /swift has 2 endpoints in RegionOne: a http.*, b http.*Remove all but one/,
    ],
    ['hidden endpoints', endpoint, { ...swift, public: URL, enabled: false }, /v2\.0 has no way to hide an endpoint/],
    [
      'endpoints without a public url',
      endpoint,
      { ...swift, region: 'New', admin: URL },
      /without a public url: set public/,
    ],
    [
      'several regions',
      endpoint,
      { service: 'swift', public: URL },
      /in the regions RegionOne, RegionTwo: say `region`/,
    ],
    [
      'removal of the public url alone',
      endpoint,
      { service: 'swift', region: 'RegionTwo', interface: 'public', state: 'absent' },
      /without a public url: remove all/,
    ],
    [
      'changes of a service',
      service,
      { name: 'swift', service_type: 's3' },
      /v2\.0 has no way to change the type of the service swift/,
    ],
    [
      'hidden services',
      service,
      { name: 'new', service_type: 's3', enabled: false },
      /v2\.0 has no way to hide a service/,
    ],
  ])('refuses by name what there is no way for: %s', async (_name, module, args, message) => {
    entry('a', { publicurl: OLD })
    entry('b', { publicurl: OLD, adminurl: OLD })
    entry('c', { publicurl: OLD, adminurl: OLD }, 'RegionTwo')
    expect(await run(module, args)).toEqual([expect.stringMatching(message)])
    expect(keystone.log).toEqual([])
  })

  it('makes and removes services and access keys', async () => {
    const s3 = { name: 'swift_s3', service_type: 's3', description: 'S3' }
    expect(await run(service, s3)).toEqual(['POST OS-KSADM/services'])
    expect(keystone.services[1]).toEqual({
      id: expect.stringMatching(/^services\d+$/),
      name: 'swift_s3',
      type: 's3',
      description: 'S3',
    })
    expect(await run(service, { name: 'swift_s3', state: 'absent' })).toEqual([
      expect.stringMatching(/^DELETE OS-KSADM\/services\/services\d+$/),
    ])
    expect(await run(ec2Credential, {})).toEqual(['POST users/u1/credentials/OS-EC2'])
    expect(keystone.credentials).toMatchObject([{ tenant_id: 't1' }])
    expect(await run(ec2Credential, { state: 'absent' })).toEqual([
      expect.stringMatching(/^DELETE users\/u1\/credentials\/OS-EC2\/access\d+$/),
    ])
  })

  it('says who is not let in, and where there is no v2.0', async () => {
    const auth = { auth_url: `${origin}/main/v2.0`, ...AUTH, password: 'wrong' }
    expect(await run(service, { name: 'swift', state: 'absent', auth })).toEqual([
      expect.stringContaining('does not let in the user admin'),
    ])
    const login = keystoneLogin({ ...auth, auth_url: 'http://ks:5000/v2.0' }, undefined)
    if (typeof login === 'string') throw new Error(login)
    const gone = { kind: 'answered', responses: [{ status: 404, body: '' }] } as const
    expect(keystoneTrouble(gone, login, 'log in')).toContain(
      'is no Identity API v2.0, which Keystone has not had since Queens',
    )
  })
})

describe('how to log in with v2.0', () => {
  const login = (auth: Readonly<Record<string, string>>) => {
    const found = keystoneLogin({ auth_url: 'http://ks:5000/v2.0', ...AUTH, ...auth }, undefined)
    return typeof found === 'string' ? found : { path: found.authenticate.path, body: found.authenticate.body }
  }
  const passwordCredentials = { username: 'admin', password: PASSWORD }
  const { username, password } = AUTH
  it.each<[string, unknown, unknown]>([
    ['a tenant', login({}), { path: '/v2.0/tokens', body: { auth: { passwordCredentials, tenantName: 'admin' } } }],
    ['a project by its id', login({ project_id: 'p' }), { body: { auth: { passwordCredentials, tenantId: 'p' } } }],
    ['a token', login({ token: 't' }), { body: { auth: { token: { id: 't' }, tenantName: 'admin' } } }],
    [
      'the default domain',
      login({ user_domain_name: 'Default', project_domain_id: 'default' }),
      { path: '/v2.0/tokens' },
    ],
    [
      'a version',
      login({ auth_url: 'http://ks/identity', identity_api_version: '2' }),
      { path: '/identity/v2.0/tokens' },
    ],
    [
      'a domain',
      login({ user_domain_name: 'other' }),
      expect.stringContaining('v2.0 knows no domain but Default: take user_domain_name out'),
    ],
    [
      'an application credential',
      login({ application_credential_id: 'x' }),
      expect.stringContaining('v2.0 has no application credentials'),
    ],
    [
      'nothing',
      login({ token: undefined as never, password: undefined as never }),
      expect.stringContaining('auth needs username and password, or a token'),
    ],
    [
      'two versions',
      login({ identity_api_version: '3' }),
      expect.stringContaining('auth_url ends in /v2.0, but identity_api_version is 3'),
    ],
    [
      'a wrong version',
      login({ identity_api_version: 'two' }),
      expect.stringContaining('is to be 2 or 3, and not "two"'),
    ],
  ])('takes or refuses %s', (_name, found, expected) => {
    expect({ found }).toMatchObject({ found: expected })
  })

  it('takes the version of a cloud in clouds.yaml', () => {
    const cloud = { identity_api_version: 2, auth: { auth_url: 'http://ks:5000', username, password } }
    expect(cloudLogin(cloud)).toMatchObject({ version: 2, base: '/v2.0' })
    expect(cloudLogin({ ...cloud, identity_api_version: '3' })).toMatchObject({ version: 3, base: '/v3' })
  })
})
