import type { JsonObject } from '../../schema/infer.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { schemaOfOptions } from './argument-spec.ts'
import { namesInFiles } from './known.ts'
import { globals } from '../template/globals.ts'
import type { ScalarNode, YamlNode } from './node.ts'
import { entryOf, nodeOf } from './node.ts'
import { namesSet } from './names-set.ts'
import type { Problem } from './source.ts'
import { compileText, placeInText, scalars } from './templates.ts'
import type { Located, Play, Playbook, Role, Task } from './tree.ts'
import type { VisitedTask } from './visit.ts'
import { layersOf, visitTasks } from './visit.ts'

/** Words of other languages that are taken for variables. */
const words: ReadonlyMap<string, string> = new Map([
  ['null', 'write none'],
  ['nil', 'write none'],
  ['yes', 'write true'],
  ['on', 'write true'],
  ['no', 'write false'],
  ['off', 'write false'],
])

/** Variables that the engine defines itself, beside all that begin with `ansible_`. */
const magic = [
  'environment',
  'group_names',
  'groups',
  'hostvars',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'omit',
  'play_hosts',
  'playbook_dir',
  'role_name',
  'role_names',
  'role_path',
  'vars',
]

/**
 * References to variables that no host of the play can have. `definedNames` gives the names that the inventory, the vars beside it
 * and the command line define for any host of a play. Nothing is said where it cannot be known: in tasks that run on a condition, or
 * whose failure is caught; for names that are expected to be undefined (`default`, `is defined`); once variables come from a file
 * whose name is known only in the run. A variable that is itself a template counts only where something refers to it.
 */
export function undefinedVariables(
  playbook: Playbook,
  definedNames: (play: Play) => ReadonlySet<string>,
): readonly Problem[] {
  const problems = new Map<string, Problem>()
  // What a play sets stays set in those after it.
  const set = new Set<string>(magic)
  let open = false
  for (const play of playbook.plays) {
    const roles: Role[] = []
    const tasks = [...visitTasks(play, (role) => roles.push(role))]
    const here = namesSet(tasks)
    const files = namesInFiles(play.varsFiles)
    for (const name of here.names) set.add(name)
    open ||= here.open
    if (open || files.open) continue
    const outside = definedNames(play)
    const names = new Set([
      ...set,
      ...outside,
      ...files.names,
      ...Object.keys(play.vars?.value ?? {}),
      ...play.varsPrompt.map(({ name }) => name),
      // What a role of the play sets is seen in all of it.
      ...roles
        .filter(({ isPublic }) => isPublic)
        .flatMap((role) => layersOf(role).flatMap(({ value }) => Object.keys(value))),
    ])
    for (const visited of tasks) checkTask(visited, { names, outside, problems, play })
  }
  return [...problems.values()]
}

interface Known {
  readonly names: ReadonlySet<string>
  readonly outside: ReadonlySet<string>
  readonly problems: Map<string, Problem>
  readonly play: Play
}

function checkTask(visited: VisitedTask, known: Known): void {
  const { task, vars } = visited
  if (visited.caught || visited.around !== 'always') return
  const own = [...vars, ...(task.vars === undefined ? [] : [task.vars])]
  const names = new Set([...known.names, ...own.flatMap((each) => Object.keys(each.value)), ...visited.names])
  const check = new Check({ ...known, names }, [...own, ...(known.play.vars === undefined ? [] : [known.play.vars])])
  const first = firstCondition(task)
  if (first !== undefined) check.text(first, 'expression')
  if (task.when !== undefined) return
  check.value(task.loop?.over, 'template')
  checkArguments(task, check)
  for (const each of [task.environment, task.delegateTo, task.becomeUser, task.retries, task.delay])
    check.value(each, 'template')
}

/** Of several conditions, those after the first are evaluated only where it holds. */
function firstCondition({ when }: Task): ScalarNode | undefined {
  const node = when === undefined ? undefined : nodeOf(when)
  const first = node?.kind === 'list' ? node.items[0] : node
  return first?.kind === 'scalar' ? first : undefined
}

function checkArguments({ action }: Task, check: Check): void {
  const node = nodeOf(action.args)
  if (node?.kind !== 'map') return
  if (action.kind === 'statement' && action.name === 'validate_argument_spec') {
    check.required(action)
    return
  }
  for (const { name, value } of node.entries) {
    // `debug: var=x` says that x is not defined, and goes on.
    if (action.kind === 'statement' && action.name === 'debug' && name === 'var') continue
    check.node(
      value,
      action.kind === 'statement' && action.name === 'assert' && name === 'that' ? 'expression' : 'template',
    )
  }
}

/** The check of one task's texts, and of the variables that they lead to. */
class Check {
  readonly #known: Known
  readonly #vars: readonly Located[]
  readonly #followed = new Set<string>()

  constructor(known: Known, vars: readonly Located[]) {
    this.#known = known
    this.#vars = vars
  }

  value(value: Located | undefined, as: 'template' | 'expression'): void {
    const node = value === undefined ? undefined : nodeOf(value)
    if (node !== undefined) this.node(node, as)
  }

  node(node: YamlNode, as: 'template' | 'expression'): void {
    for (const scalar of scalars(node)) this.text(scalar, as)
  }

  text(node: ScalarNode, as: 'template' | 'expression'): void {
    for (const { name, guarded, offset } of compileText(node, as)?.references ?? []) {
      if (guarded || name.startsWith('ansible_')) continue
      if (this.#known.names.has(name)) this.#follow(name)
      else this.#problem(node, name, offset)
    }
  }

  /** Variables that a specification asks for. */
  required({ args, at }: Task['action']): void {
    const { argument_spec: spec, validate_args_context: context, provided_arguments: provided } = args.value
    const role = (context as JsonObject | undefined)?.['name']
    if (provided !== undefined || typeof spec !== 'object' || spec === null || Array.isArray(spec)) return
    for (const name of schemaOfOptions(spec as JsonObject).required ?? []) {
      if (this.#known.names.has(name)) continue
      const of = typeof role === 'string' ? `role "${role}"` : 'this task'
      this.#known.problems.set(`${at.source.path}:${at.line}:${at.column}:${name}`, {
        message: `${of} needs the variable "${name}"`,
        at,
        hint: didYouMean(name, this.#known.names),
      })
    }
  }

  #follow(name: string): void {
    if (this.#followed.has(name) || this.#known.outside.has(name)) return
    this.#followed.add(name)
    for (const vars of this.#vars) {
      const node = nodeOf(vars)
      const entry = node?.kind === 'map' ? entryOf(node, name) : undefined
      if (entry !== undefined) {
        this.node(entry.value, 'template')
        return
      }
    }
  }

  #problem(node: ScalarNode, name: string, offset: number): void {
    const at = placeInText(node, offset, name.length)
    const hint = words.get(name) ?? didYouMean(name, [...this.#known.names, ...globals.keys()])
    this.#known.problems.set(`${at.source.path}:${at.line}:${at.column}`, {
      message: `undefined variable "${name}"`,
      at,
      hint,
    })
  }
}
