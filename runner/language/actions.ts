import { collections } from '../../schema/editor.ts'
import type { ArgsSchema } from '../../schema/infer.ts'
import { nearest } from '../../schema/nearest.ts'
import type { Statement } from './statement.ts'
import { laterStatements, statements } from './statements.ts'

/** What the language needs to know of a module. */
export interface KnownModule {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly args: ArgsSchema
}

/** What a name in a task stands for. */
export type ActionDefinition =
  | { readonly kind: 'module'; readonly definition: KnownModule }
  | { readonly kind: 'statement'; readonly definition: Statement }
  | { readonly kind: 'later'; readonly name: string }

/** Modules and statements by all their names. */
export class ActionNames {
  readonly #known = new Map<string, ActionDefinition>()

  constructor(modules: readonly KnownModule[]) {
    for (const name of laterStatements) this.#known.set(name, { kind: 'later', name })
    for (const definition of modules) this.#add({ kind: 'module', definition })
    for (const definition of statements) this.#add({ kind: 'statement', definition })
  }

  #add(action: Exclude<ActionDefinition, { readonly kind: 'later' }>): void {
    const { name, aliases = [] } = action.definition
    for (const each of [...aliases, name]) this.#known.set(each, action)
  }

  /** The action of that name, short or fully qualified; undefined where there is none. */
  resolve(written: string): ActionDefinition | undefined {
    const known = this.#known.get(written)
    if (known !== undefined) return known
    const dot = written.lastIndexOf('.')
    return dot > 0 && collections.includes(written.slice(0, dot)) ? this.#known.get(written.slice(dot + 1)) : undefined
  }

  /** The name nearest to one that does not resolve, written as fully as that was. */
  nearest(written: string): string | undefined {
    const dot = written.lastIndexOf('.')
    const near = nearest(written.slice(dot + 1), dot < 0 ? [...this.#known.keys(), 'block'] : this.#known.keys())
    if (near === undefined || dot < 0) return near
    const collection = nearest(written.slice(0, dot), collections)
    return collection === undefined ? near : `${collection}.${near}`
  }
}
