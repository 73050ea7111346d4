import { BoundedMap } from './bounded-map.ts'
import { renderWithParents } from './compile-include.ts'
import { compileBody } from './compile-statement.ts'
import { compileNode } from './compile-expression.ts'
import { Frame, type Compiled, type Render, type Run } from './frame.ts'
import { Output } from './output.ts'
import { readHeader } from './header.ts'
import { lookUp } from './lookups/call.ts'
import { parseExpression, parseTemplate } from './parse/parse.ts'
import { defaultMarks, type Layout } from './parse/template-tokens.ts'
import type { Body, Expression } from './parse/tree.ts'
import { changesValues, referencesOf } from './references.ts'
import type { Reference, Scope, Template } from './template.ts'
import { plain } from './values/plain.ts'
import { typedText } from './typed-text.ts'
import { withinBounds } from './within-bounds.ts'
import type { Json } from '../../schema/infer.ts'

export { truthy } from './values/compare.ts'

const stringLayout: Layout = { trimBlocks: true, lstripBlocks: false, marks: defaultMarks, literalBackslashes: true }
const templates = new BoundedMap<string, Template>(10_000)
const expressions = new BoundedMap<string, Template>(10_000)
const files = new BoundedMap<string, Map<string, Compiled>>(1_000)

type Loader = (name: string) => string | null

/** Whether the text holds anything that a template would change. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#')
}

/**
 * Reads the text of a value in a playbook. A template that is one `{{ expression }}` gives the value of the expression, anything
 * else text. The same source gives the same `Template`. Throws `TemplateError` for wrong syntax.
 */
export function compileTemplate(source: string): Template {
  return templates.getOrMake(source, () =>
    withinBounds(() => {
      const body = parseTemplate(source, stringLayout)
      const single = singleExpression(body)
      if (single) return expressionTemplate(single, source)
      const compiled = compile(body, source, '\n')
      return lazily(body, (scope) => renderCompiled(compiled, source, scope, null, '\n'))
    }),
  )
}

/** Reads a bare expression, like that of `when:`. One that stands in `{{ }}` is taken too. Throws `TemplateError` for wrong syntax. */
export function compileExpression(source: string): Template {
  return expressions.getOrMake(source, () => {
    if (/^\s*\{\{.*\}\}\s*$/s.test(source) || source.includes('{%')) {
      const single = withinBounds(() => singleExpression(parseTemplate(source.trim(), stringLayout)))
      if (single) {
        const template = withinBounds(() => expressionTemplate(single, source))
        return shifted(template, source.length - source.trimStart().length)
      }
      return compileTemplate(source)
    }
    return withinBounds(() => expressionTemplate(parseExpression(source), source))
  })
}

/**
 * Evaluates the templates in a value, deep in lists and mappings, keys too. Text without a template stays as it is; what comes out as
 * the text of a list or a mapping is one, as in Ansible.
 */
export function evaluateValue(value: Json, scope: Scope): unknown {
  if (typeof value === 'string') {
    const evaluated = evaluateText(value, scope)
    return typeof evaluated === 'string' && evaluated !== value ? plain(typedText(evaluated, value)) : evaluated
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => evaluateValue(item, scope))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(evaluateText(key, scope)), evaluateValue(item, scope)]),
  )
}

/** Evaluates the template in a text; text that comes out stays text, whatever it looks like. */
export function evaluateText(text: string, scope: Scope): unknown {
  return hasTemplate(text) ? compileTemplate(text).evaluate(scope) : text
}

/**
 * What `query(name, terms…)` gives: the engine's `with_*` loops. Terms are values that were evaluated. Throws `TemplateError` for an
 * unknown lookup and for one that fails.
 */
export function runLookup(name: string, terms: readonly unknown[], scope: Scope): readonly unknown[] {
  const frame = new Frame(makeRun(scope, false, null, '\n'), null)
  return plain(lookUp(frame, name, terms, new Map([['wantlist', true]]))) as readonly unknown[]
}

export interface FileOptions {
  /** What ends the lines of the template's own text. */
  readonly newlineSequence: string
  readonly trimBlocks?: boolean
  readonly lstripBlocks?: boolean
  /** The text of a template that is included, imported or extended, or null where there is none. */
  readonly loader?: Loader
}

/**
 * Renders a template file, as text. A first line `#jinja2: name: value, …` overrides the options. The text ends with as many line
 * ends as the file at least, as in Ansible. Throws `TemplateError`.
 */
