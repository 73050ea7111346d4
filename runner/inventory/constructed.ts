import type { Json } from '../../schema/infer.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { type Entry, entryOf, type MapNode, place, placeOfValue, type YamlNode } from '../language/node.ts'
import type { Position, SourceFile } from '../language/source.ts'
import type { Vault } from '../language/vault.ts'
import { compileExpression, evaluateValue, truthy } from '../template/compile.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import { inventoryLayers } from '../vars/inventory-layers.ts'
import { hostMagic } from '../vars/magic.ts'
import { LayeredScope } from '../vars/scope.ts'
import type { InventoryDraft } from './draft.ts'
import type { Inventory } from './inventory.ts'
import { groupNames, groupName, type KeyedGroup, readKeyedGroups } from './keyed-groups.ts'

const KEYS = [
  'plugin',
  'strict',
  'compose',
  'groups',
  'keyed_groups',
  'leading_separator',
  'use_vars_plugins',
  'use_extra_vars',
]
/** What Ansible has and drover has not. */
const REFUSED: ReadonlySet<string> = new Set(['use_vars_plugins', 'use_extra_vars'])

/** Whether a value names the plugin. */
export const isConstructed = (plugin: unknown): boolean =>
  plugin === 'constructed' || plugin === 'ansible.builtin.constructed'

/**
 * Adds variables and groups made of the variables that earlier sources gave: a file with `plugin: constructed`. What fails for a host is
 * passed over, unless `strict` is set; an expression that cannot be read is a problem or, without `strict`, a warning.
 * https://docs.ansible.com/ansible/latest/collections/ansible/builtin/constructed_inventory.html
 */
export function readConstructed(root: MapNode, source: SourceFile, draft: InventoryDraft, vault?: Vault): void {
  for (const { name, key, value } of root.entries) {
    if (!KEYS.includes(name))
      draft.problems.push({
        message: `unknown key "${name}" of constructed`,
        at: place(key),
        hint: didYouMean(name, KEYS),
      })
    else if (REFUSED.has(name) && value.value === true)
      draft.problems.push({ message: `"${name}" is not supported`, at: place(key) })
  }
  construct(root, source, draft, { vault })
}

/** Makes the variables and groups that `compose`, `groups` and `keyed_groups` of a file say, for its hosts, or for all where none are named. */
export function construct(
  root: MapNode,
  source: SourceFile,
  draft: InventoryDraft,
  { vault, hosts = draft.hostNames() }: { readonly vault?: Vault | undefined; readonly hosts?: readonly string[] },
): void {
  new Construction(root, source, draft).run(hosts, vault)
}

class Construction {
  readonly #draft: InventoryDraft
  readonly #file: string
  readonly #strict: boolean
  readonly #compose: readonly Entry[]
  readonly #groups: readonly Entry[]
  readonly #keyed: readonly KeyedGroup[]
  /** Places of expressions that were complained of. */
  readonly #told = new Set<string>()

  constructor(root: MapNode, source: SourceFile, draft: InventoryDraft) {
    this.#draft = draft
    this.#file = source.path
    this.#strict = entryOf(root, 'strict')?.value.value === true
    this.#compose = this.#expressions(root, 'compose')
    this.#groups = this.#expressions(root, 'groups')
    this.#keyed = readKeyedGroups(root, draft)
  }

  run(hosts: readonly string[], vault: Vault | undefined): void {
    const before = this.#draft.copy().finish()
    for (const name of hosts) this.#composeHost(name, scopeOf(name, before, vault))
    // Conditions see the composed variables, but not yet the groups that they make themselves.
    const composed = this.#draft.copy().finish()
    for (const name of hosts) this.#groupHost(name, scopeOf(name, composed, vault))
  }

  #composeHost(host: string, scope: Scope): void {
    for (const entry of this.#compose) {
      const value = this.#evaluate(entry.value, scope, `${entry.name} of host "${host}"`)
      if (value !== undefined)
        this.#draft.setHostVariable(host, entry.name, { value: asData(value as Json), at: placeOfValue(entry) })
    }
  }

  #groupHost(host: string, scope: Scope): void {
    for (const entry of this.#groups) {
      const holds = this.#evaluate(entry.value, scope, `group "${entry.name}" for host "${host}"`)
      if (holds !== undefined && truthy(holds)) this.#draft.addHost(host, groupName(entry.name), this.#file)
    }
    for (const keyed of this.#keyed) {
      const key = this.#evaluate(keyed.key, scope, `a keyed group of host "${host}"`)
      const parent =
        keyed.parent === undefined
          ? undefined
          : this.#evaluate(keyed.parent, scope, `a parent group of host "${host}"`, true)
      if (key === undefined || (keyed.parent !== undefined && parent === undefined)) continue
      for (const name of groupNames(keyed, key)) {
        this.#draft.addHost(host, name, this.#file)
        if (typeof parent === 'string' && parent !== '') this.#draft.addChild(groupName(parent), name, keyed.at)
      }
    }
  }

  /** The value of an expression, or of a template; undefined where it cannot be had. */
  #evaluate(node: YamlNode, scope: Scope, what: string, isTemplate = false): unknown {
    const { value } = node
    if (typeof value !== 'string') return value
    try {
      return (isTemplate ? evaluateValue(value, scope) : compileExpression(value).evaluate(scope)) ?? undefined
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      this.#tell(error, place(node), what)
      return undefined
    }
  }

  #tell({ reason, message, hint }: TemplateError, at: Position, what: string): void {
    const key = `${at.line}:${at.column}`
    if ((!this.#strict && reason !== 'syntax') || this.#told.has(key)) return
    this.#told.add(key)
    const problem = { message: reason === 'syntax' ? message : `${what}: ${message}`, at, hint }
    if (this.#strict) this.#draft.problems.push(problem)
    else this.#draft.warnings.push(problem)
  }

  #expressions(root: MapNode, name: string): readonly Entry[] {
    const entry = entryOf(root, name)
    if (entry === undefined || entry.value.value === null) return []
    if (entry.value.kind === 'map') return entry.value.entries
    this.#draft.problems.push({
      message: `"${name}" is not a mapping`,
      at: placeOfValue(entry),
      hint: 'write "name: expression"',
    })
    return []
  }
}

const nothing = { groups: new Map(), hosts: new Map() }

function scopeOf(name: string, inventory: Inventory, vault: Vault | undefined): Scope {
  const host = inventory.hosts.get(name)
  if (host === undefined) return new LayeredScope([])
  const layers = inventoryLayers(host, { inventory, besideInventory: nothing, besidePlaybook: undefined })
  return new LayeredScope([...layers, hostMagic(host)], undefined, { vault })
}

/** A value that is data, and no template: what looks like one in it is none. */
export function asData(value: Json): Json {
  if (typeof value === 'string') return /\{[{%#]/.test(value) ? `{% raw %}${value}{% endraw %}` : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(asData)
  return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, Json]) => [name, asData(inner)]))
}
