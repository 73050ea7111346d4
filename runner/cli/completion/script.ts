import type { Command } from 'commander'
import { modules } from '../../../modules/index.ts'
import { statements } from '../../language/statements.ts'
import { bashScript } from './bash.ts'
import { describeCommand } from './completed.ts'
import { fishScript } from './fish.ts'
import { zshScript } from './zsh.ts'

/** The script that completes a program's commands in a shell. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const names = [...modules, ...statements].flatMap(({ name, aliases = [] }) => [name, ...aliases])
  const described = describeCommand(program, [...new Set(names)].toSorted())
  switch (shell) {
    case 'bash':
      return bashScript(described)
    case 'zsh':
      return zshScript(described)
    case 'fish':
      return fishScript(described)
  }
}
