import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { templateVariables } from '../about-file.ts'
import { expandUser } from '../filters/path.ts'
import type { Context } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { entriesOf, valueOf } from '../values/mapping.ts'
import { str } from '../values/python-text.ts'
import { fail, isMapping } from '../values/types.ts'
import { glob } from '../values/glob.ts'
import type { Lookup, Options } from './call.ts'

/** Where a relative path may be: each directory of the search path, with the role's folder for this kind of file first. */
function candidates(context: Context, path: string, folder: string): string[] {
  const expanded = expandUser(path)
  if (isAbsolute(expanded)) return [expanded]
  const directories = context.scope.searchPath ?? [process.cwd()]
  return directories.flatMap((directory) => [resolve(directory, folder, expanded), resolve(directory, expanded)])
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** The file of that name. Throws where there is none, naming the places that were looked in. */
export function findFile(context: Context, path: string, folder: string): string {
  const all = candidates(context, path, folder)
  return all.find(isFile) ?? fail(`there is no file "${path}"`, `looked for ${all.join(', ')}`)
}

/** The text of a file. An encrypted one is opened, and is a secret. */
function read(context: Context, path: string): string {
  const bytes = readFileSync(path)
  const { vault } = context.scope
  const opened = vault?.open(bytes, path) ?? bytes
  if ('message' in opened) return fail(opened.message, opened.hint)
  const text = opened.toString('utf8')
  if (opened !== bytes) vault?.keep(text)
  return text
}

/** Runs a shell command here; at most 64 MiB of output. */
function pipe(command: string): string {
  try {
    return execFileSync('/bin/sh', ['-c', command], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? `exit status ${String(error.status)}` : 'not run'
    return fail(`the command "${command}" failed: ${status}`)
  }
}

function stripped(text: string, options: Options): string {
  const right = truthy(options.get('rstrip') ?? true) ? text.trimEnd() : text
  return truthy(options.get('lstrip') ?? false) ? right.trimStart() : right
}

const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(/[,;]/)
  return Array.isArray(value) ? (value as unknown[]).flatMap(texts) : value === undefined ? [] : [str(value)]
}

function firstFound(context: Context, terms: readonly unknown[], options: Options): string[] {
  const names: string[] = []
  let skip = truthy(options.get('skip') ?? false)
  const add = (files: unknown, paths: unknown): void => {
    const directories = texts(paths)
    for (const file of texts(files))
      names.push(...(directories.length === 0 ? [file] : directories.map((path) => join(path, file))))
  }
  for (const term of terms.flat(Infinity)) {
    if (isMapping(term)) {
      add(valueOf(term, 'files'), valueOf(term, 'paths'))
      skip ||= truthy(valueOf(term, 'skip') ?? false)
    } else names.push(str(term))
  }
  add(options.get('files'), options.get('paths'))
  for (const name of names)
    for (const folder of ['files', 'templates', 'vars', 'tasks'])
      for (const path of candidates(context, name, folder)) if (statSync(path, { throwIfNoEntry: false })) return [path]
  return skip
    ? []
    : fail('no file was found', names.length > 0 ? `looked for ${names.join(', ')}` : 'no files were named')
}

export const fileLookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  [
    'file',
    (context, terms, options) =>
      terms.map((term) => stripped(read(context, findFile(context, str(term), 'files')), options)),
  ],
  ['unvault', (context, terms) => terms.map((term) => read(context, findFile(context, str(term), 'files')))],
  [
    'template',
    (context, terms, options) =>
      terms.map((term) => {
        const extra = options.get('template_vars')
        const given = isMapping(extra) ? entriesOf(extra).map(([key, value]) => [str(key), value] as const) : []
        const file = findFile(context, str(term), 'templates')
        const about = [...templateVariables(file, str(term))].map(([name, make]) => [name, make()] as const)
        return context.render(read(context, file), new Map([...about, ...given]))
      }),
  ],
  ['pipe', (_, terms) => terms.map((term) => pipe(str(term)).trimEnd())],
  ['lines', (_, terms) => terms.flatMap((term) => pipe(str(term)).replace(/\n$/, '').split('\n'))],
  [
    'fileglob',
    (context, terms) =>
      terms.flatMap((term) => {
        for (const pattern of candidates(context, str(term), 'files')) {
          const found = glob(pattern)
          if (found.length > 0) return found
        }
        return []
      }),
  ],
  ['first_found', firstFound],
])
