import { Command } from 'commander'
import { addCompletionCommand } from './completion/command.ts'
import { addDocCommand } from './doc/command.ts'
import { addExecCommands } from './exec/command.ts'
import { addInventoryCommand } from './inventory/command.ts'
import { modulePathOption } from './options.ts'
import { version } from './package-root.ts'
import { addRunCommand } from './run-options.ts'
import { addTestModuleCommand } from './test-module/command.ts'
import { addVaultCommand } from './vault/command.ts'

/** All commands with their options. What a command does is loaded when it runs. */
export function program(): Command {
  const drover = new Command('drover')
  drover
    .description('Runs Ansible-style YAML playbooks over SSH; the hosts need sshd and a shell, nothing else.')
    .version(version(), '--version', 'say the version')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('run drover --help to see what there is')
    .exitOverride()

  addRunCommand(drover)
  addExecCommands(drover)
  addDocCommand(drover)
  addTestModuleCommand(drover)
  addInventoryCommand(drover)
  addVaultCommand(drover)

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
    .addOption(modulePathOption())
    .action(async (directory: string, { modulePath }: { readonly modulePath: readonly string[] }) => {
      const { writeSchemas } = await import('./schema.ts')
      process.exitCode = await writeSchemas(directory, modulePath)
    })
  addCompletionCommand(drover)
  return drover
}
