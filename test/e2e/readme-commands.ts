import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shellWords } from '../../runner/inventory/shell-words.ts'
import { root } from './drover.ts'

/** A command of a README, and where it stands. */
export interface Command {
  readonly words: readonly string[]
  readonly file: string
}

/** Commands of the `sh` blocks of all READMEs, in order; those that are joined by `&&` one by one. */
export function readmeCommands(): readonly Command[] {
  return readmes().flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
      block
        .split('\n')
        .flatMap((line) => line.split('&&'))
        .map((command) => shellWords(command.trim()).map(({ text }) => text))
        .filter(([first = '']) => first !== '' && !first.startsWith('#'))
        .map((words) => ({ words, file })),
    ),
  )
}

/** The paths of all READMEs, from the root. */
export function readmes(): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(^|\/)README\.md$/.test(file) && !/(^|\/)(node_modules|dist|\.git)\//.test(join(dirname(file), '/')),
  )
}
