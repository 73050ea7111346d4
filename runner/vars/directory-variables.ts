import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Problem } from '../language/source.ts'
import type { Inventory, Variables } from '../inventory/inventory.ts'
import { LOCALHOST } from '../inventory/localhost.ts'
import type { Vault } from '../language/vault.ts'
import { displayName, loadVarsFile } from './vars-file.ts'

/** What `group_vars/` and `host_vars/` beside an inventory or a playbook say, by the name of the group or host. */
export interface DirectoryVariables {
  readonly groups: ReadonlyMap<string, Variables>
  readonly hosts: ReadonlyMap<string, Variables>
}
export interface DirectoryVariablesRead extends DirectoryVariables {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** The endings of variables' files: the first of these that is there for a name is read, the others are not. */
const EXTENSIONS = ['', '.yml', '.yaml', '.json']

/** Reads `group_vars/` and `host_vars/` of a directory, for the groups and hosts of the inventory; other files are left alone. */
export function loadDirectoryVariables(
  directory: string,
  inventory: Inventory,
  cwd: string,
  vault?: Vault,
): DirectoryVariablesRead {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  const read = (folder: string, names: ReadonlySet<string>): Map<string, Variables> => {
    const found = new Map<string, Variables>()
    for (const [name, [first, ...others]] of entriesByName(join(directory, folder))) {
      if (first === undefined || !names.has(name)) continue
      const files = filesOf(first).map((file) => loadVarsFile(file, cwd, vault))
      for (const other of others) {
        const message = `${displayName(other.path, cwd)} is not read, since ${displayName(first.path, cwd)} is there`
        warnings.push({ message, hint: 'merge the two' })
      }
      problems.push(...files.flatMap((file) => file.problems))
      found.set(name, new Map(files.flatMap((file) => [...file.variables])))
    }
    return found
  }
  return {
    groups: read('group_vars', new Set(inventory.groups.keys())),
    hosts: read('host_vars', new Set([...inventory.hosts.keys(), ...LOCALHOST])),
    problems,
    warnings,
  }
}

/** What there is for each name, what is read first: `web/` or `web`, then `web.yml`, and so on. */
function entriesByName(folder: string): Map<string, Entry[]> {
  const byName = new Map<string, Entry[]>()
  for (const extension of EXTENSIONS) {
    for (const entry of entriesOf(folder)) {
      if (!entry.name.endsWith(extension)) continue
      const name = entry.name.slice(0, entry.name.length - extension.length)
      byName.set(name, [...(byName.get(name) ?? []), entry])
    }
  }
  return byName
}

/** The files of an entry: all variables' files in and below a directory, in the order of their names. */
function filesOf(entry: Entry): readonly string[] {
  if (!entry.directory) return [entry.path]
  return entriesOf(entry.path).flatMap((inner) =>
    inner.directory || EXTENSIONS.includes(extname(inner.name)) ? filesOf(inner) : [],
  )
}

interface Entry {
  readonly name: string
  readonly path: string
  readonly directory: boolean
}

function entriesOf(folder: string): readonly Entry[] {
  if (!isDirectory(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .toSorted()
    .map((name) => ({ name, path: join(folder, name), directory: isDirectory(join(folder, name)) }))
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
