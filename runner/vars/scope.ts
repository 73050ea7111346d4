import type { Variable } from '../inventory/inventory.ts'
import type { Vault } from '../language/vault.ts'
import { evaluateValue, hasTemplate } from '../template/compile.ts'
import { TemplateError, type Scope } from '../template/template.ts'
import { strongestFirst, type Layer } from './layers.ts'
import { isVolatile } from './volatile.ts'

/** A value that was evaluated, and the names that it was made from, directly or not, itself included. */
interface Evaluated {
  readonly value: unknown
  readonly reads: readonly string[]
}

/** What templates may use beside variables; the parent's where unset. */
export interface Outside {
  readonly searchPath?: readonly string[] | undefined
  readonly vault?: Vault | undefined
  /** Where the names of variables that have changed are kept: one list for all scopes that see them. */
  readonly changes?: string[] | undefined
}

interface Frame {
  readonly name: string
  readonly reads: Set<string>
  /** True where evaluating it again may give something else although no variable of the host has changed. */
  volatile: boolean
}

/**
 * Variables by name, out of layers: the strongest layer that has a name decides. Templates are evaluated when they are asked for,
 * with this same scope, so that they see what overrides what they were written with. A value that is made from variables alone is
 * evaluated once, and a scope made by `with` uses what its parents know unless one of its own variables has a part in it. What
 * depends on more (a lookup, chance, other hosts) is evaluated each time, as in Ansible.
 */
export class LayeredScope implements Scope {
  /** Where lookups in templates look for files. */
  readonly searchPath?: readonly string[]
  /** Opens encrypted values. */
  readonly vault?: Vault
  readonly #layers: readonly Layer[]
  readonly #extra: readonly Layer[]
  readonly #parent: LayeredScope | undefined
  readonly #memo = new Map<string, Evaluated>()
  /** What was found last under a name, here or in a parent, until any variable changes: most names are asked for many times. */
  readonly #found = new Map<string, Evaluated>()
  readonly #frames: Frame[] = []
  /** Names of variables that have changed, of the outermost scope and all made from it, and how many of them the memo knows of. */
  readonly #changes: string[]
  #seen: number

  constructor(
    layers: readonly Layer[],
    parent?: LayeredScope,
    { searchPath = parent?.searchPath, vault = parent?.vault, changes = [] }: Outside = {},
  ) {
    this.#extra = layers
    this.#parent = parent
    this.#layers = strongestFirst(parent === undefined ? layers : [...parent.#layers.toReversed(), ...layers])
    this.#changes = parent === undefined ? changes : parent.#changes
    this.#seen = this.#changes.length
    if (searchPath !== undefined) this.searchPath = searchPath
    if (vault !== undefined) this.vault = vault
  }

  /** A scope with more layers; of one level, these are stronger than what is there. Copies no variables. */
  with(...layers: readonly Layer[]): LayeredScope {
    return new LayeredScope(layers, this)
  }

  /** The same variables, with lookups that look for files in these directories, nearest first. */
  within(searchPath: readonly string[]): LayeredScope {
    return new LayeredScope([], this, { searchPath })
  }

  /** To be called when variables in a layer were changed: what was made from them is forgotten, in scopes made by `with` too. */
  changed(...names: readonly string[]): void {
    this.#changes.push(...names)
  }

  get(name: string): unknown {
    this.#refresh()
    const known = this.#found.get(name) ?? this.#known(name)
    if (known !== undefined) {
      this.#found.set(name, known)
      this.#note(known.reads)
      return known.value
    }
    this.#frames.at(-1)?.reads.add(name)
    for (const layer of this.#layers) {
      switch (layer.kind) {
        case 'values':
          if (layer.variables.has(name)) return this.#keep(name, layer.variables.get(name))
          break
        case 'computed': {
          const compute = layer.variables.get(name)
          if (compute !== undefined) return this.#compute(compute)
          break
        }
        case 'written': {
          const variable = layer.variables.get(name)
          if (variable !== undefined) return this.#evaluate(name, variable)
        }
      }
    }
    return undefined
  }

  has(name: string): boolean {
    return this.#layers.some((layer) => layer.variables.has(name))
  }

  names(): Iterable<string> {
    return new Set(this.#layers.flatMap((layer) => [...layer.variables.keys()]))
  }

  #compute(compute: (scope: Scope) => unknown): unknown {
    const frame = this.#frames.at(-1)
    if (frame !== undefined) frame.volatile = true
    return compute(this)
  }

  #evaluate(name: string, variable: Variable): unknown {
    const { value } = variable
    if (typeof value === 'string' ? !hasTemplate(value) : typeof value !== 'object' || value === null)
      return this.#keep(name, value)
    this.#refuseLoop(name)
    const frame: Frame = { name, reads: new Set([name]), volatile: isVolatile(value) }
    this.#frames.push(frame)
    try {
      const evaluated = evaluateValue(value, this)
      if (!frame.volatile) this.#remember(name, { value: evaluated, reads: [...frame.reads] })
      return evaluated
    } catch (error) {
      throw placed(error, variable)
    } finally {
      this.#frames.pop()
      this.#note(frame.reads, frame.volatile)
    }
  }

  /** Keeps a value that is what it is. */
  #keep(name: string, value: unknown): unknown {
    this.#found.set(name, { value, reads: [name] })
    return value
  }

  #refuseLoop(name: string): void {
    const start = this.#frames.findIndex((frame) => frame.name === name)
    if (start === -1) return
    const path = [...this.#frames.slice(start).map((frame) => frame.name), name]
    throw new TemplateError('value', `recursive loop detected: ${path.join(' → ')}`, {
      hint: 'a variable cannot be made from itself: give one of them another name',
    })
  }

  /** What the value that is being evaluated depends on, through another value. */
  #note(reads: Iterable<string>, volatile = false): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) return
    for (const name of reads) frame.reads.add(name)
    frame.volatile ||= volatile
  }

  #known(name: string): Evaluated | undefined {
    this.#refresh()
    const own = this.#memo.get(name)
    if (own !== undefined) return own
    const inherited = this.#parent === undefined ? undefined : this.#parent.#known(name)
    return inherited !== undefined && !this.#affects(inherited.reads) ? inherited : undefined
  }

  /** Kept as far out as it is the same value, so that other tasks need not evaluate it again. */
  #remember(name: string, evaluated: Evaluated): void {
    if (this.#parent === undefined || this.#affects(evaluated.reads)) this.#memo.set(name, evaluated)
    else this.#parent.#remember(name, evaluated)
  }

  /** Whether this scope's own variables have a part in what was made from these. */
  #affects(reads: readonly string[]): boolean {
    return this.#extra.some(({ variables }) => reads.some((name) => variables.has(name)))
  }

  #refresh(): void {
    if (this.#seen === this.#changes.length) return
    const changed = new Set(this.#changes.slice(this.#seen))
    this.#seen = this.#changes.length
    this.#found.clear()
    for (const [name, { reads }] of this.#memo) if (reads.some((read) => changed.has(read))) this.#memo.delete(name)
  }
}

/** An error in a variable's template, with the place where the variable was defined; the innermost place stays. */
function placed(error: unknown, { at }: Variable): unknown {
  if (!(error instanceof TemplateError) || error.at !== undefined || at === undefined) return error
  return new TemplateError(error.reason, error.message, { offset: error.offset, hint: error.hint, at, cause: error })
}
