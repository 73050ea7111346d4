import { Argument, type Command } from 'commander'

/** Adds `drover completion`, for all commands of that program. */
export function addCompletionCommand(drover: Command): void {
  drover
    .command('completion')
    .summary('write a script that completes commands in a shell')
    .description(
      'Writes a script that completes commands, options, modules and files in bash, zsh or fish: source <(drover completion bash), or for fish: drover completion fish | source',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('./script.ts')
      process.stdout.write(completionScript(shell, drover))
    })
}
