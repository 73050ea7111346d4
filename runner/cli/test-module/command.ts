import type { Command } from 'commander'

/** Adds `drover test-module`. */
export function addTestModuleCommand(drover: Command): void {
  drover
    .command('test-module')
    .summary('try a module of your own')
    .description(
      'Checks a module, then runs its examples and the cases in FILE.cases.yml on this machine: in check mode, really, and once more expecting no change.',
    )
    .argument('<file>', 'the module: NAME.mjs, NAME.js or NAME.ts')
    .action(async (file: string) => {
      const { testModule } = await import('./test-module.ts')
      process.exitCode = await testModule(file)
    })
}
