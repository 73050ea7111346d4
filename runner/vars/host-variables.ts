import type { Vault } from '../language/vault.ts'
import type { Layer } from './layers.ts'
import { LayeredScope } from './scope.ts'

/**
 * What is known of one host during a run: its inventory's variables, and what tasks have found out. Values that come from the host
 * or from tasks are data: a text in them that looks like a template is not evaluated.
 */
export class HostVariables {
  readonly host: string
  readonly #facts = new Map<string, unknown>()
  readonly #injected = new Map<string, unknown>()
  readonly #set = new Map<string, unknown>()
  /** Shared with the scopes that were made before `relayer`: tasks that are under way still use them. */
  readonly #changes: string[] = []
  #base: LayeredScope
  #moves = 0
  readonly #vault: Vault | undefined

  /** `layers` are those that hold for the whole run: the inventory's, extra vars, the magic variables of the host. */
  constructor(host: string, layers: readonly Layer[], vault?: Vault) {
    this.host = host
    this.#injected.set('ansible_facts', {})
    this.#vault = vault
    this.#base = this.#over(layers)
  }

  /** Puts other layers in the place of those that hold for the whole run: the inventory has changed. */
  relayer(layers: readonly Layer[]): void {
    this.#base = this.#over(layers)
    this.#moves++
  }

  #over(layers: readonly Layer[]): LayeredScope {
    const own: readonly Layer[] = [
      { kind: 'values', level: 'facts', variables: this.#injected },
      { kind: 'values', level: 'set-facts', variables: this.#set },
    ]
    return new LayeredScope([...layers, ...own], undefined, { vault: this.#vault, changes: this.#changes })
  }

  /** Grows whenever a variable `ansible_…` of the host may have another value than before, gathered facts apart. */
  get moves(): number {
    return this.#moves
  }

  /** Says that variables of layers which hold for the whole run have other values than before. */
  changed(name: string): void {
    if (name.startsWith('ansible_')) this.#moves++
    this.#base.changed(name)
  }

  /** A variable set by `set_fact`. With `cacheable`, it is a fact of the host too. */
  setFact(name: string, value: unknown, { cacheable = false }: { readonly cacheable?: boolean } = {}): void {
    this.#set.set(name, value)
    this.changed(name)
    if (cacheable) this.#addFacts([[name, value]], (fact) => fact)
  }

  /** Facts gathered from the host, under the names without `ansible_`; each is a variable `ansible_NAME`, too. */
  setGathered(facts: Readonly<Record<string, unknown>>): void {
    const bare = Object.entries(facts).map(([name, value]) => [name.replace(/^ansible_/, ''), value] as const)
    this.#addFacts(bare, (name) => `ansible_${name}`)
  }

  /** A task's result under its `register` name. */
  register(name: string, result: unknown): void {
    this.setFact(name, result)
  }

  /** Forgets what was gathered: `meta: clear_facts`. What tasks have set and registered stays. */
  clearFacts(): void {
    const names = [...this.#injected.keys()]
    this.#facts.clear()
    this.#injected.clear()
    this.#injected.set('ansible_facts', {})
    this.#base.changed(...names)
  }

  /** The host's variables outside of any play and task: what `hostvars` shows of it. */
  get base(): LayeredScope {
    return this.#base
  }

  /** The host's variables with those of a play, a role, blocks and a task. Further scopes are made from it by `with`. */
  scope(...extraLayers: readonly Layer[]): LayeredScope {
    return extraLayers.length === 0 ? this.#base : this.#base.with(...extraLayers)
  }

  #addFacts(facts: readonly (readonly [string, unknown])[], injectedName: (fact: string) => string): void {
    for (const [name, value] of facts) {
      this.#facts.set(name, value)
      this.#injected.set(injectedName(name), value)
    }
    this.#injected.set('ansible_facts', Object.fromEntries(this.#facts))
    this.#base.changed('ansible_facts', ...facts.map(([name]) => injectedName(name)))
  }
}
