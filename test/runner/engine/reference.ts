import type { Case } from './ansible-cases.ts'
import { runAnsible, type Told } from './ansible.ts'
import { asText, type Compared, filesOf, filled, group, hostsOf, sorted } from './compared.ts'

/** What ansible-playbook does with each case: one run for all that can share one, as it is slow to start. */
export async function reference(cases: readonly Case[]): Promise<readonly Compared[]> {
  const indexed = cases.map((each, index) => ({ each, index }))
  const argsOf = ({ each }: (typeof indexed)[number]): string => JSON.stringify(each.alone ?? [])
  const runs = [...new Set(indexed.map(argsOf))].flatMap((args) => {
    const of = indexed.filter((one) => argsOf(one) === args)
    const parts = of.length < 9 ? 1 : 3
    return Array.from({ length: parts }, (_, part) => ({
      of: of.filter((_one, at) => at % parts === part),
      args: JSON.parse(args) as string[],
    }))
  })
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
          hosts: left.map(({ each, index }) => hostsOf(each, index)).join(''),
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
    .filter(({ name, hosts }) => !/^(?:.* : )?meta$/.test(name) && Object.entries(hosts).some(mine))
    .map(({ name, hosts, said }) => ({
      name,
      hosts: sorted(hosts),
      said: sorted(Object.fromEntries(Object.entries(said).map(([host, shown]) => [host, shown.map(asText)]))),
    }))
  return { tasks, recap: sorted(Object.fromEntries(Object.entries(told.recap).filter(mine))) }
}
