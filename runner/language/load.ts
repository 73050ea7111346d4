import { dirname, resolve } from 'node:path'
import { importPlaybookKeywords } from '../../schema/play.ts'
import { kindOf } from '../../schema/validate.ts'
import { inherited, readKeywords } from './keywords.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { entryOf, place } from './node.ts'
import { readNodes } from './nodes.ts'
import { readPlay, withVars } from './play.ts'
import type { LoadOptions } from './reading.ts'
import { Reading } from './reading.ts'
import type { Position, Problem, SourceFile } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import { noNotices } from './surroundings.ts'
import { hasTemplate } from './templates.ts'
import type { Block, Condition, Node, Play, Playbook } from './tree.ts'
import { readRole, type RoleRequest } from './role.ts'

export type { LoadOptions } from './reading.ts'

/** What a playbook says, or all that is wrong with it and with the files it names. */
export interface Loaded<T> {
  /** Undefined where there are problems. */
  readonly playbook?: T
  /** Where there are problems: what could be read nevertheless, for finding more of them. Not to be run. */
  readonly readable?: T
  /** Beside `readable`: names that the files mention as a key or register, and so may be defined in what could not be read. */
  readonly mentioned?: ReadonlySet<string>
  readonly problems: readonly Problem[]
}

/** Reads a playbook and everything that it imports, touching no host. Never throws for what a user wrote. */
export function loadPlaybook(path: string, options: LoadOptions): Loaded<Playbook> {
  const reading = new Reading(options)
  const absolute = resolve(path)
  const root = reading.file(absolute, undefined)
  const source: SourceFile = root?.source ?? { name: reading.nameOf(absolute), path: absolute, text: '' }
  const plays = root === undefined ? [] : readPlays(root, [absolute], reading)
  if ((root?.value ?? null) === null && reading.problems.length === 0)
    reading.add('this playbook holds no plays', { source, line: 1, column: 1, length: 1 })
  const { problems } = reading
  const readable = Object.freeze({ source, plays: Object.freeze(plays) })
  return problems.length > 0 ? { problems, readable, mentioned: reading.mentioned } : { playbook: readable, problems }
}

/**
 * Reads a file of tasks for `include_tasks`, when the run reaches it. Handlers that it notifies are the engine's to look up, and
 * arguments that are missing are found when a task runs, since `module_defaults` may give them. `from` is where the file is named.
 */
export function loadTasks(
  path: string,
  options: LoadOptions & {
    readonly from?: Position
    readonly section?: 'tasks' | 'handlers'
    readonly playbookDirectory?: string
    /** The roles around the include, the innermost last. */
    readonly roles?: Surroundings['roles']
  },
): {
  readonly tasks?: readonly Node[]
  readonly problems: readonly Problem[]
} {
  const reading = new Reading(options)
  const absolute = resolve(path)
  const root = reading.file(absolute, options.from)
  const directory = options.playbookDirectory ?? dirname(absolute)
  const around = {
    reading,
    inRun: true,
    section: options.section ?? 'tasks',
    notices: noNotices(),
    defaults: [],
    files: [absolute],
    directory,
    roles: options.roles ?? [],
    readNodes,
  } as const
  const tasks = root === undefined ? Object.freeze([]) : readNodes(root, around)
  const { problems } = reading
  return problems.length > 0 ? { problems } : { tasks, problems }
}

/**
 * Reads a role for `include_role`, when the run reaches it, as `loadTasks` reads a file. `beside` is the directory of the role that
 * includes it.
 */
