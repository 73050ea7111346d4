import { kindOf } from '../../schema/validate.ts'
import type { MapNode } from './node.ts'
import { place } from './node.ts'
import type { Reading } from './reading.ts'
import type { Position } from './source.ts'
import { checkTemplates } from './templates.ts'

/** Reads a file of variables: a mapping, or nothing. Undefined where it holds none. */
export function readVariables(path: string, reading: Reading, named?: Position): MapNode | undefined {
  const root = reading.file(path, named)
  if (root === undefined || root.value === null) return undefined
  if (root.kind !== 'map') {
    reading.add(`a file of variables must be a mapping, not ${kindOf(root.value)}`, place(root), 'write "name: value"')
    return undefined
  }
  checkTemplates(root, reading)
  return root
}
