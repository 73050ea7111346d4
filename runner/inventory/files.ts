import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files of a directory of sources that are something else. */
const IGNORED = /~$|^\.|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)$/
const IGNORED_DIRECTORIES = new Set(['group_vars', 'host_vars', 'vars_plugins'])

/** The files that a path of a source stands for: itself, or all sources below the directory in the order of their names. */
export function filesOf(path: string): readonly string[] {
  if (!isDirectory(path)) return [path]
  const names = readdirSync(path).filter((name) => !IGNORED.test(name) && !IGNORED_DIRECTORIES.has(name))
  return names.toSorted().flatMap((name) => filesOf(join(path, name)))
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
