import { type Command, Option } from 'commander'
import { addConnectionOptions } from './connection-options.ts'
import { addVaultOptions, extraVarsOption, inventoryOption, modulePathOption, repeated, verbose } from './options.ts'
import type { RunFlags } from './run-flags.ts'

/** Adds `drover run`: the options of ansible-playbook with the same meaning, and drover's own. */
export function addRunCommand(drover: Command): void {
  const run = drover
    .command('run')
    .summary('run playbooks on hosts')
    .description('Runs playbooks on the hosts of an inventory, in order.')
    .argument('<playbook...>', 'playbook files')
    .addOption(inventoryOption())
    .option('-l, --limit <pattern>', 'only these hosts of each play')
    .addOption(extraVarsOption())
    .addOption(repeated('-t, --tags <tags>', 'only tasks with one of these tags (comma-separated; may be repeated)'))
    .addOption(repeated('--skip-tags <tags>', 'no tasks with any of these tags'))
    .option('--start-at-task <name>', 'begin with the task of this name (or glob) and pass over those before it')
    .option('--step', 'ask before each task')
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, line by line')
    .option('-f, --forks <count>', 'hosts at a time (default: 50)')
    .option('--force-handlers', 'run handlers also on hosts where a task failed')
    .option('--flush-cache', 'accepted: no facts are kept between runs')
  run.addOption(modulePathOption())
  addVaultOptions(run)
  addConnectionOptions(run)
  run
    .option('--syntax-check', 'read and check everything, touch no host')
    .option('--list-hosts', 'list the hosts of each play, run nothing')
    .option('--list-tasks', 'list the tasks of each play, run nothing')
    .option('--list-tags', 'list the tags of each play, run nothing')
    .addOption(
      new Option('-o, --output <format>', 'how to tell what happens')
        .choices(['auto', 'live', 'lines', 'json'])
        .default('auto'),
    )
    .option('--profile', 'show at the end where the time went, by task and by host')
    .option('--profile-json <file>', 'write that to a file, as JSON')
    .addOption(verbose('say more; -vv adds what went over the wire'))
    .addOption(new Option('--no-read-ahead', 'let each task read its own facts only').hideHelp())
    .action(async (playbooks: readonly string[], flags: RunFlags) => {
      const { runCommand } = await import('./run-command.ts')
      process.exitCode = await runCommand(playbooks, flags)
    })
}
