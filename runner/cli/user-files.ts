import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { SourceFile } from '../language/source.ts'
import type { Settings } from './settings/table.ts'

/** Whether there is a file of the user's where a task of `from` looks for it. */
export function fileExists(
  name: string,
  kind: 'files' | 'templates',
  from: SourceFile,
  further: readonly string[] = [],
): boolean {
  const directory = dirname(from.path)
  const places = isAbsolute(name)
    ? [name]
    : [directory, dirname(directory), ...further].flatMap((base) => [resolve(base, kind, name), resolve(base, name)])
  return places.some((place) => existsSync(place))
}

/** Where roles are looked for besides `roles` beside the playbook: what the settings say, else where Ansible's tools put them. */
export function rolesPathOf({ rolesPath }: Settings): readonly string[] {
  return rolesPath ?? [join(homedir(), '.ansible/roles'), '/usr/share/ansible/roles', '/etc/ansible/roles']
}
