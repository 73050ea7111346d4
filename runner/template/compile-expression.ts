import { attribute, isItemOnly, item, plainItem, type Place } from './access.ts'
import { arePositional, call, compileMethodCall, compileRun } from './compile-call.ts'
import { escaped, isMarkup } from './compile-markup.ts'
import { checkLookup, findFilter, findTest } from './find.ts'
import { applyFilter, type Frame, placed } from './frame.ts'
import { binary, unary } from './operators.ts'
import type { CallArguments, CompareOperator, Expression } from './parse/tree.ts'
import { invoke, type Routine } from './routine.ts'
import { compare, contains, equal, truthy } from './values/compare.ts'
import { entriesOf, mapKey } from './values/mapping.ts'
import { str, typeName } from './values/python-text.ts'
import { iterate, slice } from './values/sequence.ts'
import { defined, fail, isMapping, noArguments, type Arguments, tuple, Nothing } from './values/types.ts'

export type Evaluate = (frame: Frame) => unknown

/** Makes an expression into a function that gives its value; what is not there is an `Undefined`. */
export function compileNode(node: Expression): Evaluate {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'name':
      return (frame) => frame.variable(node.name, node.offset)
    case 'list': {
      const items = node.items.map(compileNode)
      return (frame) => items.map((evaluate) => evaluate(frame))
    }
    case 'tuple': {
      const items = node.items.map(compileNode)
      return (frame) => tuple(...items.map((evaluate) => evaluate(frame)))
    }
    case 'dict': {
      const pairs = node.pairs.map(([key, value]) => [compileNode(key), compileNode(value)] as const)
      return (frame) => new Map(pairs.map(([key, value]) => [mapKey(defined(key(frame))), value(frame)]))
    }
    case 'concat': {
      const items = node.items.map(compileNode)
      return (frame) => items.map((evaluate) => str(evaluate(frame))).join('')
    }
    case 'attribute': {
      const target = compileNode(node.target)
      const place = placeOf(node)
      const { name } = node
      if (!isItemOnly(name)) return (frame) => attribute(frame, target(frame), name, place)
      return (frame) => {
        const value = target(frame)
        const found = plainItem(value, name)
        return found === undefined ? attribute(frame, value, name, place) : found
      }
    }
    case 'item': {
      const target = compileNode(node.target)
      const key = compileNode(node.key)
      const place = placeOf(node)
      return (frame) => item(frame, target(frame), key(frame), place)
    }
    case 'slice': {
      const target = compileNode(node.target)
      const [start, stop, step] = [node.start, node.stop, node.step].map((part) =>
        part ? compileNode(part) : () => null,
      )
      return at(node.offset, (frame) => slice(target(frame), start?.(frame), stop?.(frame), step?.(frame)))
    }
    case 'call': {
      const [first] = node.args.positional
      if (isLookup(node.target) && first?.kind === 'literal' && typeof first.value === 'string')
        checkLookup(first.value, first.offset)
      const args = compileArguments(node.args)
      if (node.target.kind === 'attribute') {
        const owner = compileNode(node.target.target)
        return at(node.offset, compileMethodCall(node.target.name, placeOf(node.target), owner, args))
      }
      const target = compileNode(node.target)
      return at(node.offset, (frame) => call(target(frame), args(frame)))
    }
    case 'filter': {
      const target = node.target ? compileNode(node.target) : (frame: Frame) => frame.variable(filterInput)
      const args = compileArguments(node.args)
      const { name } = node
      const safe = isMarkup(node.target)
      if (safe && (name === 'escape' || name === 'e')) return target
      const filter = findFilter(name, node.offset)
      if (safe && name === 'format')
        return at(node.offset, (frame) =>
          applyFilter(frame, name, filter, target(frame), escapedArguments(args(frame))),
        )
      if (needNoBinding(filter, node.args)) {
        const values = node.args.positional.map(compileNode)
        return at(node.offset, compileRun(filter, filter.takesUndefined === true, target, values))
      }
      return at(node.offset, (frame) => applyFilter(frame, name, filter, target(frame), args(frame)))
    }
    case 'test': {
      const target = compileNode(node.target)
      const args = compileArguments(node.args)
      const test = findTest(node.name, node.offset)
      if (node.name === 'escaped') return (frame) => (defined(target(frame)), isMarkup(node.target))
      if (needNoBinding(test, node.args)) {
        const result = compileRun(test, true, target, node.args.positional.map(compileNode))
        return at(node.offset, (frame) => truthy(result(frame)))
      }
      return at(node.offset, (frame) => truthy(invoke(node.name, test, frame, target(frame), args(frame))))
    }
    case 'unary': {
      const operand = compileNode(node.operand)
      return at(node.offset, (frame) => unary(node.operator, operand(frame)))
    }
    case 'not': {
      const operand = compileNode(node.operand)
      return (frame) => !truthy(operand(frame))
    }
    case 'binary': {
      const left = compileAdded(node.left, node.operator === '+' && isMarkup(node.right))
      const right = compileAdded(node.right, (node.operator === '+' || node.operator === '%') && isMarkup(node.left))
      return at(node.offset, (frame) => binary(node.operator, left(frame), right(frame)))
    }
    case 'logic': {
      const left = compileNode(node.left)
      const right = compileNode(node.right)
      const stopsAt = node.operator === 'or'
      return (frame) => {
        const value = left(frame)
        return truthy(value) === stopsAt ? value : right(frame)
      }
    }
    case 'compare':
      return compileCompare(compileNode(node.first), node.rest, node.offset)
    case 'if': {
      const condition = compileNode(node.condition)
      const then = compileNode(node.whenTrue)
      const otherwise = node.whenFalse ? compileNode(node.whenFalse) : missingElse(node.offset)
      return (frame) => (truthy(condition(frame)) ? then(frame) : otherwise(frame))
    }
  }
}

