#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { version } from './package-root.ts'
import type { RunFlags } from './run-flags.ts'

/** Adds a value to those of an option that may be given several times. */
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]
const repeated = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect).default([])
/** `-v`, `-vv` and so on. */
const countUp = (_: string, before: number): number => before + 1

function program(): Command {
  const drover = new Command('drover')
  drover
    .description('Runs Ansible-style YAML playbooks over SSH; the hosts need sshd and a shell, nothing else.')
    .version(version(), '--version', 'say the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('run drover --help to see what there is')
    .exitOverride()

  drover
    .command('run', { isDefault: false })
    .summary('run playbooks on hosts')
    .description('Runs playbooks on the hosts of an inventory, in order.')
    .argument('<playbook...>', 'playbook files')
    .addOption(
      repeated(
        '-i, --inventory <source>',
        'inventory file, directory, script or list of hosts with a comma; may be repeated',
      ),
    )
    .option('-l, --limit <pattern>', 'only these hosts of each play')
    .addOption(
      repeated('-e, --extra-vars <vars>', 'k=v, YAML, JSON or @file; over all other variables; may be repeated'),
    )
    .addOption(repeated('-t, --tags <tags>', 'only tasks with one of these tags (comma-separated; may be repeated)'))
    .addOption(repeated('--skip-tags <tags>', 'no tasks with any of these tags'))
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes, line by line')
    .option('-f, --forks <count>', 'hosts at a time', '50')
    .option('-u, --user <name>', 'log in as this user')
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('--private-key <file>', 'log in with this key')
    .option('-c, --connection <kind>', 'ssh, local or embedded')
    .option('-T, --timeout <seconds>', 'time to connect', '10')
    .addOption(new Option('--ssh-common-args <args>', 'options for ssh, as ssh takes them').default(undefined))
    .option('-b, --become', 'run tasks as another user')
    .option('--become-user <name>', 'the user to become')
    .option('--become-method <method>', 'sudo or su')
    .option('-K, --ask-become-pass', 'ask for the password to become the other user with')
    .option('--force-handlers', 'run handlers also on hosts where a task failed')
    .option('--syntax-check', 'read and check everything, touch no host')
    .option('--list-hosts', 'list the hosts of each play, run nothing')
    .option('--list-tasks', 'list the tasks of each play, run nothing')
    .option('--list-tags', 'list the tags of each play, run nothing')
    .addOption(
      new Option('-o, --output <format>', 'how to tell what happens')
        .choices(['auto', 'live', 'lines', 'json'])
        .default('auto'),
    )
    .addOption(new Option('-v, --verbose', 'say more; -vv adds what went over the wire').argParser(countUp).default(0))
    .addOption(new Option('--no-read-ahead', 'let each task read its own facts only').hideHelp())
    .action(async (playbooks: readonly string[], flags: RunFlags) => {
      const { runCommand } = await import('./run-command.ts')
      process.exitCode = await runCommand(playbooks, flags)
    })

  drover
    .command('quickstart')
    .summary('try drover without any host')
    .description(
      'Runs a small playbook against an SSH server inside drover: a check, the run, and a second run that has nothing to do.',
    )
    .action(async () => {
      const { quickstart } = await import('./quickstart.ts')
      process.exitCode = await quickstart()
    })

  drover
    .command('schema')
    .summary('write the JSON schemas that editors use')
    .description('Writes JSON schemas of playbooks and inventories, for completion and checking in editors.')
    .argument('[directory]', 'where to write them', 'schema')
    .action(async (directory: string) => {
      const { writeSchemas } = await import('./schema.ts')
      process.exitCode = writeSchemas(directory)
    })
  return drover
}

try {
  await program().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1
  else {
    const { explainCrash } = await import('./crash.ts')
    process.exitCode = explainCrash(error)
  }
}
