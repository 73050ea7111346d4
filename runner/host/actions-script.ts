import type { HostAction, WriteAction } from '../../modules/step.ts'
import { acceptedStatuses } from './accepts-status.ts'
import { actionScript, contentCommand } from './action-script.ts'
import { bulkKey, bulkScript } from './bulk-write.ts'

type Environment = { readonly [name: string]: string }

/** An action with its place among the parts of a request: its result is the section `action-PART-INDEX`. */
interface Placed<A extends HostAction = HostAction> {
  readonly action: A
  readonly part: number
  readonly index: number
}

/** The script of the actions of all parts: each in a subshell, its status told by `mark`; small files are written many at a time. */
export function actionsScript(parts: readonly (readonly HostAction[])[], environment: Environment): string {
  const placed = parts.map((actions, part) => actions.map((action, index): Placed => ({ action, part, index })))
  const bulks = bulksOf(placed.flatMap((part) => (part.length === 1 ? part : [])))
  const inBulk = new Set<Placed>(bulks.flat())
  return [
    ...bulks.map((bulk) => bulkOr(bulk, environment, () => '')),
    ...placed
      .filter(([first]) => first === undefined || !inBulk.has(first))
      .map((part) => partScript(part, environment)),
  ].join('')
}

/** The actions of one part, up to the first that fails. */
function partScript(part: readonly Placed[], environment: Environment): string {
  if (part.length < 2) return part.map((each) => one(each, environment)).join('')
  const pieces = runsOf(part).map((run) =>
    run.length > 1 && run.every(isFile)
      ? bulkOr(run, environment, stopUnless)
      : run.map((each) => one(each, environment) + stopUnless(each)).join(''),
  )
  return `while :; do\n${pieces.join('')}break; done\n`
}

/** What can be written together, two or more at a time. */
function bulksOf(actions: readonly Placed[]): readonly (readonly Placed<WriteAction>[])[] {
  const bulks = new Map<string, Map<string, Placed<WriteAction>>>()
  for (const each of actions) {
    const key = bulkKey(each.action)
    if (key === null || !isFile(each)) continue
    const bulk = bulks.get(key) ?? new Map<string, Placed<WriteAction>>()
    bulks.set(key, bulk)
    if (!bulk.has(each.action.path)) bulk.set(each.action.path, each)
  }
  return [...bulks.values()].map((bulk) => [...bulk.values()]).filter((bulk) => bulk.length > 1)
}

/** Cuts a part into what can be written together and what goes by itself, in the same order. */
function runsOf(part: readonly Placed[]): readonly (readonly Placed[])[] {
  const runs: { readonly key: string | null; readonly paths: Set<string>; readonly list: Placed[] }[] = []
  for (const each of part) {
    const key = bulkKey(each.action)
    const path = each.action.do === 'write' ? each.action.path : ''
    const last = runs.at(-1)
    if (last !== undefined && key !== null && last.key === key && !last.paths.has(path)) {
      last.paths.add(path)
      last.list.push(each)
    } else runs.push({ key, paths: new Set([path]), list: [each] })
  }
  return runs.map(({ list }) => list)
}

const isFile = (each: Placed): each is Placed<WriteAction> => each.action.do === 'write'

/** All files at once; where that does not go, one by one, each with its own status. What they hold is said once. */
function bulkOr(
  files: readonly Placed<WriteAction>[],
  environment: Environment,
  after: (each: Placed) => string,
): string {
  const contents = files.map((each) => `content_${each.part}_${each.index}`)
  const defined = files.map(({ action }, at) => `${contents[at]}() { ${contentCommand(action)}\n}\n`).join('')
  const script = bulkScript(files.map(({ action }, at) => ({ action, content: contents[at] ?? '' })))
  const labels = files.map(({ part, index }) => `${part}-${index}`).join(' ')
  const apart = files.map((each, at) => one(each, environment, contents[at]) + after(each)).join('')
  return `${defined}if ${script}\nthen for i in ${labels}; do mark action-$i 0; done\nelse\n${apart}fi\n`
}

const one = ({ action, part, index }: Placed, environment: Environment, content?: string): string =>
  `(\n${actionScript(action, environment, content)}\n)\ns=$?; mark action-${part}-${index} $s\n`

function stopUnless({ action }: Placed): string {
  const statuses = acceptedStatuses(action)
  if (statuses === 'any') return ''
  return `case $s in ${statuses.length === 0 ? "''" : statuses.join('|')}) ;; *) break ;; esac\n`
}