export function renderFile(text: string, scope: Scope, options: FileOptions): string {
  const { loader = null, newlineSequence, trimBlocks = true, lstripBlocks = false } = options
  const file = readHeader(text, {
    newline: newlineSequence,
    layout: { ...stringLayout, trimBlocks, lstripBlocks, literalBackslashes: false },
  })
  const compiled = compileFile(file.text, file.layout, file.newline)
  return withinBounds(() => renderCompiled(compiled, file.text, scope, loader, file.newline))
}

function compileFile(text: string, layout: Layout, newline: string): Compiled {
  const byLayout = files.getOrMake(text, () => new Map<string, Compiled>())
  const { trimBlocks, lstripBlocks, literalBackslashes, marks } = layout
  const key = [trimBlocks, lstripBlocks, literalBackslashes, newline, ...Object.values(marks)].join(' ')
  const known = byLayout.get(key)
  if (known) return known
  const compiled = withinBounds(() => compile(parseTemplate(text, layout), text, newline))
  byLayout.set(key, compiled)
  return compiled
}

function compile(body: Body, source: string, newline: string): Compiled {
  const blocks = new Map<string, Render>()
  return { render: compileBody(body, { blocks, newline }), blocks, changes: changesValues(body, source) }
}

function renderCompiled(
  compiled: Compiled,
  source: string,
  scope: Scope,
  loader: Loader | null,
  newline: string,
): string {
  const out = new Output()
  renderWithParents(compiled, new Frame(makeRun(scope, compiled.changes, loader, newline), null), out)
  return endLikeSource(out.all(), source, newline)
}

/** How many line ends a text has at its end. */
function lineEnds(text: string): number {
  let count = 0
  for (let at = text.length; at > 0 && text[at - 1] === '\n'; at -= text[at - 2] === '\r' ? 2 : 1) count += 1
  return count
}

/** Ansible drops one line end of the source, and adds those that the result lacks. */
function endLikeSource(text: string, source: string, newline: string): string {
  const wanted = lineEnds(source)
  if (wanted === 0) return text
  let rest = text.endsWith(newline) ? text.slice(0, -newline.length) : text
  let count = 0
  for (
    let end = rest.length;
    rest.startsWith(newline, end - newline.length) && end >= newline.length;
    end -= newline.length
  )
    count += 1
  for (; count < wanted; count += 1) rest += newline
  return rest
}

function makeRun(scope: Scope, changes: boolean, loader: Loader | null, newline: string): Run {
  return {
    scope,
    copies: changes ? new Map() : null,
    blocks: new Map(),
    parent: null,
    depth: 0,
    turns: 0,
    load: (name) => {
      const text = loader?.(name) ?? null
      if (text === null) return null
      // A template that is included brings no line end of its own at its end.
      return compileFile(text.replace(/\r?\n$/, ''), { ...stringLayout, literalBackslashes: false }, newline)
    },
    render: (text, inner) => renderFile(text, inner, { newlineSequence: newline, ...(loader ? { loader } : {}) }),
    evaluate: (text, inner) => (hasTemplate(text) ? compileTemplate(text).evaluate(inner) : text),
  }
}

function singleExpression(body: Body): Expression | null {
  const [only] = body.children
  if (!only || body.children.length > 1 || only.typename !== 'Output') return null
  const [child] = only.children
  return child && 'kind' in child ? child : null
}

function expressionTemplate(expression: Expression, source: string): Template {
  const output = { typename: 'Output', children: [expression], colno: 0 } as const
  const body: Body = { children: [output] }
  const evaluate = compileNode(expression)
  const changes = changesValues(body, source)
  return lazily(body, (scope) => plain(evaluate(new Frame(makeRun(scope, changes, null, '\n'), null))))
}

/** Finds the references only when they are asked for. */
function lazily(body: Body, evaluate: (scope: Scope) => unknown): Template {
  let found: readonly Reference[] | null = null
  return {
    evaluate: (scope) => withinBounds(() => evaluate(scope)),
    get references() {
      found ??= withinBounds(() => referencesOf(body))
      return found
    },
  }
}

function shifted(template: Template, by: number): Template {
  if (by === 0) return template
  return {
    evaluate: (scope) => template.evaluate(scope),
    get references() {
      return template.references.map((reference) => ({ ...reference, offset: reference.offset + by }))
    },
  }
}
