import { globals } from './globals.ts'
import { changingMethods } from './methods/all.ts'
import type { Body, CallArguments, Expression, Parameter, Statement, Target } from './parse/tree.ts'
import type { Reference } from './template.ts'

/** What is known at one place of a template: names that are bound there, and names that were seen to be defined. */
interface Place {
  readonly bound: Set<string>
  readonly known: ReadonlySet<string>
}
const inner = (place: Place, ...names: readonly string[]): Place => ({
  ...place,
  bound: new Set([...place.bound, ...names]),
})
const knowing = (place: Place, names: Iterable<string>): Place => ({
  ...place,
  known: new Set([...place.known, ...names]),
})

/** The variables that a template takes from its scope, in the order of the text. */
export function referencesOf(body: Body): readonly Reference[] {
  const found: Reference[] = []
  visitBody(body, { bound: new Set(), known: new Set() }, found)
  return found.toSorted((a, b) => a.offset - b.offset)
}

function visit(node: Expression | null, place: Place, found: Reference[], guarded = false): void {
  if (!node) return
  const go = (part: Expression | null): void => visit(part, place, found)
  switch (node.kind) {
    case 'literal':
      return
    case 'name':
      if (place.bound.has(node.name) || globals.has(node.name)) return
      found.push({ name: node.name, guarded: guarded || place.known.has(node.name), offset: node.offset })
      return
    case 'list':
    case 'tuple':
    case 'concat':
      node.items.forEach(go)
      return
    case 'dict':
      node.pairs.flat().forEach(go)
      return
    case 'attribute':
      visit(node.target, place, found, guarded)
      return
    case 'item':
      visit(node.target, place, found, guarded)
      go(node.key)
      return
    case 'slice':
      ;[node.target, node.start, node.stop, node.step].forEach(go)
      return
    case 'call':
      go(node.target)
      visitArguments(node.args, go)
      return
    case 'filter':
      visit(node.target, place, found, node.name === 'default' || node.name === 'd')
      visitArguments(node.args, go)
      return
    case 'test':
      visit(node.target, place, found, node.name === 'defined' || node.name === 'undefined')
      visitArguments(node.args, go)
      return
    case 'unary':
    case 'not':
      go(node.operand)
      return
    case 'binary':
      go(node.left)
      go(node.right)
      return
    case 'logic':
      go(node.left)
      visit(node.right, knowing(place, definedBy(node.left, node.operator === 'and')), found, guarded)
      return
    case 'compare':
      go(node.first)
      for (const [, operand] of node.rest) go(operand)
      return
    case 'if':
      go(node.condition)
      visit(node.whenTrue, knowing(place, definedBy(node.condition, true)), found, guarded)
      visit(node.whenFalse, knowing(place, definedBy(node.condition, false)), found, guarded)
      return
  }
}

function visitArguments(args: CallArguments, go: (node: Expression | null) => void): void {
  args.positional.forEach(go)
  for (const [, value] of args.keywords) go(value)
  go(args.spread)
  go(args.spreadKeywords)
}

/** The names that are surely defined when the condition holds (or does not). */
function definedBy(condition: Expression, holds: boolean): string[] {
  switch (condition.kind) {
    case 'not':
      return definedBy(condition.operand, !holds)
    case 'logic':
      return (condition.operator === 'and') === holds
        ? [...definedBy(condition.left, holds), ...definedBy(condition.right, holds)]
        : []
    case 'test': {
      if (condition.name !== (holds ? 'defined' : 'undefined')) return []
      const root = rootOf(condition.target)
      return root === null ? [] : [root]
    }
    default:
      return []
  }
}

function rootOf(node: Expression): string | null {
  if (node.kind === 'name') return node.name
  return node.kind === 'attribute' || node.kind === 'item' ? rootOf(node.target) : null
}

function visitBody(body: Body, place: Place, found: Reference[]): void {
  for (const statement of body.children) visitStatement(statement, place, found)
}

function visitStatement(node: Statement, place: Place, found: Reference[]): void {
  const go = (part: Expression | null): void => visit(part, place, found)
  switch (node.typename) {
    case 'Output':
      for (const child of node.children) if ('kind' in child) go(child)
      return
    case 'If': {
      go(node.cond)
      visitBody(node.body, knowing(place, definedBy(node.cond, true)), found)
      const otherwise = knowing(place, definedBy(node.cond, false))
      if (!node.else_) return
      if ('typename' in node.else_ && node.else_.typename === 'If') visitStatement(node.else_, otherwise, found)
      else visitBody(node.else_ as Body, otherwise, found)
      return
    }
    case 'for': {
      go(node.items)
      const names = namesOf(node.target)
      visit(node.condition, inner(place, ...names), found)
      visitBody(node.body, inner(place, ...names, 'loop'), found)
      if (node.otherwise) visitBody(node.otherwise, inner(place), found)
      return
    }
    case 'set':
      go(node.value)
      for (const name of namesOf(node.target)) place.bound.add(name)
      return
    case 'setBlock':
      go(node.filter)
      visitBody(node.body, inner(place), found)
      for (const name of namesOf(node.target)) place.bound.add(name)
      return
    case 'macro':
      place.bound.add(node.name)
      visitFunction(node.parameters, node.body, place, found)
      return
    case 'callBlock':
      go(node.call)
      visitFunction(node.parameters, node.body, place, found)
      return
    case 'filterBlock':
      go(node.filter)
      visitBody(node.body, inner(place), found)
      return
    case 'with':
      for (const [, value] of node.bindings) go(value)
      visitBody(node.body, inner(place, ...node.bindings.flatMap(([target]) => namesOf(target))), found)
      return
    case 'do':
      go(node.expression)
      return
    case 'block':
      visitBody(node.body, inner(place, 'super', 'self'), found)
      return
    case 'Extends':
    case 'include':
      go(node.template)
      return
    case 'import':
      go(node.template)
      if (typeof node.names === 'string') place.bound.add(node.names)
      else for (const [, alias] of node.names) place.bound.add(alias)
      return
    case 'break':
    case 'continue':
  }
}

function visitFunction(parameters: readonly Parameter[], body: Body, place: Place, found: Reference[]): void {
  for (const parameter of parameters) visit(parameter.default, place, found)
  visitBody(body, inner(place, 'caller', 'varargs', 'kwargs', ...parameters.map(({ name }) => name)), found)
}

function namesOf(target: Target): string[] {
  if (target.kind === 'tuple') return target.items.flatMap(namesOf)
  return target.kind === 'name' ? [target.name] : []
}

/** Whether a name is used anywhere in a part of the tree. */
export function mentions(tree: unknown, name: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  if (Array.isArray(tree)) return tree.some((part) => mentions(part, name))
  if ('kind' in tree && tree.kind === 'name' && 'name' in tree && tree.name === name) return true
  return Object.values(tree).some((part) => mentions(part, name))
}

const changing = new RegExp(`\\b(?:${[...changingMethods].join('|')})\\b`)

/** Whether the template calls a method that changes a list or mapping. `source` is its text. */
export function changesValues(tree: unknown, source: string): boolean {
  return changing.test(source) && callsChanging(tree)
}

function callsChanging(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  if (Array.isArray(tree)) return tree.some(callsChanging)
  if ('kind' in tree && tree.kind === 'attribute' && 'name' in tree && changingMethods.has(String(tree.name)))
    return true
  return Object.values(tree).some(callsChanging)
}
