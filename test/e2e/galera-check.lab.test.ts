import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { login, startGalera } from '../modules/database/galera.ts'
import { report, troubles, workplace, type Report } from './drover.ts'

const tcp = { login_user: login.user, login_password: login.password, login_host: '127.0.0.1' }

const resultOn = (node: string, { results }: Report): unknown => results.get(`check @ ${node}`)?.result

describe.skipIf(!labAvailable)('a Galera cluster of three MariaDB servers', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await startGalera(lab.nodes)
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  const check = (hosts: string, args: object, ...more: readonly string[]): Promise<Report> => {
    const tasks = [{ name: 'check', galera_check: { size: 3, timeout: 0, ...args } }]
    const playbook = work.file('check.yml', stringify([{ hosts, gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }

  it('is healthy for each node, over its socket, in check mode as well', async () => {
    for (const more of [[], ['--check']]) {
      const healthy = await check('n1,n2,n3', { cluster_name: 'lab' }, ...more)
      expect(troubles(healthy)).toEqual([])
      for (const { name } of lab.nodes) {
        expect(resultOn(name, healthy)).toMatchObject({
          changed: false,
          healthy: true,
          nodes: { [name]: { wsrep_cluster_size: '3', wsrep_local_state_comment: 'Synced' } },
          bootstrap: { safe: false },
        })
      }
    }
  })

  it('is healthy for one node that asks all', async () => {
    const nodes = lab.nodes.map(({ address }) => address)
    const healthy = await check('n2', { ...tcp, nodes })
    expect(troubles(healthy)).toEqual([])
    expect(resultOn('n2', healthy)).toMatchObject({ problems: [] })
  })

  it('does not let in who has no right, and no password is seen', async () => {
    const denied = await check('n1', { ...tcp, login_password: 'a wrong password' })
    const { problems } = resultOn('n1', denied) as { readonly problems: readonly string[] }
    expect(problems).toEqual([
      "this host: the server does not let us in: Access denied for user 'drover'@'localhost' (using password: YES)",
    ])
    expect(denied.stdout + denied.stderr).not.toContain('a wrong password')
  })

  it('is waited for while a node joins', async () => {
    await lab.node('n3').sh('systemctl stop mariadb')
    const waiting = check('n1,n2', { timeout: 100, delay: 1 })
    await lab.node('n3').sh('systemctl start mariadb')
    const waited = await waiting
    expect(troubles(waited)).toEqual([])
    expect(resultOn('n1', waited)).toMatchObject({ healthy: true, changed: false })
    const late = await check('n1', { size: 4, timeout: 2, delay: 1 })
    expect(resultOn('n1', late)).toMatchObject({
      failed: true,
      problems: ['n1: wsrep_cluster_size is 3 instead of 4'],
    })
  })

  it('says after a full stop where to start it again, which works', async () => {
    for (const name of ['n3', 'n1', 'n2']) await lab.node(name).sh('systemctl stop mariadb')
    const tasks = [
      { name: 'look', galera_check: { size: 3, timeout: 0 }, register: 'look', ignore_errors: true },
      {
        name: 'check',
        galera_check: {
          size: 3,
          timeout: 0,
          grastates:
            "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, ['look', 'grastate']))) }}",
        },
      },
    ]
    const playbook = work.file('stopped.yml', stringify([{ hosts: 'n1,n2,n3', gather_facts: false, tasks }]))
    const stopped = await report([playbook, '-i', lab.inventory])
    for (const { name } of lab.nodes)
      expect(resultOn(name, stopped)).toMatchObject({ failed: true, bootstrap: { safe: true, node: 'n2' } })
    await lab.node('n2').sh('galera_new_cluster')
    for (const name of ['n1', 'n3']) await lab.node(name).sh('systemctl start mariadb')
    expect(troubles(await check('n1,n2,n3', { timeout: 60, delay: 1 }))).toEqual([])
  })
})
