import { resolve } from 'node:path'
import { Malformed } from '../inventory/malformed.ts'
import { shellWords } from '../inventory/shell-words.ts'
import type { Variable } from '../inventory/inventory.ts'
import type { Problem, SourceFile } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'
import { loadVarsFile, parseVariables, type VariablesRead } from './vars-file.ts'

/**
 * The variables of all `--extra-vars`, later ones over earlier ones. Each is `@FILE`, YAML or JSON in braces, or `name=value` words
 * in a shell's quotes, whose values are text, always.
 */
export function readExtraVars(options: readonly string[], cwd: string, vault?: Vault): VariablesRead {
  const reads = options.map((option) => readOption(option.trim(), cwd, vault))
  return {
    variables: new Map(reads.flatMap((read) => [...read.variables])),
    problems: reads.flatMap((read) => read.problems),
  }
}

function readOption(option: string, cwd: string, vault: Vault | undefined): VariablesRead {
  if (option.startsWith('@')) return loadVarsFile(resolve(cwd, option.slice(1)), cwd, vault)
  const source: SourceFile = { name: '--extra-vars', path: '--extra-vars', text: option }
  if (option.startsWith('{') || option.startsWith('[')) return parseVariables(source)
  if (/^(?:\.{0,2}\/)\S+$/.test(option) && !option.includes('=')) {
    return nothing({
      message: `"${option}" is not a variable`,
      at: wholeOf(source),
      hint: `a file is given as @${option}`,
    })
  }
  return readWords(source)
}

function readWords(source: SourceFile): VariablesRead {
  const variables = new Map<string, Variable>()
  const problems: Problem[] = []
  try {
    for (const { text, offset } of shellWords(source.text)) {
      const at = { source, line: 1, column: offset + 1, length: Math.max(1, text.length) }
      const equals = text.indexOf('=')
      if (equals > 0) variables.set(text.slice(0, equals), { value: text.slice(equals + 1), at })
      else
        problems.push({
          message: `"${text}" is not a variable`,
          at,
          hint: 'write name=value, values with blanks in quotes',
        })
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    problems.push({ message: error.message, at: { source, line: 1, column: error.offset + 1, length: 1 } })
  }
  return { variables, problems }
}

function wholeOf(source: SourceFile) {
  return { source, line: 1, column: 1, length: Math.max(1, source.text.length) }
}

function nothing(problem: Problem): VariablesRead {
  return { variables: new Map(), problems: [problem] }
}
