import type { Frame } from './frame.ts'
import type { Target } from './parse/tree.ts'
import { iterate } from './values/sequence.ts'
import { Namespace } from './values/namespace.ts'
import { fail } from './values/types.ts'

/** Binds a value in a frame: to a name, to an attribute of a namespace, or unpacked to several of them. */
export function compileTarget(target: Target): (frame: Frame, value: unknown) => void {
  switch (target.kind) {
    case 'name':
      return (frame, value) => frame.bound.set(target.name, value)
    case 'field':
      return (frame, value) => {
        const namespace = frame.variable(target.name, target.offset)
        if (!(namespace instanceof Namespace))
          fail('cannot assign an attribute of what is no namespace', `make it with namespace()`)
        else namespace.fields.set(target.field, value)
      }
    case 'tuple': {
      const binders = target.items.map(compileTarget)
      return (frame, value) => {
        const items = iterate(value)
        if (items.length > binders.length) fail(`too many values to unpack (expected ${binders.length})`)
        if (items.length < binders.length)
          fail(`not enough values to unpack (expected ${binders.length}, got ${items.length})`)
        for (const [index, bind] of binders.entries()) bind(frame, items[index])
      }
    }
  }
}
