import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Vault } from '../language/vault.ts'
import { loadVarsFile, type VariablesRead } from './vars-file.ts'

/**
 * The variables of `vars_files`, later files over earlier ones. An entry that is a list stands for the first of its files that is
 * there. Names are evaluated already; a relative one is looked for in each directory in turn.
 */
export function loadVarsFiles(
  entries: readonly (string | readonly string[])[],
  directories: readonly string[],
  cwd: string,
  vault?: Vault,
): VariablesRead {
  const reads = entries.map((entry) => loadFirst(typeof entry === 'string' ? [entry] : entry, directories, cwd, vault))
  return {
    variables: new Map(reads.flatMap((read) => [...read.variables])),
    problems: reads.flatMap((read) => read.problems),
  }
}

function loadFirst(
  names: readonly string[],
  directories: readonly string[],
  cwd: string,
  vault: Vault | undefined,
): VariablesRead {
  const path = names
    .flatMap((name) => directories.map((directory) => resolve(directory, name)))
    .find((candidate) => existsSync(candidate))
  if (path !== undefined) return loadVarsFile(path, cwd, vault)
  const message = names.length === 1 ? `there is no file ${names[0]}` : `there is none of the files ${names.join(', ')}`
  return { variables: new Map(), problems: [{ message, hint: `looked in ${directories.join(', ')}` }] }
}
