import type { JsonObject } from '../../schema/infer.ts'
import { inheritedKeywords, delegationKeywords } from '../../schema/inherited.ts'
import { checkVariableNames, inherited, readKeywords } from './keywords.ts'
import type { MapNode } from './node.ts'
import { entryOf, located, mapNode, place } from './node.ts'
import type { Surroundings } from './surroundings.ts'
import type { Block, Located, Node, Task } from './tree.ts'

const none: readonly never[] = Object.freeze([])

/** What `apply` of an include may say. */
const applyKeywords = {
  ...inheritedKeywords,
  ...delegationKeywords,
  when: { shape: 'condition', description: 'A condition on each of its tasks.' },
} as const

/** An include with its `apply` read as the keywords of a block; it is then no argument any more. */
export function withApply(task: Task, args: MapNode, { reading }: Surroundings): Task {
  const entry = task.action.name.startsWith('include_') ? entryOf(args, 'apply') : undefined
  if (entry?.value.kind !== 'map') return task
  const values = readKeywords(entry.value, applyKeywords, 'apply', reading)
  checkVariableNames(values.nodeOf('vars'), reading)
  const apply: Block = Object.freeze({
    kind: 'block',
    name: undefined,
    at: place(entry.key),
    ...inherited(values),
    when: values.condition('when'),
    block: none,
    rescue: none,
    always: none,
    notify: none,
  })
  const others = args.entries.filter((each) => each !== entry)
  const rest = located(mapNode(args.source, others, args.start, args.end)) as Located<JsonObject>
  return Object.freeze({ ...task, apply, action: Object.freeze({ ...task.action, args: rest }) })
}

/** The tasks that an include brings in, with the keywords of its `apply` around them. */
export function applied({ apply }: Task, nodes: readonly Node[]): readonly Node[] {
  return apply === undefined || nodes.length === 0 ? nodes : Object.freeze([Object.freeze({ ...apply, block: nodes })])
}
