import { compileNode, filterInput, type Evaluate } from './compile-expression.ts'
import { renderBlock } from './block.ts'
import { compileFor } from './compile-for.ts'
import { compileImport, compileInclude } from './compile-include.ts'
import { compileCallBlock, compileMacro } from './compile-macro.ts'
import { compileTarget } from './compile-target.ts'
import { placed, type Frame, type Render } from './frame.ts'
import { Output } from './output.ts'
import type { Body, Statement } from './parse/tree.ts'
import { truthy } from './values/compare.ts'
import { str, typeName } from './values/python-text.ts'
import { Range, defined, fail } from './values/types.ts'

/** What is gathered while a template is compiled. */
export interface Compiling {
  readonly blocks: Map<string, Render>
  /** What a line end in the template's own text becomes. */
  readonly newline: string
}

export function compileBody(body: Body, compiling: Compiling): Render {
  const parts = body.children.map((statement) => compileStatement(statement, compiling))
  const [only] = parts
  if (only && parts.length === 1) return only
  return (frame, out) => {
    for (let at = 0; at < parts.length; at += 1) {
      const flow = parts[at]?.(frame, out)
      if (flow) return flow
    }
    return undefined
  }
}

/** The text that a body renders to. */
function capture(body: Render, frame: Frame): string {
  const out = new Output()
  body(frame, out)
  return out.all()
}

function compileStatement(node: Statement, compiling: Compiling): Render {
  const body = (part: Body): Render => compileBody(part, compiling)
  switch (node.typename) {
    case 'Output':
      return compileOutput(node, compiling)
    case 'If': {
      const condition = compileNode(node.cond)
      const then = body(node.body)
      const otherwise =
        node.else_ &&
        ('typename' in node.else_ && node.else_.typename === 'If'
          ? compileStatement(node.else_, compiling)
          : body(node.else_ as Body))
      return (frame, out) => (truthy(condition(frame)) ? then(frame, out) : otherwise?.(frame, out))
    }
    case 'for':
      return compileFor(node, body(node.body), node.otherwise && body(node.otherwise))
    case 'set': {
      const bind = compileTarget(node.target)
      const value = compileNode(node.value)
      return (frame) => (bind(frame, value(frame)), undefined)
    }
    case 'setBlock':
      return compileSetBlock(node, body(node.body))
    case 'macro':
      return compileMacro(node, body(node.body))
    case 'callBlock':
      return compileCallBlock(node, body(node.body))
    case 'filterBlock': {
      const filter = compileNode(node.filter)
      const inside = body(node.body)
      return (frame, out) => {
        const value = defined(filtered(filter, frame, capture(inside, frame.child())))
        if (typeof value !== 'string') fail(`the filter of a filter block must give text, not ${typeName(value)}`)
        else out.text += value
        return undefined
      }
    }
    case 'with': {
      const bindings = node.bindings.map(([target, value]) => [compileTarget(target), compileNode(value)] as const)
      const inside = body(node.body)
      return (frame, out) => {
        const inner = frame.child()
        for (const [bind, value] of bindings) bind(inner, value(frame))
        return inside(inner, out)
      }
    }
    case 'do': {
      const expression = compileNode(node.expression)
      return (frame) => (expression(frame), undefined)
    }
    case 'break':
    case 'continue':
      return () => node.typename
    case 'block':
      compiling.blocks.set(node.name, body(node.body))
      // The blocks of a template that extends another are rendered where that one has them.
      return (frame, out) =>
        frame.run.parent === null ? renderBlock(node.name, 0, node.scoped ? frame : root(frame), out) : undefined
    case 'Extends': {
      const template = compileNode(node.template)
      return (frame) => ((frame.run.parent = str(defined(template(frame)))), undefined)
    }
    case 'include':
      return compileInclude(node)
    case 'import':
      return compileImport(node)
  }
}

function compileOutput(node: Extract<Statement, { typename: 'Output' }>, { newline }: Compiling): Render {
  const [child] = node.children
  if (!child) return () => undefined
  if ('typename' in child) {
    const text = newline === '\n' ? child.value : child.value.replaceAll('\n', newline)
    return (_, out) => ((out.text += text), undefined)
  }
  const expression = compileNode(child)
  return (frame, out) => {
    try {
      const value = expression(frame)
      out.text += typeof value === 'string' ? value : outputText(value)
    } catch (error) {
      throw placed(error, child.offset)
    }
    return undefined
  }
}

/** How `{{ … }}` prints as a part of a text: Ansible's templates print None as nothing, and a range as its list. */
function outputText(value: unknown): string {
  if (value === null) return ''
  return str(value instanceof Range ? Array.from(value) : value)
}

function compileSetBlock(node: Extract<Statement, { typename: 'setBlock' }>, body: Render): Render {
  const bind = compileTarget(node.target)
  const filter = node.filter && compileNode(node.filter)
  return (frame) => {
    const text = capture(body, frame.child())
    bind(frame, filter ? filtered(filter, frame, text) : text)
    return undefined
  }
}

function filtered(filter: Evaluate, frame: Frame, text: string): unknown {
  const inner = frame.child()
  inner.bound.set(filterInput, text)
  return filter(inner)
}

function root(frame: Frame): Frame {
  let top = frame
  while (top.parent) top = top.parent
  return top
}
