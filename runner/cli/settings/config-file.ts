import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Position, Problem, SourceFile } from '../../language/source.ts'

/** A key of a configuration file: its text, and where it stands. */
export interface ConfigEntry {
  readonly text: string
  readonly at: Position
}

export interface ConfigFile {
  /** By `section.key`. */
  readonly entries: ReadonlyMap<string, ConfigEntry>
  readonly problems: readonly Problem[]
}

/** Which configuration file holds, the first of Ansible's places that is there, and what to warn of. */
export interface FoundConfig {
  readonly path: string | undefined
  readonly warnings: readonly Problem[]
}

/**
 * `$ANSIBLE_CONFIG` (a file, or a directory that has one), `./ansible.cfg`, `~/.ansible.cfg`, `/etc/ansible/ansible.cfg`. The second is
 * passed over in a directory that everybody may write to: whoever puts one there would run commands as you.
 */
export function findConfig(
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
  { home = homedir(), system = '/etc/ansible' }: { readonly home?: string; readonly system?: string } = {},
): FoundConfig {
  const named = environment['ANSIBLE_CONFIG']
  if (named !== undefined && named !== '') {
    const path = resolve(cwd, named.replace(/^~(?=\/|$)/, home))
    const about = statSync(path, { throwIfNoEntry: false })
    const file = about?.isDirectory() === true ? join(path, 'ansible.cfg') : path
    if (isFile(file)) return { path: file, warnings: [] }
  }
  const here = join(cwd, 'ansible.cfg')
  const warnings: Problem[] = []
  if (isFile(here)) {
    if ((statSync(dirname(here)).mode & 0o002) === 0) return { path: here, warnings }
    warnings.push({
      message: `${here} is not read, since everybody may write to its directory`,
      hint: 'take that right away (chmod o-w), or name the file with ANSIBLE_CONFIG',
    })
  }
  return { path: [join(home, '.ansible.cfg'), join(system, 'ansible.cfg')].find(isFile), warnings }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/**
 * Reads an INI file as Ansible does: `[section]`, `key = value` or `key: value`, lines that begin with `#` or `;` are comments, ` ;`
 * begins one in a value, indented lines go on with the value above.
 */
export function readConfig(source: SourceFile): ConfigFile {
  const entries = new Map<string, ConfigEntry>()
  const problems: Problem[] = []
  let section: string | undefined
  let last: string | undefined
  for (const [index, raw] of source.text.split('\n').entries()) {
    const line = raw.replace(/\s;.*$/, '').trimEnd()
    if (line === '' || /^\s*[#;]/.test(line)) continue
    const indent = line.length - line.trimStart().length
    const at = { source, line: index + 1, column: indent + 1, length: line.length - indent }
    const before = last === undefined ? undefined : entries.get(last)
    if (indent > 0 && last !== undefined && before !== undefined) {
      entries.set(last, { ...before, text: `${before.text}\n${line.trim()}`.trim() })
      continue
    }
    const header = /^\s*\[(.+)\]/.exec(line)?.[1]
    const [, key, text = ''] = /^\s*([^=:]*[^=:\s])\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (header !== undefined) section = header.trim()
    else if (section === undefined) problems.push({ message: 'this stands above the first [section]', at })
    else if (key === undefined) problems.push({ message: 'this is neither a [section] nor "key = value"', at })
    else entries.set((last = `${section}.${key.toLowerCase()}`), { text: unquoted(text), at })
    if (header !== undefined) last = undefined
  }
  return { entries, problems }
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text
