import { Attributed, Callable, fail } from './types.ts'
import { repr, str } from './python-text.ts'

/** Jinja2's `namespace()`: what inner scopes may assign to. */
export class Namespace extends Attributed {
  readonly typeName = 'Namespace'
  readonly fields: Map<string, unknown>
  constructor(fields: Map<string, unknown>) {
    super()
    this.fields = fields
  }
  attribute(name: string): unknown {
    return this.fields.get(name)
  }
  text(): string {
    return `<Namespace ${repr(this.fields)}>`
  }
}

/** Jinja2's `cycler()`. */
export class Cycler extends Attributed {
  readonly typeName = 'Cycler'
  readonly items: readonly unknown[]
  position = 0
  constructor(items: readonly unknown[]) {
    super()
    if (items.length === 0) fail('at least one item has to be provided')
    this.items = items
  }
  attribute(name: string): unknown {
    switch (name) {
      case 'current':
        return this.items[this.position]
      case 'next':
        return new Callable(name, () => {
          const value = this.items[this.position]
          this.position = (this.position + 1) % this.items.length
          return value
        })
      case 'reset':
        return new Callable(name, () => {
          this.position = 0
          return null
        })
      default:
        return undefined
    }
  }
  text(): string {
    return '<Cycler>'
  }
}

/** Jinja2's `joiner()`: nothing the first time, the separator from then on. */
export function joiner(separator: unknown): Callable {
  let used = false
  return new Callable('joiner', () => {
    const text = used ? str(separator) : ''
    used = true
    return text
  })
}
