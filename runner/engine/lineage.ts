import type { Block, Condition, Inherited, Located, Play, Role, Task } from '../language/tree.ts'

/** A task or block with all that encloses it, outermost first: what it inherits keywords, conditions, tags and variables from. */
export type Lineage = readonly [Play, ...(Block | Task)[]]

type InheritedKeyword = {
  [K in keyof Inherited]-?: Inherited[K] extends Located | undefined ? K : never
}[keyof Inherited]

/** The keyword's value nearest to the task, as it was written. */
export function nearest(lineage: Lineage, keyword: InheritedKeyword): Located | undefined {
  return lineage.findLast((node) => node[keyword] !== undefined)?.[keyword]
}

/** All values of a keyword that adds up (`environment`), outermost first. */
export function every(lineage: Lineage, keyword: InheritedKeyword): readonly Located[] {
  return lineage.flatMap((node) => node[keyword] ?? [])
}

/** All conditions that must hold, outermost first. */
export function conditionsOf(lineage: Lineage): readonly Condition[] {
  return lineage.flatMap((node) => (node.kind === 'play' ? [] : (node.when ?? [])))
}

/** The roles around a task, outermost first; a role that another depends on stands inside that. */
export function rolesOf(lineage: Lineage): readonly Role[] {
  return lineage.flatMap((node) => (node.kind === 'block' && node.role !== undefined ? [node.role] : []))
}

/** A task's name with that of its role in front: `role : task`. */
export function withRole(lineage: Lineage, name: string): string {
  const role = rolesOf(lineage).at(-1)
  return role === undefined ? name : `${role.name} : ${name}`
}

/** Every tag of the task and of what encloses it. */
export function tagsOf(lineage: Lineage): ReadonlySet<string> {
  return new Set(lineage.flatMap((node) => node.tags))
}

export interface TagSelection {
  readonly only: readonly string[]
  readonly skip: readonly string[]
}

/**
 * Whether a task with these tags runs under `--tags` and `--skip-tags`: `always` runs unless skipped by name, `never` only when one of
 * the task's tags is asked for; `all`, `tagged` and `untagged` are understood on both sides.
 */
export function isSelected(tags: ReadonlySet<string>, { only, skip }: TagSelection): boolean {
  const named = (asked: readonly string[]): boolean => asked.some((tag) => tags.has(tag))
  const untagged = (asked: readonly string[]): boolean => tags.size === 0 && asked.includes('untagged')
  const all = only.length === 0 || only.includes('all') || (tags.size > 0 && only.includes('tagged'))
  const wanted = tags.has('always') || named(only) || untagged(only) || (all && !tags.has('never'))
  const skipsAll = skip.includes('all') && (!tags.has('always') || skip.includes('always'))
  return wanted && !skipsAll && !named(skip) && !untagged(skip) && !(tags.size > 0 && skip.includes('tagged'))
}
