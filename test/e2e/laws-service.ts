import { expect } from 'vitest'
import { stringify } from 'yaml'
import type { LabNode } from '../lab/node.ts'
import { type Case, taskOf } from '../modules/laws/case.ts'
import { TRACE } from '../modules/laws/hostile.ts'
import type { Report, Workplace } from './drover.ts'
import { drover, readReport } from './drover.ts'
import { CRASH, deedOf, faultsOf } from './laws-faults.ts'
import { differences } from './snapshot.ts'

/** A service on a host of the lab, and how modules log in to it. */
export interface LawsService {
  readonly node: LabNode
  readonly inventory: string
  readonly work: Workplace
  /** How each module that the tasks use logs in, or nothing. */
  readonly login: object
  /** All that the service has, a line for each thing. */
  readonly listing: () => Promise<string>
  /** What nobody is to see, as it is written. */
  readonly secrets: readonly string[]
}

/**
 * Holds cases to the laws: a check changes nothing of what the service has and foretells the run, a second run has nothing to do, and a secret
 * is in no output, process list, log or temporary file. Gives what is not so.
 */
export async function serviceFaults(
  service: LawsService,
  given: readonly object[],
  cases: readonly Case[],
): Promise<readonly string[]> {
  const { node } = service
  if (given.length > 0) await runTasks(service, given)
  const held = await holders(service)
  const watching = node.ssh(
    'rm -f /run/laws-stop; while [ ! -e /run/laws-stop ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; sleep 0.05; done',
  )
  const tasks = cases.map(taskOf)
  const before = await service.listing()
  const predicted = await runTasks(service, tasks, '--check')
  const afterCheck = await service.listing()
  const done = await runTasks(service, tasks)
  const changed = await service.listing()
  const again = await runTasks(service, tasks)
  await node.sh('touch /run/laws-stop')
  const processes = (await watching).stdout
  return [
    ...cases.flatMap((each) =>
      faultsOf(each, node.name, { predicted, done, again }).map((one) => `${each.name}: ${one}`),
    ),
    ...differing('a check', before, afterCheck),
    ...differing('a second run', changed, await service.listing()),
    ...service.secrets.filter((secret) => processes.includes(secret)).map(() => 'a secret is in the list of processes'),
    ...differing('where secrets are', held, await holders(service)),
  ]
}

/**
 * Runs tasks with hostile texts, each twice: a text is literal, so that the second time has nothing to do, or refused. Gives what is not so.
 */
export async function hostileFaults(
  service: LawsService,
  tasks: readonly { readonly name: string }[],
): Promise<readonly string[]> {
  const { node } = service
  const done = await runTasks(
    service,
    tasks.flatMap((task) => [task, { ...task, name: later(task.name) }]),
  )
  expect((await node.ssh(`test ! -e ${TRACE}`)).status).toBe(0)
  return tasks.flatMap(({ name }) => {
    const [first, second] = [name, later(name)].map((one) => deedOf(done, one, node.name))
    const right = first?.outcome === 'failed' ? 'failed' : 'ok'
    const isRight = /^(?:ok|changed|failed)$/.test(first?.outcome ?? '') && second?.outcome === right
    return isRight && !CRASH.test(first?.message ?? '') ? [] : [`${name}: ${JSON.stringify({ first, second })}`]
  })
}

const later = (name: string): string => `${name}, again`

let runs = 0
/** Runs tasks, each of which may fail; throws where a secret is in what drover says. */
async function runTasks(
  { work, node, inventory, login, secrets }: LawsService,
  tasks: readonly object[],
  ...more: readonly string[]
): Promise<Report> {
  const tolerant = tasks.map((task) => ({ ...task, ignore_errors: true }))
  const play = { hosts: node.name, gather_facts: false, module_defaults: login, tasks: tolerant }
  const playbook = work.file(`laws-${++runs}.yml`, stringify([play]))
  const ended = await drover(['run', playbook, '-i', inventory, '--diff', '-vvv', '--output', 'json', ...more])
  for (const secret of secrets.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]))
    expect(`${ended.stdout}${ended.stderr}`.includes(secret), 'a secret is in what drover says').toBe(false)
  return readReport(ended)
}

/** The files on the host, of those that a tool could have written, that hold a secret. */
async function holders({ node, secrets }: LawsService): Promise<string> {
  const patterns = secrets.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)])
  const input = patterns.join('\n')
  return node.sh(
    'cat >/dev/shm/laws-patterns; grep -rlsFf /dev/shm/laws-patterns /tmp /var/tmp /run /root /home /var/log | sort; rm /dev/shm/laws-patterns',
    { input },
  )
}

const differing = (what: string, one: string, other: string): readonly string[] =>
  differences(one.split('\n'), other.split('\n')).map((line) => `${what}: ${line}`)
