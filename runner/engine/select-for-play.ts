import { selectHosts } from '../inventory/select-hosts.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Play } from '../language/tree.ts'
import { LayeredScope } from '../vars/scope.ts'
import { evaluate } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { ordered } from './hosts-of-play.ts'
import type { Run } from './run.ts'

/** The hosts of a play in its order, also those that failed in an earlier one. */
export function selectForPlay(run: Run, play: Play, directory: string): readonly HostRun[] {
  const outside = new LayeredScope([
    { kind: 'written', level: 'extra-vars', variables: run.options.extraVars },
    {
      kind: 'values',
      level: 'magic',
      variables: new Map<string, unknown>([
        ['groups', Object.fromEntries([...run.inventory.inventory.groups].map(([name, group]) => [name, group.hosts]))],
      ]),
    },
  ])
  const pattern = evaluate(play.hosts, outside)
  const selection = selectHosts(
    run.inventory.inventory,
    Array.isArray(pattern) ? pattern.map(String) : String(pattern),
    { limit: run.options.limit, cwd: process.cwd() },
  )
  if (selection.problems.length > 0) throw new ProblemsFound(selection.problems)
  for (const { message, hint } of selection.warnings) run.warn(hint === undefined ? message : `${message}: ${hint}`)
  if (selection.hosts.length === 0)
    run.warn(
      `no host matches "${Array.isArray(pattern) ? pattern.join(':') : String(pattern)}"${run.options.limit === undefined ? '' : ` within --limit ${run.options.limit}`}`,
    )
  const order = play.order === undefined ? undefined : String(evaluate(play.order, outside))
  const hosts = ordered(selection.hosts, order).map((name) => run.hostNamed(name, directory))
  for (const host of hosts) if (host.standing === 'ended') host.standing = 'running'
  return hosts
}
