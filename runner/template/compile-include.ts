import { Self } from './block.ts'
import { compileNode } from './compile-expression.ts'
import { Frame, placed, type Compiled, type Render } from './frame.ts'
import { Output } from './output.ts'
import type { Statement } from './parse/tree.ts'
import { str } from './values/python-text.ts'
import { Attributed, Callable, Undefined, defined, fail } from './values/types.ts'

/** `{% include %}`: the first template of a list that exists. */
export function compileInclude(node: Extract<Statement, { typename: 'include' }>): Render {
  const template = compileNode(node.template)
  return (frame, out) => {
    const found = load(frame, template(frame), node.offset, node.ignoreMissing)
    if (!found) return undefined
    const inner = node.withContext ? frame.child() : new Frame(frame.run, null, true)
    frame.deeper(() => renderWithParents(found, inner, out))
    return undefined
  }
}

/** `{% import %}` and `{% from … import … %}`. */
export function compileImport(node: Extract<Statement, { typename: 'import' }>): Render {
  const template = compileNode(node.template)
  const { names } = node
  return (frame) => {
    const found = load(frame, template(frame), node.offset, false)
    if (!found) return undefined
    const inner = node.withContext ? frame.child() : new Frame(frame.run, null, true)
    const out = new Output()
    frame.deeper(() => renderWithParents(found, inner, out))
    if (typeof names === 'string') frame.bound.set(names, new Module(inner.bound, out.all()))
    else
      for (const [name, alias] of names)
        frame.bound.set(
          alias,
          inner.bound.get(name) ?? new Undefined(`the template does not export '${name}'`, node.offset),
        )
    return undefined
  }
}

function load(frame: Frame, names: unknown, offset: number, ignoreMissing: boolean): Compiled | null {
  const candidates = (Array.isArray(names) ? names : [names]).map((name) => str(defined(name)))
  for (const name of candidates) {
    const found = frame.run.load(name)
    if (found) return found
  }
  if (ignoreMissing) return null
  try {
    return fail(`there is no template "${candidates.join('" or "')}"`)
  } catch (error) {
    throw placed(error, offset)
  }
}

/** Renders a template and those that it extends. */
export function renderWithParents(template: Compiled, frame: Frame, out: Output): void {
  const { run } = frame
  const { parent: outerParent, blocks: outerBlocks } = run
  run.blocks = new Map()
  for (let current: Compiled | null = template; current;) {
    for (const [name, block] of current.blocks) run.blocks.set(name, [...(run.blocks.get(name) ?? []), block])
    if (run.blocks.size > 0) frame.bound.set('self', new Self(frame))
    run.parent = null
    const rendered = new Output()
    current.render(frame, rendered)
    const parent: string | null = run.parent
    if (parent === null) {
      out.text += rendered.all()
      break
    }
    current = run.load(parent) ?? fail(`there is no template "${String(parent)}"`)
  }
  run.parent = outerParent
  run.blocks = outerBlocks
}

/** An imported template: its macros and variables. */
class Module extends Attributed {
  readonly typeName = 'TemplateModule'
  readonly exports: ReadonlyMap<string, unknown>
  readonly rendered: string
  constructor(exports: ReadonlyMap<string, unknown>, rendered: string) {
    super()
    this.exports = exports
    this.rendered = rendered
  }
  attribute(name: string): unknown {
    const value = this.exports.get(name)
    return value instanceof Callable || !name.startsWith('_') ? value : undefined
  }
  text(): string {
    return this.rendered
  }
}
