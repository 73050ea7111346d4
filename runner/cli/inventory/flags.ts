import type { VaultFlags } from '../options.ts'

/** The options of `drover inventory` as the command line gave them. */
export interface InventoryFlags extends VaultFlags {
  readonly inventory: readonly string[]
  readonly extraVars: readonly string[]
  readonly list?: boolean
  readonly graph?: boolean
  readonly host?: string
  readonly vars?: boolean
  readonly yaml?: boolean
  readonly export?: boolean
  readonly limit?: string
  readonly playbookDir?: string
  readonly output?: string
}
