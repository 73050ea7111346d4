import { type Command, Option } from 'commander'
import { addVaultOptions, extraVarsOption, inventoryOption, repeated, verbose } from './options.ts'
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
    .addOption(verbose('say more; -vv adds what went over the wire'))
    .addOption(new Option('-M, --module-path <path>').hideHelp())
    .addOption(new Option('--no-read-ahead', 'let each task read its own facts only').hideHelp())
    .action(async (playbooks: readonly string[], flags: RunFlags) => {
      const { runCommand } = await import('./run-command.ts')
      process.exitCode = await runCommand(playbooks, flags)
    })
}

function addConnectionOptions(run: Command): void {
  run
    .option('-u, --user <name>', 'log in as this user')
    .addOption(new Option('-k, --ask-pass', 'ask for the password to log in with').conflicts('connectionPasswordFile'))
    .option('--connection-password-file <file>', 'a file with the password to log in with, or a script that prints it')
    .option('--private-key <file>', 'log in with this key')
    .option('-c, --connection <kind>', 'ssh, local or embedded')
    .option('-T, --timeout <seconds>', 'time to connect (default: 10)')
    .option('--ssh-common-args <args>', 'options for ssh, as ssh takes them')
    .option('--ssh-extra-args <args>', 'more of them')
    .addOption(new Option('--scp-extra-args <args>', 'accepted: scp is not used').hideHelp())
    .addOption(new Option('--sftp-extra-args <args>', 'accepted: sftp is not used').hideHelp())
    .option('-b, --become', 'run tasks as another user')
    .option('--become-user <name>', 'the user to become (default: root)')
    .option('--become-method <method>', 'sudo or su (default: sudo)')
    .addOption(
      new Option('-K, --ask-become-pass', 'ask for the password to become the other user with').conflicts(
        'becomePasswordFile',
      ),
    )
    .option('--become-password-file <file>', 'a file with that password, or a script that prints it')
}
