import type { Json } from '../../schema/infer.ts'
import type { Position } from '../language/source.ts'

/** Hosts and groups, merged from all sources. Names are unique; `all` and `ungrouped` are always there. */
export interface Inventory {
  /** In the order in which the sources name them. */
  readonly hosts: ReadonlyMap<string, InventoryHost>
  readonly groups: ReadonlyMap<string, InventoryGroup>
}

/** Variables as they were written, templates and all, each with its place where one is known. */
export type Variables = ReadonlyMap<string, Variable>
export interface Variable {
  readonly value: Json
  readonly at?: Position | undefined
}

export interface InventoryHost {
  readonly name: string
  readonly vars: Variables
  /** Names of all groups the host is in, directly or not, `all` included, in order of precedence, weakest first. */
  readonly groups: readonly string[]
  /** The source's directory and file, for `inventory_dir` and `inventory_file`; undefined for hosts named on the command line. */
  readonly file: string | undefined
}

export interface InventoryGroup {
  readonly name: string
  readonly vars: Variables
  readonly children: readonly string[]
  /** Hosts of this group and of its children, in order. */
  readonly hosts: readonly string[]
  /** Hosts that sources put into this very group. */
  readonly ownHosts: readonly string[]
  /** Distance from `all`, and `ansible_group_priority`: what decides whose variables win. */
  readonly depth: number
  readonly priority: number
}
