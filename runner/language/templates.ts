import { compileExpression, compileTemplate, hasTemplate } from '../template/compile.ts'
import type { Template } from '../template/template.ts'
import { TemplateError } from '../template/template.ts'
import type { ScalarNode, YamlNode } from './node.ts'
import { entryOf, nodeOf } from './node.ts'
import type { Located } from './tree.ts'
import { offsetInScalar } from './offset.ts'
import { positionAt } from './position.ts'
import type { Position } from './source.ts'
import type { Reading } from './reading.ts'

/** Finds errors in the syntax of all templates in a value, at any depth. */
export function checkTemplates(node: YamlNode, reading: Reading): void {
  for (const scalar of scalars(node)) compileText(scalar, 'template', reading)
}

/** Finds errors in the syntax of expressions: a condition or a list of them. `{{ }}` around one is accepted. */
export function checkExpressions(node: YamlNode, reading: Reading): void {
  for (const scalar of scalars(node)) compileText(scalar, 'expression', reading)
}

/** The compiled text of a scalar; undefined where it holds no template or a wrong one, which is then a problem. */
export function compileText(node: ScalarNode, as: 'template' | 'expression', reading?: Reading): Template | undefined {
  const { value } = node
  if (typeof value !== 'string') return undefined
  const templated = hasTemplate(value)
  if (as === 'template' && !templated) return undefined
  try {
    return templated ? compileTemplate(value) : compileExpression(value)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const word = /^[\w.]+/.exec(value.slice(error.offset ?? value.length))?.[0].length
    reading?.add(error.message, placeInText(node, error.offset, word), error.hint)
    return undefined
  }
}

/** The place of a character of a scalar's text. */
export function placeInText(node: ScalarNode, offset: number | undefined, length = 1): Position {
  if (offset === undefined) return positionAt(node.source, node.start, node.end)
  const at = offsetInScalar(node, offset)
  return positionAt(node.source, at, at + length)
}

/**
 * The place of a character of a text inside a value, for errors in templates that show only in the run: `path` leads to the text,
 * `offset` is that of `TemplateError`.
 */
export function placeOfOffset(
  value: Located,
  path: readonly (string | number)[],
  offset: number | undefined,
): Position {
  let node = nodeOf(value)
  for (const step of path) {
    node =
      node?.kind === 'list'
        ? node.items[Number(step)]
        : node?.kind === 'map'
          ? entryOf(node, String(step))?.value
          : undefined
  }
  return node?.kind === 'scalar' && offset !== undefined ? placeInText(node, offset) : value.at(...path)
}

/** The texts in a value, keys left out. */
export function* scalars(node: YamlNode): Generator<ScalarNode> {
  switch (node.kind) {
    case 'scalar':
      yield node
      return
    case 'list':
      for (const item of node.items) yield* scalars(item)
      return
    case 'map':
      for (const { value } of node.entries) yield* scalars(value)
  }
}

export { hasTemplate }
