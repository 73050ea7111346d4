import { compileNode } from './compile-expression.ts'
import { compileTarget } from './compile-target.ts'
import { placed, type Frame, type Render } from './frame.ts'
import { Output } from './output.ts'
import type { Body, Statement } from './parse/tree.ts'
import { equal, truthy } from './values/compare.ts'
import { iterate, sizeLimit } from './values/sequence.ts'
import { Attributed, Callable, Undefined, fail } from './values/types.ts'

/** `{% for %}` with its filter, `else`, `recursive` and the `loop` variable. */
export function compileFor(
  node: Extract<Statement, { typename: 'for' }>,
  body: Render,
  otherwise: Render | null,
): Render {
  const items = compileNode(node.items)
  const bind = compileTarget(node.target)
  const condition = node.condition && compileNode(node.condition)

  const isOneFrame = bindsNothing(node.body)

  const chosen = (frame: Frame, all: readonly unknown[]): readonly unknown[] => {
    if (!condition) return all
    const inner = frame.child()
    const some: unknown[] = []
    const { length } = all
    for (let at = 0; at < length; at += 1) {
      const value = all[at]
      bind(inner, value)
      if (truthy(condition(inner))) some.push(value)
    }
    return some
  }
  const run = (frame: Frame, value: unknown, out: Output, depth: number): undefined => {
    const list = chosen(frame, iterate(value))
    if (list.length === 0) {
      otherwise?.(frame.child(), out)
      return undefined
    }
    const loop = new Loop(list, depth, node.recursive ? (inner) => deeper(frame, inner, depth) : null)
    let inner = frame.child()
    for (let index = 0; index < list.length; index += 1) {
      loop.index = index
      frame.run.turns += 1
      if (frame.run.turns > sizeLimit) fail(`the loops of this template go round more than ${sizeLimit} times`)
      if (index > 0 && !isOneFrame) inner = frame.child()
      bind(inner, list[index])
      inner.bound.set('loop', node.recursive ? loop.callable() : loop)
      if (body(inner, out) === 'break') break
      out.settle()
    }
    return undefined
  }
  const deeper = (frame: Frame, items: unknown, depth: number): string => {
    const written = new Output()
    frame.deeper(() => run(frame, items, written, depth + 1))
    return written.all()
  }
  return (frame, out) => {
    try {
      return run(frame, items(frame), out, 0)
    } catch (error) {
      throw placed(error, node.items.offset)
    }
  }
}

/** Whether nothing in a loop's body binds a name or keeps the place where it is: then all turns can have the same. */
function bindsNothing(body: Body): boolean {
  return body.children.every((statement) => {
    switch (statement.typename) {
      case 'Output':
      case 'break':
      case 'continue':
        return true
      case 'for':
        return bindsNothing(statement.body) && (!statement.otherwise || bindsNothing(statement.otherwise))
      case 'If': {
        const { body: then, else_ } = statement
        return (
          bindsNothing(then) &&
          (!else_ ||
            bindsNothing('typename' in else_ && else_.typename === 'If' ? { children: [else_] } : (else_ as Body)))
        )
      }
      default:
        return false
    }
  })
}

/** The `loop` variable: where the loop is. */
class Loop extends Attributed {
  readonly typeName = 'LoopContext'
  readonly items: readonly unknown[]
  readonly depth: number
  readonly recurse: ((items: unknown) => string) | null
  index = 0
  private last: readonly unknown[] | null = null
  constructor(items: readonly unknown[], depth: number, recurse: ((items: unknown) => string) | null) {
    super()
    this.items = items
    this.depth = depth
    this.recurse = recurse
  }

  /** In a recursive loop, `loop(items)` goes one level down. */
  callable(): Callable {
    const recurse = this.recurse
    const attributes = { get: (name: string) => this.attribute(name) } as unknown as ReadonlyMap<string, unknown>
    return new Callable('loop', ({ positional }) => recurse?.(positional[0]), attributes)
  }

  attribute(name: string): unknown {
    const { index, items } = this
    switch (name) {
      case 'index':
        return index + 1
      case 'index0':
        return index
      case 'revindex':
        return items.length - index
      case 'revindex0':
        return items.length - index - 1
      case 'first':
        return index === 0
      case 'last':
        return index === items.length - 1
      case 'length':
        return items.length
      case 'depth':
        return this.depth + 1
      case 'depth0':
        return this.depth
      case 'previtem':
        return index > 0 ? items[index - 1] : new Undefined('there is no previous item')
      case 'nextitem':
        return index < items.length - 1 ? items[index + 1] : new Undefined('there is no next item')
      case 'cycle':
        return new Callable(name, ({ positional }) =>
          positional.length === 0 ? fail('no items for cycling given') : positional[index % positional.length],
        )
      case 'changed':
        return new Callable(name, ({ positional }) => {
          const same = this.last !== null && equal(this.last, positional)
          this.last = positional
          return !same
        })
      default:
        return undefined
    }
  }
  text(): string {
    return `<LoopContext ${this.index + 1}/${this.items.length}>`
  }
}
