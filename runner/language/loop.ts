import { loopControlKeywords, withLookups } from '../../schema/task.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { readKeywords } from './keywords.ts'
import type { KeywordValues } from './keywords.ts'
import { located, place, placeOfValue } from './node.ts'
import type { Entry } from './node.ts'
import type { Reading } from './reading.ts'
import { checkTemplates, hasTemplate } from './templates.ts'
import { isLookup } from '../template/find.ts'
import { isVariableName, variableNameHint } from './variable-name.ts'
import type { Loop } from './tree.ts'

/** The loop of a task, from `loop` or a `with_*`; undefined where it has none. */
export function readLoop(values: KeywordValues, reading: Reading): Loop | undefined {
  const all = values.node.entries.filter(({ name }) => name === 'loop' || name.startsWith('with_'))
  const [first, second] = all
  const control = readControl(values, reading)
  if (first === undefined) {
    const beside = values.entry('loop_control')
    if (beside !== undefined) reading.add('"loop_control" has no loop beside it', place(beside.key))
    return undefined
  }
  if (second !== undefined)
    reading.add(`a task has one loop, but "${first.name}" and "${second.name}" are both given`, place(second.key))
  const lookup = lookupOf(first, reading)
  if (lookup === undefined) return undefined
  checkOver(first, reading)
  return Object.freeze({ lookup, over: located(first.value), control })
}

function lookupOf(entry: Entry, reading: Reading): Loop['lookup'] | undefined {
  if (entry.name === 'loop') return 'loop'
  const name = entry.name.slice('with_'.length)
  if (name === 'cartesian') return 'nested'
  if (isLookup(name)) return name
  const known = Object.hasOwn(withLookups, name)
  const hint = known
    ? 'a loop over a lookup or filter does the same'
    : didYouMean(
        entry.name,
        Object.keys(withLookups).map((lookup) => `with_${lookup}`),
      )
  reading.add(known ? `"${entry.name}" is not supported yet` : `unknown loop "${entry.name}"`, place(entry.key), hint)
  return undefined
}

function checkOver(entry: Entry, reading: Reading): void {
  const { value } = entry.value
  if (entry.name !== 'loop') checkTemplates(entry.value, reading)
  const text = typeof value === 'string' && !hasTemplate(value)
  if (value === null)
    reading.add(
      `"${entry.name}" is empty`,
      place(entry.key),
      entry.name === 'with_dict' ? 'give it a mapping' : 'give it a list',
    )
  else if (
    entry.name === 'loop' &&
    (text || typeof value === 'number' || typeof value === 'boolean' || entry.value.kind === 'map')
  ) {
    const bare = typeof value === 'string' && isVariableName(value)
    const mapping = entry.value.kind === 'map' ? 'with_dict loops over a mapping' : undefined
    reading.add(
      '"loop" must be a list',
      placeOfValue(entry),
      bare ? `write "{{ ${value} }}" for what the variable holds` : mapping,
    )
  }
}

const unlooped = Object.freeze({ loopVar: 'item', indexVar: undefined, label: undefined, pause: undefined })

function readControl(values: KeywordValues, reading: Reading): Loop['control'] {
  const node = values.nodeOf('loop_control')
  if (node?.kind !== 'map') return unlooped
  const control = readKeywords(node, loopControlKeywords, 'loop_control', reading)
  return Object.freeze({
    loopVar: variable(control, 'loop_var', reading) ?? 'item',
    indexVar: variable(control, 'index_var', reading),
    label: control.value('label'),
    pause: control.value('pause'),
    extended: control.value('extended'),
    extendedAllItems: control.value('extended_allitems'),
    breakWhen: control.condition('break_when'),
  })
}

/** The name of a variable that a keyword gives. */
export function variable(values: KeywordValues, keyword: string, reading: Reading): string | undefined {
  const entry = values.entry(keyword)
  const name = values.text(keyword)
  if (entry === undefined || name === undefined) return undefined
  if (isVariableName(name)) return name
  const message = `"${keyword}" must be the name of a variable, not ${JSON.stringify(name)}`
  reading.add(message, placeOfValue(entry), variableNameHint(name))
  return undefined
}
