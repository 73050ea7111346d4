import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import endpointModule from '../../modules/openstack/openstack_endpoint.ts'
import serviceModule from '../../modules/openstack/openstack_service.ts'
import { hostileTasks } from '../modules/laws/hostile.ts'
import { keystone, keystoneGiven } from '../modules/laws/openstack.ts'
import { adminPassword, startKeystone } from '../modules/openstack/keystone.ts'
import { outcomes, report, workplace, type Report } from './drover.ts'
import { cutFaults } from './laws-service-cut.ts'
import { hostileFaults, serviceFaults, type LawsService } from './laws-service.ts'

const auth = {
  auth_url: 'http://127.0.0.1:5000/v3',
  username: 'admin',
  password: adminPassword,
  project_name: 'admin',
}
const url = 'http://10.0.32.11:5000/v3/AUTH_'
const place = { auth, service: 'identity', region: 'RegionTwo' }
const endpoint = (name: string, args: object) => ({ name, openstack_endpoint: { ...place, ...args } })
const reach = [
  endpoint('make', { public: `${url}%(tenant_id)s`, admin: 'http://127.0.0.1:5000/v3' }),
  endpoint('same', { interface: 'public', url: `${url}$(project_id)s` }),
  endpoint('correct', { interface: 'admin', url: 'http://10.0.32.11:5000/v3' }),
  endpoint('hide', { interface: 'admin', url: 'http://10.0.32.11:5000/v3', enabled: false }),
  endpoint('remove', { state: 'absent' }),
]
const outcomesOf = ({ results }: Report): readonly unknown[] => [...results.values()].map(({ outcome }) => outcome)

describe.skipIf(!labAvailable)('the catalogue of a real Keystone', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await startKeystone(lab.node('n1'))
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await lab?.node('n1').reset()
  })

  const run = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file('endpoints.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }

  it('comes to be as a check foretells', async () => {
    const foretold = await run(reach, '--check')
    const done = await run(reach)
    expect(outcomesOf(done)).toEqual(['changed', 'ok', 'changed', 'changed', 'changed'])
    expect(outcomes(foretold)).toEqual(outcomes(done))
    const [made, , corrected] = [...done.results.values()].map(
      ({ result }) => result as { readonly endpoints: readonly { readonly id: string }[] },
    )
    expect(made).toMatchObject({ missing_in_catalog: [], endpoints: [{ interface: 'public' }, { interface: 'admin' }] })
    expect(corrected?.endpoints[0]?.id).toBe(made?.endpoints[1]?.id)
    for (const { result } of done.results.values())
      expect(result).not.toMatchObject({ missing_in_catalog: [expect.anything()] })
    expect(corrected?.endpoints[0]?.id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('logs in with clouds.yaml and with a shell file, and says who is not let in', async () => {
    const node = lab.node('n1')
    await node.sh('mkdir -p /etc/openstack; cat >/etc/openstack/clouds.yaml', {
      input: stringify({ clouds: { lab: { region_name: 'RegionOne', auth } } }),
    })
    const variables = Object.entries(auth).map(([name, value]) => `export OS_${name.toUpperCase()}='${value}'\n`)
    await node.sh('cat >/root/openrc', { input: variables.join('') })
    const same = { service: 'keystone', public: auth.auth_url }
    const done = await run([
      { name: 'cloud', openstack_endpoint: { cloud: 'lab', ...same } },
      { name: 'shell file', openstack_endpoint: { openrc: '/root/openrc', region: 'RegionOne', ...same } },
      { name: 'stranger', openstack_endpoint: { ...same, auth: { ...auth, password: 'a wrong one' } } },
    ])
    expect(outcomesOf(done)).toEqual(['changed', 'ok', 'failed'])
    expect(done.results.get('stranger @ n1')?.message).toMatch(/does not let in the user admin: check name, password/)
    expect(done.stdout).not.toContain('a wrong one')
  })

  const laws = (): LawsService => ({
    node: lab.node('n1'),
    inventory: lab.inventory,
    work,
    login: Object.fromEntries(
      [...new Set(keystone.map(({ name }) => name.split(':')[0] ?? ''))].map((name) => [name, { auth }]),
    ),
    listing: () => lab.node('n1').sh('mariadb-dump --skip-comments --skip-extended-insert keystone'),
    secrets: [adminPassword],
  })

  it('is kept to the laws of modules', async () => {
    expect(await serviceFaults(laws(), keystoneGiven, keystone)).toEqual([])
  }, 120_000)

  it('takes hostile texts literally or refuses them', async () => {
    const tasks = [
      ...hostileTasks(serviceModule, { auth, name: 'laws-hostile', service_type: 'hostile' }),
      ...hostileTasks(
        endpointModule,
        { auth, service: 'keystone', region: 'LawsHostile', public: 'http://a/' },
        // The other interfaces are to the public one as it is to them.
        (argument) => !['internal', 'admin'].includes(argument),
      ),
    ]
    expect(await hostileFaults(laws(), tasks)).toEqual([])
  }, 120_000)

  it('converges after a cut at any round trip', async () => {
    const tasks = [
      { openstack_service: { name: '{{ inventory_hostname }}', service_type: 'cut' } },
      {
        openstack_endpoint: {
          service: '{{ inventory_hostname }}',
          region: '{{ inventory_hostname }}',
          public: 'http://a/',
        },
      },
    ]
    expect(await cutFaults(laws(), tasks)).toEqual([])
  }, 240_000)
})
