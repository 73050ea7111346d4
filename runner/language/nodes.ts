import { blockKeywords } from '../../schema/block.ts'
import { kindOf } from '../../schema/validate.ts'
import { noteNotified } from './handlers.ts'
import type { KeywordValues } from './keywords.ts'
import { checkVariableNames, inherited, readKeywords } from './keywords.ts'
import type { MapNode, YamlNode } from './node.ts'
import { entryOf, place } from './node.ts'
import type { Surroundings } from './surroundings.ts'
import { readTask, withDefaults } from './task.ts'
import type { Block, Node } from './tree.ts'

/** Reads a list of tasks and blocks. */
export function readNodes(list: YamlNode, around: Surroundings): readonly Node[] {
  if (list.value === null) return none
  if (list.kind !== 'list') {
    const hint = list.kind === 'map' ? 'begin each task with "- "' : undefined
    around.reading.add(`a list of tasks is expected here, not ${kindOf(list.value)}`, place(list), hint)
    return none
  }
  return Object.freeze(list.items.flatMap((item) => readNode(item, around) ?? []))
}
const none: readonly Node[] = Object.freeze([])

function readNode(item: YamlNode, around: Surroundings): Node | undefined {
  const { reading } = around
  if (item.kind !== 'map') {
    if (item.value !== null)
      reading.add(
        `a task is expected here, not ${kindOf(item.value)}`,
        place(item),
        'a task is a mapping: "- name: …" and a module below it',
      )
    else reading.add('this task is empty', place(item))
    return undefined
  }
  if (entryOf(item, 'block') !== undefined) return readBlock(item, around)
  const part = entryOf(item, 'rescue') ?? entryOf(item, 'always')
  if (part !== undefined) {
    reading.add(`"${part.name}" has no "block" beside it`, place(part.key), 'put what may fail below "block:"')
    return undefined
  }
  const play = entryOf(item, 'hosts') ?? entryOf(item, 'import_playbook')
  const isTask = item.entries.some(({ name }) => reading.actions.resolve(name) !== undefined)
  if (play !== undefined && !isTask) {
    reading.add(
      play.name === 'hosts'
        ? 'this is a play, but tasks are expected here'
        : '"import_playbook" stands beside plays, not among tasks',
      place(play.key),
      around.files.length > 1 ? 'a file of tasks is a list of tasks' : undefined,
    )
    return undefined
  }
  return readTask(item, around)
}

function readBlock(item: MapNode, around: Surroundings): Block {
  const values = readKeywords(item, blockKeywords, 'a block', around.reading)
  checkVariableNames(values.nodeOf('vars'), around.reading)
  noteNotified(values.nodeOf('notify'), around)
  const block = entryOf(item, 'block')
  if (block?.value.value === null) around.reading.add('"block" is empty', place(block.key), 'give it a list of tasks')
  const inside = withDefaults(values, around)
  return Object.freeze({
    kind: 'block',
    name: values.text('name'),
    at: place(item),
    ...inherited(values),
    when: values.condition('when'),
    block: part(values, 'block', inside),
    rescue: part(values, 'rescue', inside),
    always: part(values, 'always', inside),
    notify: values.texts('notify', false),
  })
}

/** The tasks of one keyword, none where it is not given. */
export function part(values: KeywordValues, name: string, around: Surroundings): readonly Node[] {
  const node = values.nodeOf(name)
  return node === undefined ? none : readNodes(node, around)
}
