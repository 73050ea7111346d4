import type { Module } from '../../../modules/module.ts'
import { ActionNames } from '../../language/actions.ts'
import { type Problem, ProblemsFound } from '../../language/source.ts'
import { statements } from '../../language/statements.ts'
import { type Entry, entryOfModule, entryOfStatement } from './entry.ts'
import { readSettings } from '../settings/read-settings.ts'
import { allModules, moduleFinder } from '../user-modules/load.ts'
import type { DocFlags } from './flags.ts'
import { entryMarkdown, listMarkdown } from './markdown.ts'
import { entryText, listText, type Wrap } from './text.ts'

/** Columns of text on a wide terminal, and where there is none. */
const readable = 100

/** `drover doc`: explains modules and statements, from the definitions that arguments are checked against; gives the exit status. */
export async function showDocs(
  names: readonly string[],
  { all = false, format, modulePath }: DocFlags,
  wrap: Wrap,
): Promise<number> {
  const { settings } = readSettings(process.env, process.cwd())
  const modules = await allModules(modulePath, ['.'], settings)
  const known = { modules: modules.map(entryOfModule), statements: statements.map(entryOfStatement) }
  const everything = [...known.modules, ...known.statements]
  const listed = !all && names.length === 0
  const entries = all || listed ? everything : named(names, modules)
  switch (format) {
    case 'json':
      process.stdout.write(`${JSON.stringify(listed ? entries.map(brief) : entries, null, 2)}\n`)
      return 0
    case 'markdown':
      process.stdout.write(
        listed
          ? [listMarkdown('Modules', known.modules), listMarkdown('Statements', known.statements)].join('\n')
          : entries.map(entryMarkdown).join('\n'),
      )
      return 0
    case 'text': {
      const columns = Math.min(process.stdout.columns ?? readable, readable)
      process.stdout.write(
        listed
          ? `${[listText('MODULES', known.modules), listText('STATEMENTS', known.statements)].join('\n')}\ndrover doc NAME explains one.\n`
          : entries.map((entry) => entryText(entry, columns, wrap)).join('\n'),
      )
      return 0
    }
  }
}

const brief = ({ kind, name, aliases, summary }: Entry) => ({ kind, name, aliases, summary })

function named(names: readonly string[], modules: readonly Module[]): readonly Entry[] {
  const findModule = moduleFinder(modules)
  const actions = new ActionNames(modules)
  const problems: Problem[] = []
  const entries = names.flatMap((name) => {
    const action = actions.resolve(name)
    const module = action?.kind === 'module' ? findModule(action.definition.name) : undefined
    if (module !== undefined) return [entryOfModule(module)]
    if (action?.kind === 'statement') return [entryOfStatement(action.definition)]
    const near = action === undefined ? actions.nearest(name) : undefined
    problems.push({
      message: `there is no module or statement "${name}"`,
      hint: near === undefined ? 'drover doc lists what there is' : `did you mean "${near}"?`,
    })
    return []
  })
  if (problems.length > 0) throw new ProblemsFound(problems)
  return entries
}
