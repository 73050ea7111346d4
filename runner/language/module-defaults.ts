import { checkArguments } from '../../schema/arguments.ts'
import { kindOf } from '../../schema/validate.ts'
import type { Entry, YamlNode } from './node.ts'
import { place, placeIn } from './node.ts'
import type { Reading } from './reading.ts'
import { hasTemplate } from './templates.ts'

/** Finds what is wrong in `module_defaults` by itself: modules and arguments that do not exist, values of a wrong type. */
export function checkModuleDefaults(node: YamlNode, reading: Reading): void {
  if (node.kind === 'list') for (const item of node.items) checkModuleDefaults(item, reading)
  if (node.kind === 'map') for (const entry of node.entries) checkDefaults(entry, reading)
}

function checkDefaults({ name, key, value }: Entry, reading: Reading): void {
  const isText = typeof value.value === 'string' && hasTemplate(value.value)
  if (value.kind !== 'map' && value.value !== null && !isText) {
    reading.add(
      `the defaults of "${name}" must be a mapping, not ${kindOf(value.value)}`,
      place(key),
      'write "argument: value"',
    )
    return
  }
  // A group may name modules that do not exist here, and so may a collection.
  if (name.startsWith('group/')) return
  const found = reading.actions.resolve(name)
  if (found === undefined) {
    const near = name.includes('.') ? undefined : reading.actions.nearest(name)
    if (near !== undefined)
      reading.add(`unknown module "${name}" in module_defaults`, place(key), `did you mean "${near}"?`)
    return
  }
  if (found.kind === 'later' || value.kind !== 'map') return
  const checked = checkArguments(found.definition.args, value.value, { templated: hasTemplate })
  for (const { path, message, key: ofName, hint } of checked.ok ? [] : checked.faults)
    // What is missing, the tasks give.
    if (path.length > 0) reading.add(`${name}: ${message}`, placeIn(value, path, ofName === true), hint)
}
