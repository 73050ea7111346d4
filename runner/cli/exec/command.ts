import { type Command, Option } from 'commander'
import { addConnectionOptions } from '../connection-options.ts'
import { addVaultOptions, extraVarsOption, inventoryOption, modulePathOption, verbose } from '../options.ts'
import type { ExecFlags, FactsFlags } from './flags.ts'

/** Adds `drover exec`, which does what ansible does with its options, and `drover facts`. */
export function addExecCommands(drover: Command): void {
  const exec = drover
    .command('exec')
    .summary('run one module on hosts, without a playbook')
    .description('Runs one task on the hosts that a pattern means: a command where no module is named.')
    .argument('<pattern>', 'hosts and groups, as in a play: web, web*, web:!web3')
    .option('-m, --module-name <module>', 'the module (or statement)', 'command')
    .option('-a, --args <args>', 'its arguments: k=v, JSON, or what its free form takes', '')
    .addOption(inventoryOption())
    .option('-l, --limit <pattern>', 'only these of the hosts')
    .addOption(extraVarsOption())
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, line by line')
    .option('-f, --forks <count>', 'hosts at a time (default: 50)')
    .option('-B, --background <seconds>', 'run in the background on the host, this long at most')
    .option('-P, --poll <seconds>', 'with --background: time between two looks; 0 does not wait (default: 15)')
    .option('--playbook-dir <directory>', 'where group_vars/, files/ and roles/ are (default: here)')
    .addOption(modulePathOption())
    .option('--list-hosts', 'list the hosts, run nothing')
  addConnectionOptions(addVaultOptions(exec))
    .addOption(
      new Option('-o, --output <format>', 'how to tell what happens')
        .choices(['hosts', 'lines', 'live', 'json'])
        .default('hosts'),
    )
    .addOption(verbose('say more; -vv adds what went over the wire'))
    .action(async (pattern: string, flags: ExecFlags) => {
      const { exec } = await import('./exec.ts')
      process.exitCode = await exec(pattern, flags)
    })

  const facts = drover
    .command('facts')
    .summary('show what is known of a host')
    .description('Gathers the facts of a host and writes them as JSON, under the names that playbooks use.')
    .argument('<host>', 'a name in the inventory; of a pattern such as web*, each host under its name')
    .argument('[filter...]', 'only facts whose names match one of these globs: ansible_mem*')
    .addOption(inventoryOption())
    .addOption(extraVarsOption())
  addConnectionOptions(addVaultOptions(facts)).action(
    async (host: string, filters: readonly string[], flags: FactsFlags) => {
      const { showFacts } = await import('./facts.ts')
      process.exitCode = await showFacts(host, filters, flags)
    },
  )
}
