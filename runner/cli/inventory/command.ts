import { type Command, Option } from 'commander'
import { addVaultOptions, extraVarsOption, inventoryOption } from '../options.ts'
import type { InventoryFlags } from './flags.ts'

/** Adds `drover inventory`: what ansible-inventory does, with its options. */
export function addInventoryCommand(drover: Command): void {
  const command = drover
    .command('inventory')
    .summary('show hosts, groups and variables')
    .description('Shows what an inventory holds, as drover understands it.')
    .argument('[group]', 'for --graph: only this group')
    .addOption(inventoryOption())
    .addOption(new Option('--list', 'all groups, hosts and their variables').conflicts(['graph', 'host']))
    .addOption(new Option('--graph', 'the groups as a tree').conflicts(['host']))
    .option('--host <name>', 'the variables of one host')
    .option('--vars', 'with --graph: the variables too')
    .option('-y, --yaml', 'YAML instead of JSON')
    .option('--export', 'with --list: variables stay with the groups that they were given to')
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('--playbook-dir <directory>', 'read group_vars/ and host_vars/ of this directory too')
    .option('--output <file>', 'with --list: where to write it')
    .addOption(extraVarsOption())
  addVaultOptions(command).action(async (group: string | undefined, flags: InventoryFlags) => {
    const { showInventory } = await import('./show.ts')
    process.exitCode = await showInventory(group, flags)
  })
}
