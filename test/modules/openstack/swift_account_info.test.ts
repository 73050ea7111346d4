import { describe, expect, it } from 'vitest'
import { tokenCatalog } from '../../../modules/facts/keystone-token.ts'
import { swiftAccount } from '../../../modules/facts/swift-account.ts'
import swiftAccountInfo from '../../../modules/openstack/swift_account_info.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'
import { AUTH, LOGIN, WAY } from './requests.ts'

const URL = 'http://10.0.32.30:8080/v1/AUTH_p1'
const answered = (...responses: readonly { readonly status: number; readonly headers?: object }[]): Buffer =>
  Buffer.from(JSON.stringify({ kind: 'answered', responses: responses.map((one) => ({ body: '', ...one })) }))
const account = swiftAccount(LOGIN, WAY, URL)
const host = (url: string, headers = {}): FakeHost => {
  const endpoints = [{ interface: 'public', region: 'RegionOne', url }]
  const services = [{ name: 'swift', type: 'object-store', endpoints }]
  return new FakeHost([
    [tokenCatalog(LOGIN, WAY), { kind: 'known', services }],
    [account, { kind: 'known', headers }],
  ])
}

describe('swift_account_info', () => {
  it('asks where the catalogue says, and says what it finds', async () => {
    const headers = { 'x-account-container-count': '1', 'x-account-object-count': '2', 'x-account-bytes-used': '30' }
    const plan = await planOf(swiftAccountInfo, { auth: AUTH }, host(URL, headers))
    expect(plan.result).toMatchObject({ url: URL, account: 'AUTH_p1', containers: 1, objects: 2, bytes: 30 })
    expect(account.kind.question).toMatchObject({
      origin: 'http://10.0.32.30:8080',
      requests: [
        { origin: 'http://ks:5000', silent: true },
        { method: 'HEAD', path: '/v1/AUTH_p1' },
      ],
    })
  })

  it.each<[string, JsonObject, string]>([
    ['no such service', { service: 'nova' }, 'the catalogue has no service nova: it has swift (object-store)'],
    ['no such interface', { interface: 'admin' }, 'the catalogue has no admin endpoint of object-store'],
    ['no such region', { region: 'R2' }, 'the catalogue has no public endpoint of object-store in R2'],
  ])('refuses %s', async (_name, args, message) => {
    expect(await planOf(swiftAccountInfo, { auth: AUTH, ...args }, host(URL))).toMatchObject({ message })
  })

  it.each([
    [answered({ status: 401 }), /does not let in the user admin/],
    [answered({ status: 201 }, { status: 401 }), /check \[filter:authtoken\]/],
    [answered({ status: 201 }, { status: 403 }), /operator_roles/],
    [answered({ status: 201 }, { status: 404 }), /account_autocreate/],
    [answered({ status: 201 }, { status: 503 }), /see its log/],
    [Buffer.from('{"kind":"down","message":"refused"}'), /is the endpoint in the catalogue right/],
  ])('says what to do about an answer', (raw, message) => {
    expect(account.parse(raw)).toMatchObject({ kind: 'unknown', message: expect.stringMatching(message) })
  })
})
