import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Variable, Variables } from '../inventory/inventory.ts'
import { place, placeOfValue, type MapNode } from '../language/node.ts'
import { keepValues } from '../language/secrets.ts'
import type { Problem, SourceFile } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'
import { parseYaml } from '../language/yaml.ts'

export interface VariablesRead {
  readonly variables: Variables
  readonly problems: readonly Problem[]
}

/** Reads a file of variables: YAML or JSON, one mapping. A file that is missing or cannot be read is a problem. All values of an encrypted one are secret. */
export function loadVarsFile(path: string, cwd: string, vault?: Vault): VariablesRead {
  const source = loadSource(path, cwd, vault)
  if ('message' in source) return { variables: new Map(), problems: [source] }
  const read = parseVariables(source)
  if (source.sealed === true && vault !== undefined)
    for (const { value } of read.variables.values()) keepValues(value, vault)
  return read
}

/** The variables in a text: YAML or JSON, one mapping. An empty text has none. */
export function parseVariables(source: SourceFile): VariablesRead {
  const { root, problems } = parseYaml(source)
  if (root === undefined || root.value === null) return { variables: new Map(), problems }
  if (root.kind === 'map') return { variables: variablesOf(root), problems }
  const wrong = { message: 'variables are a mapping of names to values', at: place(root), hint: 'write "name: value"' }
  return { variables: new Map(), problems: [...problems, wrong] }
}

/** The entries of a mapping as variables. Their places are looked up when somebody asks: most never do, and there are many of them. */
export function variablesOf(mapping: MapNode): Map<string, Variable> {
  const variables = new Map<string, Variable>()
  for (const entry of mapping.entries) {
    variables.set(entry.name, {
      value: entry.value.value,
      get at() {
        return placeOfValue(entry)
      },
    })
  }
  return variables
}

/** The text of a file, opened where it is encrypted, or the problem that it cannot be read. Files are named relative to the working directory. */
export function loadSource(path: string, cwd: string, vault?: Vault): SourceFile | Problem {
  const name = displayName(path, cwd)
  try {
    const bytes = readFileSync(path)
    const opened = vault?.open(bytes, name) ?? bytes
    if ('message' in opened) return opened
    const text = opened.toString('utf8').replace(/^\uFEFF/, '')
    return { name, path, text, ...(opened === bytes ? {} : { sealed: true }) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { message: `there is no file ${name}` }
    if (code === 'EISDIR') return { message: `${name} is a directory, not a file` }
    return { message: `${name} cannot be read: ${code === 'EACCES' ? 'permission denied' : message}` }
  }
}

/** A path as it is shown to people: relative to the working directory where it is below it. */
export function displayName(path: string, cwd: string): string {
  const name = relative(cwd, path)
  return name === '' || name.startsWith('..') ? path : name
}
