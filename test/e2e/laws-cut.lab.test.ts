import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { holdSwap } from '../lab/swap.ts'
import { taskOf } from '../modules/laws/case.ts'
import { subjects } from '../modules/laws/stage.ts'
import { type CuttingProxy, startCuttingProxy } from '../runner/transport/cutting-proxy.ts'
import { report, type Report } from './drover.ts'
import { lawsWorkplace, stageLaws } from './laws-stage.ts'

/** Round trips of a login: a run that is cut in one of them does nothing. */
const LOGIN = 10
/**
 * How many round trips after the login each run has before it is cut; each run starts from where the one before it was. A change of the
 * packet filter is confirmed after another login: what is never given as many is undone each time.
 */
const TURNS = [2, 4, 3, 7, 5, 31, 11, 6, 2, 33, 13, 9]
/** More than the table of cases could ever need. */
const MOST = 100

if (labAvailable) await holdSwap()

describe.skipIf(!labAvailable)('modules on a line that is cut again and again', () => {
  const work = lawsWorkplace()
  const proxies: CuttingProxy[] = []
  let lab: Lab
  beforeAll(async () => {
    lab = sharedLab()
    await Promise.all(lab.nodes.map(stageLaws))
  })
  afterAll(async () => {
    work.remove()
    await Promise.all([...proxies.map((proxy) => proxy.stop()), ...(lab?.nodes ?? []).map((node) => node.reset())])
  })

  it.concurrent.each(Object.entries(subjects))('converge: those of %s', { timeout: 600_000 }, async (host, cases) => {
    const proxy = await startCuttingProxy(lab.node(host).port)
    proxies.push(proxy)
    const tasks = cases.map((each) => ({ ...taskOf(each), ignore_errors: true }))
    const playbook = work.file(`${host}.yml`, stringify([{ hosts: host, gather_facts: false, tasks }]))
    const line = {
      ansible_port: proxy.port,
      ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
    }
    const run = (): Promise<Report> => report([playbook, '-i', lab.inventory, '-e', JSON.stringify(line)])

    let cuts = 0
    for (let over = false; !over; cuts++) {
      expect(cuts).toBeLessThan(MOST)
      proxy.cutAtTurn(LOGIN + (TURNS[cuts % TURNS.length] ?? 1), 'after', true)
      await run()
      over = proxy.isCutComing
      await proxy.listen()
    }
    expect(cuts).toBeGreaterThan(3)

    const { results } = await run()
    const wrong = cases.flatMap(({ name, ends }) => {
      const { outcome, message } = results.get(`${name} @ ${host}`) ?? { outcome: 'not run', message: null }
      return outcome === (ends === 'failed' ? 'failed' : 'ok') ? [] : [`${name}: ${outcome} ${message}`]
    })
    expect(wrong).toEqual([])
  })
})
