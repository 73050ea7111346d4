import { hasTemplate } from '../template/compile.ts'

/** Words that expressions would not take for a name. */
const reserved = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

/** Whether a variable may be called so: as Ansible has it, a Python identifier in ASCII. */
export const isVariableName = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name)

/** What to do about a name that no variable may have. */
export function variableNameHint(name: string): string {
  if (hasTemplate(name)) return 'write the name itself, without a template'
  if (reserved.has(name)) return 'it is a word of the language that expressions are written in'
  return 'names are letters, digits and "_", and do not begin with a digit'
}
