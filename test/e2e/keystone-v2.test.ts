import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { keystoneV2, PASSWORD, TOKEN_ID } from '../modules/openstack/keystone-v2-server.ts'
import { outcomes, report, troubles, workplace, type Report } from './drover.ts'

const work = workplace()
const keystone = keystoneV2()
const WRONG = 'http://10.0.32.10:8080/'
beforeAll(() => new Promise<void>((resolve) => void keystone.server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  work.remove()
  keystone.server.close()
})

it(
  'playbooks/swift-endpoint corrects the catalogue of a Keystone with v2.0 and nothing else',
  { timeout: 60_000 },
  async () => {
    keystone.services.push(
      { id: 's1', name: 'swift', type: 'object-store' },
      { id: 's2', name: 'swift_s3', type: 's3' },
      { id: 's3', name: 'glance', type: 'image' },
    )
    const urls = { region: 'RegionOne', publicurl: WRONG, internalurl: WRONG, adminurl: WRONG }
    keystone.endpoints.push(...['s1', 's2', 's3'].map((id) => ({ id: `of${id}`, service_id: id, ...urls })))
    const host = { hosts: { trial: { ansible_connection: 'embedded' } } }
    const vars = {
      swift_controller_address: '127.0.0.1',
      swift_storage_address: '10.0.32.30',
      swift_auth_url: `http://127.0.0.1:${(keystone.server.address() as AddressInfo).port}/main/v2.0`,
      swift_admin_password: PASSWORD,
      swift_service_password: 'x',
    }
    const inventory = work.file(
      'v2.yml',
      stringify({ all: { children: { swift_controller: host, swift_storage: host }, vars } }),
    )
    const run = async (...more: readonly string[]): Promise<Report> => {
      const done = await report(['playbooks/swift-endpoint/endpoints.yml', '-i', inventory, '--diff', '-vvv', ...more])
      expect(troubles(done)).toEqual([])
      for (const secret of [TOKEN_ID, PASSWORD, JSON.stringify(PASSWORD).slice(1, -1)])
        expect(done.stdout).not.toContain(secret)
      return done
    }
    const before = structuredClone(keystone.endpoints)

    const predicted = await run('--check')
    expect(keystone.endpoints).toEqual(before)
    const done = await run()
    expect(outcomes(done)).toEqual(outcomes(predicted))
    const right = 'http://10.0.32.30:8080/v1/AUTH_%(tenant_id)s'
    const corrected = { publicurl: right, internalurl: right, adminurl: 'http://10.0.32.30:8080' }
    expect(keystone.endpoints).toMatchObject([
      before[2],
      ...['s1', 's2'].map((id) => ({ service_id: id, region: 'RegionOne', ...corrected })),
    ])
    expect(keystone.services).toHaveLength(3)

    keystone.log.length = 0
    expect((await run()).recap['trial']).toMatchObject({ changed: 0 })
    expect(keystone.log).toEqual([])
  },
)
