import { stringify } from 'yaml'
import { type CuttingProxy, startCuttingProxy } from '../runner/transport/cutting-proxy.ts'
import type { LawsService } from './laws-service.ts'
import { report, type Report } from './drover.ts'

/** Round trips of a login: a run that is cut in one of them does nothing. */
const LOGIN = 10
export interface CutOptions {
  /** Round trips from one cut to the next: each one would take minutes. */
  readonly stride?: number
  /**
   * How many lines have something to do at once. One where they share what is there: what one changes, another one would have to read again.
   */
  readonly forks?: number
}

type Counts = Report['recap'][string]
const wrong = ({ recap }: Report, isWrong: (counts: Counts) => boolean): readonly string[] =>
  Object.entries(recap)
    .filter(([, counts]) => isWrong(counts))
    .map(([host, { changed, failed, unreachable }]) => `${host}: ${JSON.stringify({ changed, failed, unreachable })}`)

/**
 * Runs tasks on many lines to one host, each with an `inventory_hostname` of its own and cut at another round trip; then once more on lines that
 * hold. Gives what has not converged then.
 */
export async function cutFaults(
  { node, inventory, work, login }: LawsService,
  tasks: readonly object[],
  { stride = 13, forks: atOnce = 1 }: CutOptions = {},
): Promise<readonly string[]> {
  const first = await startCuttingProxy(node.port)
  const proxies: CuttingProxy[] = [first]
  const run = (forks: number): Promise<Report> => {
    const hosts = Object.fromEntries(proxies.map(({ port }, index) => [`cut${index}`, { ansible_port: port }]))
    const vars = { ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null' }
    const lines = work.file('lines.yml', stringify({ all: { children: { lines: { hosts, vars } } } }))
    const play = { hosts: 'lines', gather_facts: false, strategy: 'free', module_defaults: login, tasks }
    const playbook = work.file('cut.yml', stringify([play]))
    return report([playbook, '-i', inventory, '-i', lines, '--forks', String(forks)])
  }
  try {
    await run(1)
    const turns = first.turns - LOGIN
    for (let turn = 1; turn <= turns; turn += stride) {
      const proxy = await startCuttingProxy(node.port)
      proxy.cutAtTurn(LOGIN + turn, 'after', true)
      proxies.push(proxy)
    }
    await run(atOnce)
    const lines = proxies.length - 1
    const cuts = proxies.filter((proxy) => !proxy.isCutComing).length - 1
    await Promise.all(proxies.map((proxy) => proxy.listen()))
    const next = await run(atOnce)
    const last = await run(4)
    return [
      ...(lines > 3 && cuts >= lines - 2 ? [] : [`only ${cuts} of ${lines} lines were cut`]),
      ...wrong(next, ({ failed, unreachable }) => failed + unreachable > 0),
      ...wrong(last, ({ failed, unreachable, changed }) => failed + unreachable + changed > 0),
    ]
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.stop()))
  }
}
