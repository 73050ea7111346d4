import type { Frame } from './frame.ts'
import { Output } from './output.ts'
import { Attributed, Callable, fail } from './values/types.ts'

/** Renders a block: the most derived template's, or one further up for `super()`. */
export function renderBlock(name: string, level: number, frame: Frame, out: Output): undefined {
  const render = frame.run.blocks.get(name)?.[level]
  if (!render) return fail(`there is no parent block called "${name}"`)
  const inner = frame.child()
  inner.bound.set('super', new Callable('super', () => blockText(name, level + 1, frame)))
  frame.deeper(() => render(inner, out))
  return undefined
}

function blockText(name: string, level: number, frame: Frame): string {
  const out = new Output()
  renderBlock(name, level, frame, out)
  return out.all()
}

/** `self`: each block of the template as a function. */
export class Self extends Attributed {
  readonly typeName = 'TemplateReference'
  readonly frame: Frame
  constructor(frame: Frame) {
    super()
    this.frame = frame
  }
  attribute(name: string): unknown {
    return this.frame.run.blocks.has(name) ? new Callable(name, () => blockText(name, 0, this.frame)) : undefined
  }
  text(): string {
    return '<TemplateReference>'
  }
}
