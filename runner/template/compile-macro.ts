import { compileArguments, compileNode } from './compile-expression.ts'
import { placed, type Frame, type Render } from './frame.ts'
import { Output } from './output.ts'
import { mentions } from './references.ts'
import type { Body, Parameter, Statement } from './parse/tree.ts'
import { str } from './values/python-text.ts'
import { Callable, Undefined, fail, type Arguments, tuple } from './values/types.ts'

/** `{% macro %}`: binds a function that renders the body. */
export function compileMacro(node: Extract<Statement, { typename: 'macro' }>, body: Render): Render {
  const define = compileFunction(node.name, node, body)
  return (frame) => {
    frame.bound.set(node.name, define(frame))
    return undefined
  }
}

/** `{% call %}`: calls a macro, which finds the body as `caller()`. */
export function compileCallBlock(node: Extract<Statement, { typename: 'callBlock' }>, body: Render): Render {
  const { call } = node
  if (call.kind !== 'call') return fail('a call block needs a call')
  const target = compileNode(call.target)
  const args = compileArguments(call.args)
  const define = compileFunction('caller', node, body)
  return (frame, out) => {
    const macro = target(frame)
    if (macro instanceof Undefined) throw macro.error()
    if (!(macro instanceof Callable)) throw placed(fail('what is called here is no macro'), call.offset)
    const { positional, keywords } = args(frame)
    out.text += str(macro.call({ positional, keywords: new Map([...keywords, ['caller', define(frame)]]) }))
    return undefined
  }
}

interface Definition {
  readonly parameters: readonly Parameter[]
  readonly body: Body
}

function compileFunction(
  name: string,
  { parameters, body: tree }: Definition,
  body: Render,
): (frame: Frame) => Callable {
  const takesMore = mentions(tree, 'varargs')
  const takesOthers = mentions(tree, 'kwargs')
  const defaults = parameters.map((parameter) => parameter.default && compileNode(parameter.default))
  const names = parameters.map((parameter) => parameter.name)
  return (frame) => {
    const run = ({ positional, keywords }: Arguments): string => {
      const inner = frame.child()
      const others = new Map(keywords)
      for (const [index, parameter] of names.entries()) {
        const byName = others.get(parameter)
        others.delete(parameter)
        const given = index < positional.length ? positional[index] : byName
        inner.bound.set(parameter, given ?? (given === null ? null : byDefault(inner, index)))
      }
      const caller = others.get('caller')
      if (caller !== undefined && !names.includes('caller')) {
        inner.bound.set('caller', caller)
        others.delete('caller')
      }
      if (positional.length > names.length && !takesMore)
        fail(`macro '${name}' takes not more than ${names.length} argument(s)`)
      const [unknown] = others.keys()
      if (unknown !== undefined && !takesOthers) fail(`macro '${name}' takes no keyword argument '${unknown}'`)
      inner.bound.set('varargs', tuple(...positional.slice(names.length)))
      inner.bound.set('kwargs', others)
      const out = new Output()
      frame.deeper(() => body(inner, out))
      return out.all()
    }
    const byDefault = (inner: Frame, index: number): unknown => {
      const evaluate = defaults[index]
      return evaluate ? evaluate(inner) : new Undefined(`parameter '${names[index] ?? ''}' was not provided`)
    }
    return new Callable(
      name,
      run,
      new Map<string, unknown>([
        ['name', name],
        ['arguments', tuple(...names)],
      ]),
    )
  }
}
