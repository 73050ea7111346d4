import { type Command, Option } from 'commander'
import { modulePathOption } from '../options.ts'
import type { DocFlags } from './flags.ts'

/** Adds `drover doc`. */
export function addDocCommand(drover: Command): void {
  const doc = drover
    .command('doc')
    .summary('explain modules and statements')
    .description('Explains modules and statements: arguments, what they return, examples. Without a name, lists them.')
    .argument('[module...]', 'their names, short or fully qualified')
    .option('--all', 'explain all of them')
    .addOption(modulePathOption())
    .addOption(new Option('--format <format>', 'how to write it').choices(['text', 'markdown', 'json']).default('text'))
  doc.action(async (names: readonly string[], flags: DocFlags) => {
    const { showDocs } = await import('./show.ts')
    const help = doc.createHelp()
    process.exitCode = await showDocs(names, flags, (text, width) => help.boxWrap(text, width))
  })
}
