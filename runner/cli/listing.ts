import { selectHosts } from '../inventory/select-hosts.ts'
import type { LoadedInventory } from '../inventory/load.ts'
import type { Node, Play, Playbook } from '../language/tree.ts'
import { repr } from '../template/values/python-text.ts'
import { patternText } from '../engine/hosts-of-play.ts'
import { isSelected, type Lineage, tagsOf, type TagSelection, withRole } from '../engine/lineage.ts'
import type { RunFlags } from './run-flags.ts'

interface Listed {
  readonly playbooks: readonly Playbook[]
  readonly inventory: LoadedInventory
  readonly options: { readonly limit: string | undefined; readonly tags: TagSelection }
}

/** What `--syntax-check` and the `--list-…` options show instead of running; undefined where none of them was given. */
export function listing({ playbooks, inventory, options }: Listed, flags: RunFlags): string | undefined {
  const { syntaxCheck, listHosts, listTasks, listTags } = flags
  if (listHosts !== true && listTasks !== true && listTags !== true) {
    return syntaxCheck === true
      ? playbooks.map(({ source }) => `${source.name}: no problem found\n`).join('')
      : undefined
  }
  const lines = playbooks.flatMap(({ source, plays }) => [
    '',
    `playbook: ${source.name}`,
    ...plays.flatMap((play, index) => {
      const pattern = patternText(play)
      const tasks = tasksOf(play, options.tags)
      const parts = ['', `  play #${index + 1} (${pattern}): ${play.name ?? pattern}\tTAGS: [${play.tags.join(', ')}]`]
      if (listHosts === true) {
        const { hosts } = selectHosts(inventory.inventory, pattern, { limit: options.limit, cwd: process.cwd() })
        parts.push(
          `    pattern: ${repr([pattern])}`,
          `    hosts (${hosts.length}):`,
          ...hosts.map((host) => `      ${host}`),
        )
      }
      if (listTasks === true)
        parts.push('    tasks:', ...tasks.map(({ name, tags }) => `      ${name}\tTAGS: [${tags.join(', ')}]`))
      if (listTags === true)
        parts.push(`      TASK TAGS: [${[...new Set(tasks.flatMap(({ tags }) => tags))].toSorted().join(', ')}]`)
      return parts
    }),
  ])
  return `${lines.join('\n')}\n`
}

function tasksOf(
  play: Play,
  selection: TagSelection,
): readonly { readonly name: string; readonly tags: readonly string[] }[] {
  const list = (
    node: Node,
    enclosing: Lineage,
  ): readonly { readonly name: string; readonly tags: readonly string[] }[] => {
    const lineage: Lineage = [...enclosing, node]
    if (node.kind === 'block')
      return [...node.block, ...node.rescue, ...node.always].flatMap((inner) => list(inner, lineage))
    const tags = tagsOf(lineage)
    return isSelected(tags, selection)
      ? [{ name: withRole(lineage, node.name ?? node.action.written), tags: [...tags].toSorted() }]
      : []
  }
  return [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks].flatMap((node) => list(node, [play]))
}
