import { tasksIncluded } from './known.ts'
import { hasTemplate } from './templates.ts'
import type { Task } from './tree.ts'
import type { VisitedTask } from './visit.ts'

/** Names that tasks give to variables in the run: `set_fact` and `register`. `open` where there may be others. */
export function namesSet(tasks: readonly VisitedTask[]): {
  readonly names: ReadonlySet<string>
  readonly open: boolean
} {
  const names = new Set<string>()
  let open = false
  for (const { task } of tasks) {
    if (task.register !== undefined) names.add(task.register)
    for (const name of factNames(task)) names.add(name)
    open ||= mayDefineOthers(task)
  }
  return { names, open }
}

function factNames({ action }: Task): readonly string[] {
  return action.kind === 'statement' && action.name === 'set_fact' ? Object.keys(action.args.value) : []
}

function mayDefineOthers({ action }: Task): boolean {
  if (action.kind === 'module') return factModules.has(action.name)
  switch (action.name) {
    case 'include_vars':
      return true
    case 'include_tasks':
    case 'include_role':
      return tasksIncluded(action.args) === undefined
    case 'set_fact':
      return Object.keys(action.args.value).some(hasTemplate)
    default:
      return false
  }
}

/** Modules whose result holds facts that may have any name. */
const factModules = new Set(['setup', 'gather_facts'])
