import { dirname, resolve } from 'node:path'
import type { JsonObject } from '../../schema/infer.ts'
import { didYouMean, nearest } from '../../schema/nearest.ts'
import { playKeywords } from '../../schema/play.ts'
import { checkNotified } from './handlers.ts'
import { noteVariableFiles } from './known.ts'
import type { KeywordValues } from './keywords.ts'
import { checkVariableNames, inherited, readKeywords } from './keywords.ts'
import type { MapNode, YamlNode } from './node.ts'
import { entryOf, place, placeOfValue } from './node.ts'
import { part, readNodes } from './nodes.ts'
import { readPrompts } from './prompts.ts'
import { readRole } from './role.ts'
import { readRoles } from './roles.ts'
import { readVariables } from './variables-file.ts'
import type { Reading } from './reading.ts'
import { noNotices } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'
import { hasTemplate } from './templates.ts'
import type { Located, Play } from './tree.ts'

/** Reads a play. Undefined where it names no hosts. */
export function readPlay(node: MapNode, reading: Reading): Play | undefined {
  const values = readKeywords(node, playKeywords, 'a play', reading)
  checkVariableNames(values.nodeOf('vars'), reading)
  const hosts = readHosts(values, reading)
  const varsFiles = checkVarsFiles(values, reading)
  checkChoice(values, 'strategy', ['linear', 'free', 'host_pinned', 'debug'], reading)
  checkChoice(values, 'order', ['inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle'], reading)
  const { path } = node.source
  const notices = noNotices()
  const around: Surroundings = {
    reading,
    section: 'tasks',
    notices,
    defaults: values.mappings('module_defaults'),
    files: [path],
    directory: dirname(path),
    roles: [],
    readNodes,
  }
  const roles = readRoles(values.nodeOf('roles'), around, readRole)
  const handlers = part(values, 'handlers', { ...around, section: 'handlers' })
  const [preTasks, tasks, postTasks] = [
    part(values, 'pre_tasks', around),
    part(values, 'tasks', around),
    part(values, 'post_tasks', around),
  ]
  checkNotified(node, notices, reading)
  if (hosts === undefined) return undefined
  const shared = inherited(values)
  return Object.freeze({
    kind: 'play',
    name: values.text('name'),
    at: place(node),
    ...shared,
    remoteUser: shared.remoteUser ?? values.value('user'),
    hosts,
    gatherFacts: values.value('gather_facts'),
    gatherSubset: values.value('gather_subset'),
    gatherTimeout: values.value('gather_timeout'),
    factPath: values.value('fact_path'),
    varsPrompt: readPrompts(values.nodeOf('vars_prompt'), reading),
    varsFiles,
    serial: values.value('serial'),
    strategy: values.value('strategy'),
    order: values.value('order'),
    maxFailPercentage: values.value('max_fail_percentage'),
    forceHandlers: values.value('force_handlers'),
    preTasks,
    roles,
    tasks,
    postTasks,
    handlers,
  })
}

function readHosts(values: KeywordValues, reading: Reading): Located | undefined {
  const entry = entryOf(values.node, 'hosts')
  if (entry === undefined) {
    const meant = values.node.entries.some(({ name }) => nearest(name, ['hosts', 'import_playbook']) !== undefined)
    if (!meant) reading.add('this play has no "hosts"', place(values.node), 'name a host or group, or "all"')
    return undefined
  }
  if (values.texts('hosts', true).length === 0 && values.entry('hosts') !== undefined) {
    reading.add('"hosts" is empty', placeOfValue(entry), 'name a host or group, or "all"')
    return undefined
  }
  return values.value('hosts')
}

function checkChoice(values: KeywordValues, name: string, choices: readonly string[], reading: Reading): void {
  const entry = values.entry(name)
  const text = values.text(name)?.replace(/^ansible\.builtin\./, '')
  if (entry === undefined || text === undefined || hasTemplate(text) || choices.includes(text)) return
  const message = `"${name}" must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}`
  reading.add(message, placeOfValue(entry), didYouMean(text, choices))
}

/** Files of variables whose names are known must be there and be readable; of a nested list, one of them. */
function checkVarsFiles(values: KeywordValues, reading: Reading): Located | undefined {
  const node = values.nodeOf('vars_files')
  const value = values.value('vars_files')
  if (node === undefined || value === undefined) return undefined
  const names = new Set<string>()
  let open = false
  for (const item of node.kind === 'list' ? node.items : [node]) {
    const file = variablesFile(item, reading)
    if (file === 'open') open = true
    for (const entry of file === 'open' ? [] : (file?.entries ?? [])) names.add(entry.name)
  }
  noteVariableFiles(value, { names, open })
  return value
}

function variablesFile(item: YamlNode, reading: Reading): MapNode | 'open' | undefined {
  const choices = (item.kind === 'list' ? item.items : [item]).map(({ value }) =>
    typeof value === 'string' ? value : '',
  )
  if (choices.some(hasTemplate)) return 'open'
  const paths = choices.map((name) => resolve(dirname(item.source.path), name))
  const path = paths.length === 1 ? paths[0] : paths.find((each) => reading.exists(each))
  if (path !== undefined) return readVariables(path, reading, place(item))
  reading.add('none of these files exists', place(item))
  return undefined
}

/** The play with variables that override its own. */
export function withVars(play: Play, vars: Located<JsonObject> | undefined): Play {
  if (vars === undefined) return play
  const own = play.vars
  const merged: Located<JsonObject> = Object.freeze({
    value: Object.freeze({ ...own?.value, ...vars.value }),
    at: (...path: readonly (string | number)[]) =>
      own !== undefined && path[0] !== undefined && !Object.hasOwn(vars.value, String(path[0]))
        ? own.at(...path)
        : vars.at(...path),
  })
  return Object.freeze({ ...play, vars: merged })
}
