import { selectHosts } from '../inventory/select-hosts.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Play } from '../language/tree.ts'
import { LayeredScope } from '../vars/scope.ts'
import { evaluate } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { ordered } from './hosts-of-play.ts'
import type { Run } from './run.ts'

/** The hosts of a play, also those that failed in an earlier one: in the inventory's order, and in the one that the play goes through them. */
export function selectForPlay(
  run: Run,
  play: Play,
  directory: string,
): { readonly listed: readonly HostRun[]; readonly inOrder: readonly HostRun[] } {
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
  const named = (name: string): HostRun => run.hostNamed(name, directory)
  const listed = selection.hosts.map(named)
  for (const host of listed) if (host.standing === 'ended') host.standing = 'running'
  return { listed, inOrder: ordered(selection.hosts, order).map(named) }
}
