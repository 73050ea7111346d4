import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { Malformed } from '../../inventory/malformed.ts'
import { shellWords } from '../../inventory/shell-words.ts'
import type { Position, Problem } from '../../language/source.ts'
import { displayName } from '../../vars/vars-file.ts'
import { type ConfigFile, findConfig, readConfig } from './config-file.ts'
import { type Kinds, type SettingName, type Settings, table } from './table.ts'

export interface SettingsRead {
  readonly settings: Settings
  /** The configuration file that was read, as it is shown. */
  readonly file: string | undefined
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** Where a setting's text came from. */
interface Given {
  readonly text: string
  /** `FORKS` of the environment, or the file's key. */
  readonly name: string
  readonly at: Position | undefined
  /** What relative paths start from. */
  readonly directory: string
}

/** Reads the settings. All that is wrong is in `problems`, with the file and line where there is one. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
  places?: Parameters<typeof findConfig>[2],
): SettingsRead {
  const { path, warnings } = findConfig(environment, cwd, places)
  const file = path === undefined ? undefined : displayName(path, cwd)
  const config: ConfigFile =
    path === undefined || file === undefined
      ? { entries: new Map(), problems: [] }
      : readConfig({ name: file, path, text: readFileSync(path, 'utf8') })
  const problems: Problem[] = [...config.problems]
  const settings: Partial<Record<SettingName, unknown>> = {}
  for (const name of Object.keys(table) as SettingName[]) {
    const given = fromEnvironment(name, environment, cwd) ?? fromFile(name, config, dirname(path ?? cwd))
    if (given === undefined) continue
    const value = valueOf(table[name].kind, given)
    if (typeof value === 'object' && 'message' in value) problems.push(value)
    else settings[name] = value
  }
  return { settings: settings as Settings, file, problems, warnings }
}

function fromEnvironment(
  name: SettingName,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Given | undefined {
  for (const prefix of ['DROVER', 'ANSIBLE'])
    for (const variable of table[name].variables) {
      const text = environment[`${prefix}_${variable}`]
      if (text !== undefined && text !== '') return { text, name: `${prefix}_${variable}`, at: undefined, directory }
    }
  return undefined
}

function fromFile(name: SettingName, { entries }: ConfigFile, directory: string): Given | undefined {
  for (const key of table[name].keys) {
    const entry = entries.get(key)
    if (entry !== undefined && entry.text !== '')
      return { text: entry.text, name: key.split('.').at(-1) ?? key, at: entry.at, directory }
  }
  return undefined
}

function valueOf(kind: keyof Kinds, given: Given): Kinds[keyof Kinds] | Problem {
  const { text, name, at } = given
  const parts = (separator: string | RegExp): readonly string[] =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '')
  switch (kind) {
    case 'text':
      return text
    case 'path':
      return absolute(text, given)
    case 'paths':
      return parts(':').map((part) => absolute(part, given))
    case 'sources':
      return sources(given)
    case 'list':
      return parts(',')
    case 'whole':
      return /^\d+$/.test(text) ? Number(text) : { message: `${name} takes a whole number, not "${text}"`, at }
    case 'yes':
      if (/^(?:yes|true|on|y|t|1|1\.0)$/i.test(text)) return true
      if (/^(?:no|false|off|n|f|0|0\.0)$/i.test(text)) return false
      return { message: `${name} is yes or no, not "${text}"`, at }
    case 'words':
      try {
        return shellWords(text).map((word) => word.text)
      } catch (error) {
        if (error instanceof Malformed) return { message: `${name}: ${error.message}`, at }
        throw error
      }
  }
}

/** A list of hosts (`a,b,`) is one source; paths are several. */
function sources(given: Given): readonly string[] {
  if (given.text.trim().endsWith(',')) return [given.text.trim()]
  return given.text.split(',').map((part) => absolute(part.trim(), given))
}

/** A path with `~` and `$NAME` put in. */
function absolute(text: string, { directory }: Given): string {
  const expanded = text
    .replace(/^~(?=\/|$)/, homedir())
    .replaceAll('{{CWD}}', process.cwd())
    .replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
      return process.env[bare ?? braced ?? ''] ?? whole
    })
  return resolve(directory, expanded)
}
