import { accessSync, constants } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { keepValues } from '../language/secrets.ts'
import type { Problem, SourceFile } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'
import { loadDirectoryVariables, type DirectoryVariables } from '../vars/directory-variables.ts'
import { loadSource } from '../vars/vars-file.ts'
import { InventoryDraft } from './draft.ts'
import { readHostEntry } from './host-name.ts'
import { Malformed } from './malformed.ts'
import { filesOf, isDirectory } from './files.ts'
import { readIni } from './ini.ts'
import type { Inventory, Variables } from './inventory.ts'
import type { CloudAnswers } from './openstack/answer.ts'
import { readScript } from './script.ts'
import { readYamlInventory } from './yaml.ts'

export interface LoadedInventory {
  readonly inventory: Inventory
  /** `group_vars/` and `host_vars/` beside the sources, those of later sources over those of earlier ones. */
  readonly besideInventory: DirectoryVariables
  /** The same beside playbooks, by the directory that was asked for. */
  readonly besidePlaybooks: ReadonlyMap<string, DirectoryVariables>
  readonly problems: readonly Problem[]
  /** What is odd, and does not stop anything. */
  readonly warnings: readonly Problem[]
}

export interface LoadOptions {
  /** What relative sources start from, and what files are named relative to. */
  readonly cwd: string
  readonly playbookDirs?: readonly string[]
  /** Opens encrypted files. */
  readonly vault?: Vault | undefined
  /** What clouds have answered to `askClouds`, for the sources that are lists of clouds. */
  readonly clouds?: CloudAnswers
}

/**
 * Reads inventory sources into one inventory: files (YAML, INI, JSON), executable scripts, directories of these, and lists of hosts
 * with a comma (`a,b,`). Later sources override earlier ones. All that is wrong is in `problems`; what could be read is there all the same.
 */
export function loadInventory(sources: readonly string[], options: LoadOptions): LoadedInventory {
  const { cwd, playbookDirs = [], vault } = options
  const draft = new InventoryDraft()
  for (const source of sources) {
    if (source.includes(',')) readHostList(source, draft)
    else for (const path of filesOf(resolve(cwd, source))) readPath(path, draft, options)
  }
  const inventory = draft.finish()
  if (vault !== undefined && draft.sealed) keepSealed(inventory, vault)
  const reads = sourceDirectories(sources, cwd).map((directory) =>
    loadDirectoryVariables(directory, inventory, cwd, vault),
  )
  const playbooks = new Map(
    playbookDirs.map((directory) => [
      directory,
      loadDirectoryVariables(resolve(cwd, directory), inventory, cwd, vault),
    ]),
  )
  const all = [...reads, ...playbooks.values()]
  return {
    inventory,
    besideInventory: mergedDirectories(reads),
    besidePlaybooks: playbooks,
    problems: [...draft.problems, ...all.flatMap((read) => read.problems)],
    warnings: [...draft.warnings, ...all.flatMap((read) => read.warnings)],
  }
}

function readPath(path: string, draft: InventoryDraft, options: LoadOptions): void {
  const source = loadSource(path, options.cwd, options.vault)
  if ('message' in source) draft.problems.push({ ...source, message: `inventory: ${source.message}` })
  else readFile(source, draft, options)
}

function readFile(source: SourceFile, draft: InventoryDraft, options: LoadOptions): void {
  draft.sealed ||= source.sealed === true
  const extension = extname(source.path)
  if (['.yml', '.yaml', '.json'].includes(extension)) readYamlInventory(source, draft, options)
  else if (source.text.startsWith('#!') && isExecutable(source.path)) readScript(source, draft)
  else if (extension !== '.ini' && looksLikeYaml(source.text)) readYamlInventory(source, draft, options)
  else readIni(source, draft)
}

/** The first line that says something starts a YAML document, is the key of a mapping, or opens JSON. */
function looksLikeYaml(text: string): boolean {
  const line = text.split('\n').find((line) => !/^\s*(?:[#;].*)?$/.test(line)) ?? ''
  return /^(?:---|\{)|^[\w.-]+:\s*(?:#.*)?$/.test(line)
}

/** The variables of an encrypted source are secret. */
function keepSealed({ hosts, groups }: Inventory, vault: Vault): void {
  for (const { vars } of [...hosts.values(), ...groups.values()])
    for (const { value, at } of vars.values()) if (at?.source.sealed === true) keepValues(value, vault)
}

function readHostList(list: string, draft: InventoryDraft): void {
  for (const entry of list.split(',').map((part) => part.trim())) {
    if (entry === '') continue
    try {
      const { names, port } = readHostEntry(entry)
      for (const host of names) {
        draft.addHost(host, 'ungrouped', undefined)
        if (port !== undefined) draft.setHostVariable(host, 'ansible_port', { value: port })
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      draft.problems.push({ message: `inventory "${list}": ${error.message}`, hint: error.hint })
    }
  }
}

/** The directories of sources, beside which their `group_vars/` and `host_vars/` are. */
export function sourceDirectories(sources: readonly string[], cwd: string): readonly string[] {
  const paths = sources.filter((source) => !source.includes(',')).map((source) => resolve(cwd, source))
  return [...new Set(paths.map((path) => (isDirectory(path) ? path : dirname(path))))]
}

/** Variables of several directories, later ones over earlier ones. */
export function mergedDirectories(reads: readonly DirectoryVariables[]): DirectoryVariables {
  return { groups: mergedMaps(reads.map((read) => read.groups)), hosts: mergedMaps(reads.map((read) => read.hosts)) }
}

function mergedMaps(maps: readonly ReadonlyMap<string, Variables>[]): ReadonlyMap<string, Variables> {
  const all = new Map<string, Variables>()
  for (const map of maps) for (const [name, vars] of map) all.set(name, new Map([...(all.get(name) ?? []), ...vars]))
  return all
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
