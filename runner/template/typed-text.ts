import { parseExpression } from './parse/parse.ts'
import type { Expression } from './parse/tree.ts'
import { TemplateError } from './template.ts'
import { withinBounds } from './within-bounds.ts'

/** Filters whose text stays text: STRING_TYPE_FILTERS in Ansible's "Configuration Settings". */
const textFilters = /\|\s*(?:string|to_json|to_nice_json|to_yaml|to_nice_yaml|ppretty|json)\b/

/** Names that stand for values in JSON and Python; Jinja2's own are constants already. */
const names: ReadonlyMap<string, unknown> = new Map([['null', null]])

const noLiteral = Symbol('no literal')

/** The value that a rendered text stands for where it is a list or a mapping written out, True or False, as in Ansible; otherwise the text itself. */
export function typedText(text: string, source: string): unknown {
  const couldBe = text.startsWith('[') || text.startsWith('{') || text === 'True' || text === 'False'
  if (!couldBe || textFilters.test(source)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Python writes some things in another way.
  }
  try {
    const value = withinBounds(() => literalValue(parseExpression(text)))
    return value === noLiteral ? text : value
  } catch (error) {
    if (error instanceof TemplateError) return text
    throw error
  }
}

/** What an expression of literals alone stands for. */
function literalValue(expression: Expression): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name':
      return names.has(expression.name) ? names.get(expression.name) : noLiteral
    case 'unary': {
      const value = literalValue(expression.operand)
      return typeof value !== 'number' ? noLiteral : expression.operator === '-' ? -value : value
    }
    case 'list':
    case 'tuple': {
      const items = expression.items.map(literalValue)
      return items.includes(noLiteral) ? noLiteral : items
    }
    case 'dict': {
      const pairs = expression.pairs.map(([key, value]) => [literalValue(key), literalValue(value)] as const)
      return pairs.some((pair) => pair.includes(noLiteral))
        ? noLiteral
        : Object.fromEntries(pairs.map(([key, value]) => [String(key), value]))
    }
    default:
      return noLiteral
  }
}
