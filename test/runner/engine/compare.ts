import { describe, expect, test } from 'vitest'
import type { Case } from './ansible-cases.ts'
import { hasAnsible, runAnsible, type Told } from './ansible.ts'
import { play } from './harness.ts'

/** What is compared: tasks in order with how they went on each host, what `debug` showed, and the recap. */
interface Compared {
  readonly tasks: readonly {
    readonly name: string
    readonly hosts: Readonly<Record<string, string>>
    readonly said: unknown
  }[]
  readonly recap: Readonly<Record<string, string>>
}

const group = (index: number): string => `g${index}x`
const hostsOf = (index: number): string =>
  `[${group(index)}]\n${['a', 'b', 'c'].map((me) => `${group(index)}${me} me=${me}`).join('\n')}\n`
const filled = (text: string, index: number): string => text.replaceAll('GROUP', group(index))
const filesOf = (each: Case, index: number): Record<string, string> =>
  Object.fromEntries(Object.entries(each.files ?? {}).map(([name, text]) => [filled(name, index), filled(text, index)]))

/** One run of ansible-playbook for all cases that can share one, as it is slow to start; one each for the others. */
async function reference(cases: readonly Case[]): Promise<readonly Compared[]> {
  const indexed = cases.map((each, index) => ({ each, index }))
  const shared = indexed.filter(({ each }) => each.alone === undefined)
  const runs: { readonly of: typeof indexed; readonly args: readonly string[] }[] = [
    ...[0, 1, 2].map((part) => ({ of: shared.filter((_, at) => at % 3 === part), args: [] })),
    ...indexed.filter(({ each }) => each.alone !== undefined).map((one) => ({ of: [one], args: one.each.alone ?? [] })),
  ]
  const compared: Compared[] = []
  const next = runs.values()
  const work = async (): Promise<void> => {
    for (const { of, args } of next) await compare(of, args)
  }
  /** Where all hosts of a play fail, Ansible ends there: the cases behind it get a run of their own. */
  const compare = async (of: typeof indexed, args: readonly string[]): Promise<void> => {
    for (let left = of; left.length > 0;) {
      const files = Object.assign({}, ...left.map(({ each, index }) => filesOf(each, index))) as Record<string, string>
      const told = await runAnsible(
        {
          ...files,
          hosts: left.map(({ index }) => hostsOf(index)).join(''),
          'playbook.yml': left.map(({ each, index }) => filled(each.playbook, index)).join(''),
        },
        args,
      )
      if (told.tasks.length === 0) throw new Error(`ansible-playbook runs nothing:\n${told.output}`)
      const began = left.filter(({ index }) => told.output.includes(`PLAY [${group(index)}]`))
      const done = began.length === 0 ? left : began
      for (const { index } of done) compared[index] = narrowed(told, index)
      left = left.filter((one) => !done.includes(one))
    }
  }
  await Promise.all([work(), work(), work()])
  return compared
}

function narrowed(told: Told, index: number): Compared {
  const mine = ([host]: [string, unknown]): boolean => host.startsWith(group(index))
  const tasks = told.tasks
    .filter(({ name, hosts }) => !['meta', 'assert'].includes(name) && Object.entries(hosts).some(mine))
    .map(({ name, hosts, said }) => ({
      name,
      hosts: sorted(hosts),
      said: sorted(Object.fromEntries(Object.entries(said).map(([host, shown]) => [host, shown.map(asText)]))),
    }))
  return { tasks, recap: sorted(Object.fromEntries(Object.entries(told.recap).filter(mine))) }
}

const sorted = <T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))

async function ours(each: Case, index: number): Promise<Compared> {
  const { tags = [], skip = [], forceHandlers = false } = each.options ?? {}
  const played = await play({
    playbook: filled(each.playbook, index),
    inventory: hostsOf(index),
    files: filesOf(each, index),
    options: { tags: { only: tags, skip }, forceHandlers },
  })
  const actions = new Map(
    played.events.filter((event) => event.event === 'task-started').map(({ task, action }) => [task, action]),
  )
  const action = ({ hosts }: (typeof played.tasks)[number]): string | undefined =>
    Object.values(hosts).map(({ task }) => actions.get(task))[0]
  const tasks = played.tasks
    .filter((task) => !['meta', 'assert', undefined].includes(action(task)))
    .map((task) => ({
      name: task.name,
      hosts: sorted(
        Object.fromEntries(
          Object.entries(task.hosts)
            // Ansible tells of hosts that a role is included on only where they are passed over.
            .filter(([, { outcome }]) => !(action(task) === 'include_role' && outcome === 'ok'))
            .map(([host, { outcome, ignored }]) => [host, ignored ? `${outcome}(ignored)` : outcome]),
        ),
      ),
      said: action(task) === 'debug' ? sorted(said(task.hosts)) : {},
    }))
    .filter(({ hosts }) => Object.keys(hosts).length > 0)
  const recap = Object.fromEntries(
    Object.entries(played.recap).map(([host, { ok, changed, unreachable, failed, skipped, rescued, ignored }]) => [
      host,
      `ok=${ok} changed=${changed} unreachable=${unreachable} failed=${failed} skipped=${skipped} rescued=${rescued} ignored=${ignored}`,
    ]),
  )
  return { tasks, recap: sorted(recap) }
}

type Hosts = Awaited<ReturnType<typeof play>>['tasks'][number]['hosts']

/** What `debug` showed where it ran: of a loop, each item that was not skipped. */
function said(hosts: Hosts): Record<string, unknown> {
  const shown = Object.entries(hosts).flatMap(([host, { result }]) => {
    const results = Array.isArray(result?.['results'])
      ? (result['results'] as Record<string, unknown>[])
      : [result ?? {}]
    const texts = results
      .filter((one) => one['skipped'] !== true && one['failed'] !== true)
      .map(message)
      .map(asText)
    return texts.length === 0 ? [] : [[host, texts] as const]
  })
  return Object.fromEntries(shown)
}

/** Numbers and booleans as text: Ansible shows them as such, drover keeps their types. */
const asText = (value: unknown): unknown =>
  typeof value === 'number' ? String(value) : typeof value === 'boolean' ? (value ? 'True' : 'False') : value

function message(result: Record<string, unknown>): unknown {
  if ('msg' in result) return result['msg']
  const { changed: _changed, failed: _failed, ...shown } = result
  return shown
}

/** Runs the cases with both, and holds drover to what Ansible does. */
export function compareWithAnsible(title: string, cases: readonly Case[]): void {
  test.runIf(process.env['CI'] !== undefined && !hasAnsible)('ansible-playbook is there to compare with', () => {
    expect.unreachable('install ansible-core, which runs are compared with')
  })

  describe.runIf(hasAnsible)(`${title} as Ansible does`, async () => {
    const expected = hasAnsible ? await reference(cases) : []
    test.each(cases.map((each, index) => [each.name, each, index] as const))('%s', async (_name, each, index) => {
      const { tasks, recap } = await ours(each, index)
      const wanted = expected[index]
      expect({ tasks, recap: each.otherRecap === undefined ? recap : wanted?.recap }).toEqual(wanted)
    })
  })
}