export function loadRole(
  request: RoleRequest,
  options: LoadOptions & { readonly playbookDirectory: string; readonly beside?: string | undefined },
): { readonly role?: Block; readonly problems: readonly Problem[] } {
  const { beside, rolesPath = [] } = options
  const reading = new Reading({
    ...options,
    rolesPath: beside === undefined ? rolesPath : [...rolesPath, dirname(beside)],
  })
  const around: Surroundings = {
    reading,
    inRun: true,
    section: 'tasks',
    notices: noNotices(),
    defaults: [],
    files: [],
    directory: options.playbookDirectory,
    roles: [],
    readNodes,
  }
  const role = readRole(request, around)
  const { problems } = reading
  return role === undefined || problems.length > 0 ? { problems } : { role, problems }
}

function readPlays(root: YamlNode, files: readonly string[], reading: Reading): readonly Play[] {
  if (root.value === null) return []
  if (root.kind !== 'list') {
    const hint = root.kind === 'map' ? 'begin each play with "- "' : 'it begins with "- hosts: …"'
    reading.add(`a playbook must be a list of plays, not ${kindOf(root.value)}`, place(root), hint)
    return []
  }
  return root.items.flatMap((item) => readItem(item, files, reading))
}

function readItem(item: YamlNode, files: readonly string[], reading: Reading): readonly Play[] {
  if (item.kind !== 'map') {
    reading.add(`a play is expected here, not ${kindOf(item.value)}`, place(item), 'a play is a mapping: "- hosts: …"')
    return []
  }
  const imports =
    entryOf(item, 'import_playbook') ?? item.entries.find(({ name }) => name === 'ansible.builtin.import_playbook')
  if (imports !== undefined) return importPlays(item, imports, files, reading)
  const task =
    entryOf(item, 'hosts') === undefined
      ? item.entries.find(({ name }) => reading.actions.resolve(name) !== undefined)
      : undefined
  if (task !== undefined) {
    reading.add(
      `"${task.name}" is a task, but plays are expected here`,
      place(task.key),
      'put it below "tasks:" of a play that begins with "- hosts: …"',
    )
    return []
  }
  const play = readPlay(item, reading)
  return play === undefined ? [] : [play]
}

function importPlays(item: MapNode, entry: Entry, files: readonly string[], reading: Reading): readonly Play[] {
  const values = readKeywords(
    item,
    { ...importPlaybookKeywords, [entry.name]: importPlaybookKeywords.import_playbook },
    'an import of a playbook',
    reading,
  )
  const name = entry.value.value
  const at = place(entry.value)
  if (name === null || name === '') reading.add('"import_playbook" names no file', place(entry.key))
  if (typeof name !== 'string' || name === '') return []
  if (hasTemplate(name)) {
    reading.add('"import_playbook" must name a file that is known before the run', at)
    return []
  }
  const path = resolve(dirname(files.at(-1) ?? ''), name)
  if (files.includes(path)) {
    reading.add(`${reading.nameOf(path)} imports itself`, at)
    return []
  }
  const root = reading.file(path, at)
  const plays = root === undefined ? [] : readPlays(root, [...files, path], reading)
  const { tags, vars } = inherited(values)
  return plays.map((play) => withTags(withCondition(withVars(play, vars), values.condition('when'), place(item)), tags))
}

const withTags = (play: Play, tags: readonly string[]): Play =>
  tags.length === 0 ? play : Object.freeze({ ...play, tags: Object.freeze([...tags, ...play.tags]) })

/** A condition on an import holds for each task of its plays. */
function withCondition(play: Play, when: Condition | undefined, at: Position): Play {
  if (when === undefined) return play
  const wrap = (block: readonly Node[]): readonly Node[] =>
    block.length === 0 ? block : Object.freeze([Object.freeze({ ...bare, at, when, block })])
  return Object.freeze({
    ...play,
    preTasks: wrap(play.preTasks),
    roles: wrap(play.roles),
    tasks: wrap(play.tasks),
    postTasks: wrap(play.postTasks),
  })
}
const none = Object.freeze([])
const bare: Omit<Block, 'at' | 'when' | 'block'> = {
  kind: 'block',
  name: undefined,
  tags: none,
  rescue: none,
  always: none,
  notify: none,
}