/** The name under which a filter block or block `set` binds its text for the filter: no variable can be called so. */
export const filterInput = '|'

/** A side of an operator; what is added to safe text is escaped, unless it is safe itself. */
function compileAdded(node: Expression, toMarkup: boolean): Evaluate {
  const value = compileNode(node)
  return toMarkup && !isMarkup(node) ? (frame) => escaped(value(frame)) : value
}

function escapedArguments({ positional, keywords }: Arguments): Arguments {
  return {
    positional: positional.map(escaped),
    keywords: new Map([...keywords].map(([name, value]) => [name, escaped(value)])),
  }
}

function missingElse(offset: number): Evaluate {
  return () => new Nothing('the inline if-expression evaluated to false and no else section was defined', offset)
}

function at(offset: number, evaluate: Evaluate): Evaluate {
  return (frame) => {
    try {
      return evaluate(frame)
    } catch (error) {
      throw placed(error, offset)
    }
  }
}

function compileCompare(
  first: Evaluate,
  rest: readonly (readonly [CompareOperator, Expression])[],
  offset: number,
): Evaluate {
  const steps = rest.map(([operator, operand]) => [operator, compileNode(operand)] as const)
  return at(offset, (frame) => {
    let left = first(frame)
    for (const [operator, operand] of steps) {
      const right = operand(frame)
      if (!holds(operator, left, right)) return false
      left = right
    }
    return true
  })
}

/** Whether `left operator right` holds in Python. */
function holds(operator: CompareOperator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return equal(left, right)
    case '!=':
      return !equal(left, right)
    case '<':
      return compare(left, right, operator) < 0
    case '<=':
      return compare(left, right, operator) <= 0
    case '>':
      return compare(left, right, operator) > 0
    case '>=':
      return compare(left, right, operator) >= 0
    case 'in':
      return contains(right, left)
    case 'not in':
      return !contains(right, left)
  }
}

const isLookup = (node: Expression): boolean => node.kind === 'name' && ['lookup', 'query', 'q'].includes(node.name)

const needNoBinding = (routine: Routine, args: CallArguments): boolean =>
  arePositional(args) && routine.takes(args.positional.length)

export function compileArguments(args: CallArguments): (frame: Frame) => Arguments {
  const { positional, keywords, spread, spreadKeywords } = args
  const values = positional.map(compileNode)
  if (arePositional(args)) {
    if (values.length === 0) return () => noArguments
    return (frame) => ({ positional: values.map((evaluate) => evaluate(frame)), keywords: noArguments.keywords })
  }
  const named = keywords.map(([name, value]) => [name, compileNode(value)] as const)
  const more = spread && compileNode(spread)
  const moreNamed = spreadKeywords && compileNode(spreadKeywords)
  return (frame) => {
    const given = values.map((evaluate) => evaluate(frame))
    if (more) given.push(...iterate(more(frame)))
    const options = new Map(named.map(([name, evaluate]) => [name, evaluate(frame)]))
    const extra = moreNamed?.(frame)
    if (isMapping(extra)) for (const [name, value] of entriesOf(extra)) options.set(str(name), value)
    else if (extra !== undefined && extra !== null) fail(`argument after ** must be a mapping, not ${typeName(extra)}`)
    return { positional: given, keywords: options }
  }
}

function placeOf(node: Expression): Place {
  return { path: pathOf(node), offset: node.offset }
}

/** The path as a user would write it, where it is made of names and constants; else empty. */
function pathOf(node: Expression): string {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'attribute' && node.kind !== 'item') return ''
  const target = pathOf(node.target)
  if (target === '') return ''
  if (node.kind === 'attribute') return `${target}.${node.name}`
  if (node.key.kind !== 'literal') return ''
  const { value } = node.key
  return typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value)
    ? `${target}.${value}`
    : `${target}[${typeof value === 'string' ? `'${value}'` : str(value)}]`
}
