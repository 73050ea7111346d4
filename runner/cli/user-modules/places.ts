import { readdirSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { packageRoot } from '../package-root.ts'
import type { Settings } from '../settings/table.ts'
import { rolesPathOf } from '../user-files.ts'

/** A directory in which modules are looked for. */
interface Place {
  readonly directory: string
  /** True where the user named it: it has to be there. */
  readonly named: boolean
}

/** The directories for modules, the first to be looked in first: named ones, those beside the playbooks, those of roles. */
export function modulePlaces(
  modulePath: readonly string[],
  playbookDirectories: readonly string[],
  settings: Settings,
): readonly Place[] {
  const given = modulePath.flatMap((paths) => paths.split(':')).filter((path) => path !== '')
  const beside = playbookDirectories.flatMap((directory) => [join(directory, 'modules'), join(directory, 'library')])
  const roles = [...playbookDirectories.map((directory) => join(directory, 'roles')), ...rolesPathOf(settings)]
  const places = [
    ...given.map((path) => ({ directory: resolve(path), named: true })),
    ...(settings.library ?? []).map((directory) => ({ directory, named: false })),
    ...[...beside, ...roles.flatMap(librariesOf)].map((directory) => ({ directory: resolve(directory), named: false })),
  ]
  const own = join(packageRoot(), 'modules')
  // Through links too: one directory is looked into once, and drover's own source holds no modules of a user's.
  const seen = new Set([realpath(own)])
  return places.filter(({ directory }) => {
    const real = realpath(directory)
    return !seen.has(real) && seen.add(real)
  })
}

/** The `library` directories of all roles in a directory of roles. */
const librariesOf = (roles: string): readonly string[] => namesIn(roles).map((role) => join(roles, role, 'library'))

/** The files of a directory that are modules by their names, in order: `NAME.js`, `.mjs`, `.ts`, `.mts`. */
export const moduleFiles = (directory: string): readonly string[] =>
  namesIn(directory)
    .filter((name) => /^[A-Za-z_]\w*\.m?[jt]s$/.test(name))
    .map((name) => join(directory, name))

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

function realpath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
