import { existsSync, readFileSync } from 'node:fs'
import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { modules as builtIn } from '../../../modules/index.ts'
import type { Module } from '../../../modules/module.ts'
import type { Position, Problem } from '../../language/source.ts'
import { ProblemsFound } from '../../language/source.ts'
import { statements } from '../../language/statements.ts'
import { displayName } from '../../vars/vars-file.ts'
import { packageRoot } from '../package-root.ts'
import type { Settings } from '../settings/table.ts'
import { definitionFaults } from './definition.ts'
import { guarded, lineIn } from './guard.ts'
import type { HookData } from './hooks.ts'
import { moduleFiles, modulePlaces } from './places.ts'

/** A user's module and the file that it stands in. */
interface Loaded {
  readonly module: Module
  readonly file: string
}

/** Drover's modules and the user's that are found. Throws `ProblemsFound` with all that is wrong with those. */
export async function allModules(
  modulePath: readonly string[],
  playbookDirectories: readonly string[],
  settings: Settings,
): Promise<readonly Module[]> {
  const places = modulePlaces(modulePath, playbookDirectories, settings)
  const problems: Problem[] = places
    .filter(({ directory, named }) => named && !existsSync(directory))
    .map(({ directory }) => ({
      message: `--module-path: there is no directory ${displayName(directory, process.cwd())}`,
    }))
  const files = unlike(places.flatMap(({ directory }) => moduleFiles(directory)))
  const found: Loaded[] = []
  for (const file of files) {
    const loaded = await loadModule(file)
    if ('problems' in loaded) problems.push(...loaded.problems)
    else found.push({ module: loaded, file })
  }
  problems.push(...clashes(found))
  if (problems.length > 0) throw new ProblemsFound(problems)
  return found.length === 0 ? builtIn : [...builtIn, ...found.map(({ module }) => module)]
}

/** Roles that come with the same module, to the byte, have one module. */
function unlike(files: readonly string[]): readonly string[] {
  if (files.length < 2) return files
  return [...new Map(files.toReversed().map((file) => [readFileSync(file, 'utf8'), file])).values()].toReversed()
}

/** Loads the module of a file, or says all that is wrong with it. */
export async function loadModule(file: string): Promise<Module | { readonly problems: readonly Problem[] }> {
  const shown = displayName(file, process.cwd())
  const url = pathToFileURL(file).href
  hook()
  let exported: unknown
  try {
    exported = ((await import(url)) as { readonly default?: unknown }).default
  } catch (error) {
    return { problems: [await whyNotLoaded(error, file, shown)] }
  }
  const faults = definitionFaults(exported)
  if (faults.length > 0)
    return {
      problems: faults.map((fault) => ({
        message: `${shown}: ${fault}`,
        ...(isObject(exported) ? {} : { hint: helpers }),
      })),
    }
  return guarded(exported as Module, url, shown)
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const helpers = 'each file there is taken for a module; what modules share goes into a folder below, such as lib/'

let hooked = false
/** Has `drover` and TypeScript understood from here on. */
function hook(): void {
  if (hooked) return
  hooked = true
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const root = packageRoot()
  const code = extension === 'ts' ? root : join(root, 'dist')
  const urlOf = (path: string): string => pathToFileURL(join(code, path)).href
  const data: HookData = {
    api: urlOf(`modules/api.${extension}`),
    own: ['dist/', 'runner/', 'modules/', 'schema/'].map((path) => pathToFileURL(join(root, path)).href),
  }
  register(urlOf(`runner/cli/user-modules/hooks.${extension}`), { data })
}

async function whyNotLoaded(error: unknown, file: string, shown: string): Promise<Problem> {
  if (!(error instanceof Error)) return { message: `${shown} cannot be loaded: ${String(error)}` }
  const { said, line } = (await syntaxFault(error, file)) ?? {
    said: error.message,
    line: lineIn(error, pathToFileURL(file).href) ?? 1,
  }
  return { message: `this module cannot be loaded: ${said}`, at: lineOf(file, shown, line) }
}

/** What is wrong with the text of a file, and where: Node.js tells only what. Undefined where it can be read. */
async function syntaxFault(
  error: Error,
  file: string,
): Promise<{ readonly said: string; readonly line: number } | undefined> {
  const { stripTypes } = await import('./strip-types.ts')
  try {
    stripTypes(readFileSync(file, 'utf8'))
    return undefined
  } catch (found) {
    const at = /^([^]*?) \((\d+):\d+\)$/.exec(found instanceof Error ? found.message : '')
    if (at === null) return undefined
    const [, said = '', line = ''] = at
    return {
      said: /\.m?js$/.test(file) ? error.message : said.replace(/^Error transforming \S+: /, ''),
      line: Number(line),
    }
  }
}

function lineOf(file: string, name: string, line: number): Position {
  const text = readFileSync(file, 'utf8')
  const words = text.split('\n')[line - 1] ?? ''
  const column = words.length - words.trimStart().length + 1
  return { source: { name, path: file, text }, line, column, length: Math.max(1, words.trim().length) }
}

/** Names that are taken: by drover's own modules and statements, or by another file. */
export function clashes(found: readonly Loaded[]): readonly Problem[] {
  const taken = new Map<string, string>()
  for (const { name, aliases = [] } of builtIn)
    for (const each of [name, ...aliases]) taken.set(each, `drover’s own module "${name}"`)
  for (const { name, aliases = [] } of statements)
    for (const each of [name, ...aliases]) taken.set(each, `the statement "${name}"`)
  const problems: Problem[] = []
  for (const { module, file } of found) {
    const shown = displayName(file, process.cwd())
    for (const each of [module.name, ...(module.aliases ?? [])]) {
      const owner = taken.get(each)
      if (owner === undefined) taken.set(each, displayName(file, process.cwd()))
      else
        problems.push({
          message: `${shown}: the name "${each}" is taken by ${owner}`,
          hint: 'give the module another name',
        })
    }
  }
  return problems
}

/** Tells modules by their names and aliases. */
export function moduleFinder(modules: readonly Module[]): (name: string) => Module | undefined {
  const byName = new Map(
    modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
  )
  return (name) => byName.get(name)
}
