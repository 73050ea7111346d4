import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import type { Variable, Variables } from '../../inventory/inventory.ts'
import { loadVarsFile } from '../../vars/vars-file.ts'
import { findUserFile } from '../controller.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Reads variables from a file or from the files of a directory. */
export const includeVars: Statement = async ({ args, lineage, host, context, scope }) => {
  const named = args['file'] ?? args['dir']
  if (typeof named !== 'string') return ended('failed', 'include_vars needs file or dir')
  const found = await findUserFile(named, 'vars', context.searchPath(lineage))
  if (found === null) return ended('failed', `there is no ${named} in vars/ or beside the playbook`)
  const files = args['dir'] === undefined ? [found] : filesOf(found, args)
  const variables = new Map<string, Variable>()
  for (const file of files) {
    const read = loadVarsFile(file, process.cwd(), scope.vault)
    const problem = read.problems[0]
    if (problem !== undefined)
      return ended(
        'failed',
        `${problem.message}${problem.at === undefined ? '' : ` (${problem.at.source.name}:${problem.at.line}:${problem.at.column})`}`,
      )
    for (const [name, variable] of read.variables) variables.set(name, variable)
  }
  const { name } = args
  host.includeVars(typeof name === 'string' && name !== '' ? new Map([[name, { value: plain(variables) }]]) : variables)
  return ended('ok', null, { ansible_facts: plain(variables), ansible_included_var_files: files })
}

function plain(variables: Variables): JsonObject {
  return Object.fromEntries([...variables].map(([name, { value }]): [string, Json] => [name, value]))
}

/** Files of a directory in the order of their paths, those that the arguments leave out left out. */
function filesOf(directory: string, args: JsonObject): readonly string[] {
  const depth = Number(args['depth'] ?? 0)
  const extensions = Array.isArray(args['extensions']) ? args['extensions'].map(String) : ['yaml', 'yml', 'json']
  const ignored = Array.isArray(args['ignore_files']) ? args['ignore_files'].map(String) : []
  const matching = typeof args['files_matching'] === 'string' ? new RegExp(args['files_matching']) : /^/
  const list = (path: string, level: number): readonly string[] =>
    readdirSync(path)
      .toSorted()
      .flatMap((name) => {
        const whole = join(path, name)
        if (statSync(whole).isDirectory()) return depth === 0 || level < depth ? list(whole, level + 1) : []
        return !ignored.includes(name) && matching.test(name) && extensions.includes(extname(name).slice(1))
          ? [whole]
          : []
      })
  return list(directory, 1)
}
