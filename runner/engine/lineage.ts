import type { Block, Condition, Inherited, Located, Play, Task } from '../language/tree.ts'

/** A task or block with all that encloses it, outermost first: what it inherits keywords, conditions, tags and variables from. */
export type Lineage = readonly [Play, ...(Block | Task)[]]

type InheritedKeyword = {
  [K in keyof Inherited]-?: Inherited[K] extends Located | undefined ? K : never
}[keyof Inherited]

/** The keyword's value nearest to the task, as it was written. */
export function nearest(lineage: Lineage, keyword: InheritedKeyword): Located | undefined {
  return lineage.findLast((node) => node[keyword] !== undefined)?.[keyword]
}

/** All values of a keyword that adds up (`environment`, `module_defaults`), outermost first. */
export function every(lineage: Lineage, keyword: InheritedKeyword): readonly Located[] {
  return lineage.flatMap((node) => node[keyword] ?? [])
}

/** All conditions that must hold, outermost first. */
export function conditionsOf(lineage: Lineage): readonly Condition[] {
  return lineage.flatMap((node) => (node.kind === 'play' ? [] : (node.when ?? [])))
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
  const named = [...tags].filter((tag) => tag !== 'always' && tag !== 'never')
  const matches = (asked: readonly string[]): boolean =>
    asked.some(
      (tag) => tags.has(tag) || (tag === 'tagged' && named.length > 0) || (tag === 'untagged' && tags.size === 0),
    )
  const wanted =
    only.length === 0 || only.includes('all')
      ? !tags.has('never') || matches(only.filter((tag) => tag !== 'all'))
      : matches(only) || (tags.has('always') && !tags.has('never'))
  if (!wanted || skip.length === 0) return wanted
  const skipped = matches(skip) || (skip.includes('all') && !(tags.has('always') && !skip.includes('always')))
  return !skipped
}
