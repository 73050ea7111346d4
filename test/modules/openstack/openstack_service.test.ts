import { describe, expect, it } from 'vitest'
import { keystoneCatalog, type Service } from '../../../modules/facts/keystone-catalog.ts'
import openstackEndpoint from '../../../modules/openstack/openstack_endpoint.ts'
import openstackService from '../../../modules/openstack/openstack_service.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'
import { AUTH, LOGIN, requestsOf, WAY } from './requests.ts'

const service = (id: string, name: string, type: string, more: Partial<Service> = {}): Service => ({
  id,
  name,
  type,
  description: '',
  enabled: true,
  ...more,
})
const SWIFT = service('s1', 'swift', 'object-store', { description: 'Objects' })
const endpoint = { id: 'e1', service: 's1', interface: 'public', url: 'http://a/', region: null, enabled: true }
const host = (...services: readonly Service[]): FakeHost =>
  new FakeHost([[keystoneCatalog(LOGIN, WAY), { kind: 'known', services, endpoints: [endpoint], regions: ['R'] }]])

const place = (service: string): JsonObject => ({ auth: AUTH, service, public: 'http://a/', region: 'R' })

describe('openstack_service', () => {
  const wanted = { name: 'swift', service_type: 'object-store' }

  it.each<[string, JsonObject, readonly Service[], readonly string[]]>([
    ['nothing where all is right', wanted, [SWIFT], []],
    [
      'makes one',
      { ...wanted, description: 'Objects' },
      [],
      ['POST /v3/services {"service":{"name":"swift","type":"object-store","description":"Objects","enabled":true}}'],
    ],
    [
      'changes only what differs',
      { ...wanted, description: 'O' },
      [SWIFT],
      ['PATCH /v3/services/s1 {"service":{"description":"O"}}'],
    ],
    [
      'corrects the type',
      { ...wanted, type: 'objects', service_type: undefined } as unknown as JsonObject,
      [SWIFT],
      ['PATCH /v3/services/s1 {"service":{"type":"objects"}}'],
    ],
    ['hides one', { ...wanted, enabled: false }, [SWIFT], ['PATCH /v3/services/s1 {"service":{"enabled":false}}']],
    [
      'one of a name by its type',
      { name: 'a', service_type: 'y', enabled: false },
      [service('1', 'a', 'x'), service('2', 'a', 'y')],
      ['PATCH /v3/services/2 {"service":{"enabled":false}}'],
    ],
    [
      'not one of two',
      { name: 'a', service_type: 'z' },
      [service('1', 'a', 'x'), service('2', 'a', 'y')],
      ['2 services are called a: 1 (x), 2 (y). Say service_type, or remove all but one'],
    ],
    ['none without a type', { name: 'a' }, [], ['say of which type a is: service_type']],
    ['removes', { name: 'swift', state: 'absent' }, [SWIFT], ['DELETE /v3/services/s1']],
    ['removes nothing', { name: 'nova', state: 'absent' }, [SWIFT], []],
  ])('%s', async (_name, { service_type: type, ...args }, services, steps) => {
    const typed = type === undefined ? {} : { service_type: type }
    expect(await requestsOf(openstackService, { ...args, ...typed }, host(...services))).toEqual(steps)
  })

  it('foretells each of the services that are yet to be made by itself, with endpoints of its own', async () => {
    const one = { auth: AUTH, name: 'one', service_type: 'x' }
    const other = { auth: AUTH, name: 'other', service_type: 'y' }
    let now = host()
    for (const [module, args] of [
      [openstackService, one],
      [openstackService, other],
      [openstackEndpoint, place('one')],
      [openstackEndpoint, place('other')],
    ] as const) {
      const plan = await planOf(module, args, now)
      expect(plan).toMatchObject({ steps: [{ change: { verb: 'create' } }] })
      now = now.after(plan)
    }
    expect(await planOf(openstackService, other, now)).toMatchObject({ steps: [], result: { id: '' } })
  })

  it('says which endpoints go with a service', async () => {
    const plan = await planOf(openstackService, { auth: AUTH, name: 'swift', state: 'absent' }, host(SWIFT))
    expect(plan).toMatchObject({
      steps: [{ change: { attributes: [{ name: 'type' }, { name: 'public endpoint', before: 'http://a/' }] } }],
    })
  })
})
