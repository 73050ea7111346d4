import type { Scope } from '../template/template.ts'
import type { Variables } from '../inventory/inventory.ts'

/**
 * Where a variable can come from, weakest first: the levels of precedence that Ansible documents ("Understanding variable
 * precedence"), but for its first, the command line's connection settings, which are not variables. Above its last, extra vars, stand
 * what the running task sets itself (a loop's item) and the magic variables, which nothing overrides.
 */
export const LEVELS = [
  'role-defaults',
  'inventory-groups',
  'inventory-group-vars-all',
  'playbook-group-vars-all',
  'inventory-group-vars',
  'playbook-group-vars',
  'inventory-hosts',
  'inventory-host-vars',
  'playbook-host-vars',
  'facts',
  'play-vars',
  'vars-prompt',
  'vars-files',
  'role-vars',
  'block-vars',
  'task-vars',
  'include-vars',
  'set-facts',
  'role-params',
  'include-params',
  'extra-vars',
  'running',
  'magic',
] as const
export type Level = (typeof LEVELS)[number]

/**
 * Variables of one level. `written` ones may hold templates, which are evaluated when they are asked for; `values` are what they
 * are, whatever their text looks like; `computed` ones are made for the scope that asks.
 */
export type Layer =
  | { readonly kind: 'written'; readonly level: Level; readonly variables: Variables }
  | { readonly kind: 'values'; readonly level: Level; readonly variables: ReadonlyMap<string, unknown> }
  | {
      readonly kind: 'computed'
      readonly level: Level
      readonly variables: ReadonlyMap<string, (scope: Scope) => unknown>
    }

const RANK: ReadonlyMap<Level, number> = new Map(LEVELS.map((level, index) => [level, index]))

/** Layers strongest first. Of two of one level, the one that was given later is stronger. */
export function strongestFirst(layers: readonly Layer[]): readonly Layer[] {
  return layers.toReversed().toSorted((a, b) => (RANK.get(b.level) ?? 0) - (RANK.get(a.level) ?? 0))
}
