import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import type { RenderOptions } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Variable } from '../inventory/inventory.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Located, Node, Play, Role } from '../language/tree.ts'
import { templateVariables } from '../template/about-file.ts'
import { renderFile } from '../template/compile.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { Layer, Level } from '../vars/layers.ts'
import { LayeredScope } from '../vars/scope.ts'
import { loadVarsFiles } from '../vars/vars-files.ts'
import type { SearchPath } from './controller.ts'
import { evaluate } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { type Lineage, rolesOf } from './lineage.ts'
import { exposedLayers, paramsOfParents, roleLayers } from './role-variables.ts'

/** The variables that a play, its blocks and its tasks give, and where its files are. */
export class PlayVariables {
  readonly #play: Play
  readonly #directory: string
  readonly #magic: readonly Layer[]
  readonly #written = new WeakMap<Located<JsonObject>, Map<Level, Layer>>()
  readonly #scopes = new Map<HostRun, { readonly base: LayeredScope; readonly scope: LayeredScope }>()
  readonly #files = new Map<string, Layer>()
  /** Roles whose variables are seen in the whole play. */
  readonly #exposed: Role[] = []
  #prompted: readonly Layer[] = []

  /** `directory` is the playbook's; `magic` holds the variables of the play itself. */
  constructor(play: Play, directory: string, magic: readonly Layer[]) {
    this.#play = play
    this.#directory = directory
    this.#magic = magic
  }

  /** The variables of a task on a host: the host's, the play's, those of the blocks around it, its own, and `extra`, strongest last. */
  scopeOf(host: HostRun, lineage: Lineage, extra: readonly Layer[] = []): LayeredScope {
    const layerOf = (vars: Located<JsonObject>, level: Level): Layer => this.layerOf(vars, level)
    const roles = rolesOf(lineage)
    const layers = lineage.flatMap((node): readonly Layer[] => {
      if (node.kind === 'play' || node.vars === undefined) return []
      return [this.layerOf(node.vars, levelOf(node))]
    })
    const all = [...roleLayers(roles, layerOf), ...layers, ...extra, ...paramsOfParents(roles, layerOf)]
    const outer = this.ofPlay(host)
    const inner = all.length === 0 ? outer : outer.with(...all)
    return lineage.at(-1)?.kind === 'task' ? inner.within(this.searchPath(lineage).directories) : inner
  }

  /** The roles whose variables the whole play sees. */
  get exposed(): readonly Role[] {
    return this.#exposed
  }

  /** Shows a role's variables to the whole play from here on. */
  expose(...roles: readonly Role[]): void {
    if (roles.length === 0) return
    this.#exposed.push(...roles)
    this.#scopes.clear()
  }

  /** What the user answered to `vars_prompt`. */
  prompted(answers: ReadonlyMap<string, unknown>): void {
    this.#prompted = [{ kind: 'values', level: 'vars-prompt', variables: answers }]
    this.#scopes.clear()
  }

  /** The variables of the play on a host. Throws `ProblemsFound` where a file of variables cannot be read. */
  ofPlay(host: HostRun): LayeredScope {
    const { base } = host.vars
    const known = this.#scopes.get(host)
    if (known?.base === base) return known.scope
    const { vars, varsFiles } = this.#play
    const inner = host.vars.scope(
      ...this.#magic,
      ...(vars === undefined ? [] : [this.layerOf(vars, 'play-vars')]),
      ...this.#prompted,
      ...exposedLayers(this.#exposed, (written, level) => this.layerOf(written, level)),
    )
    const scope = varsFiles === undefined ? inner : inner.with(this.#fileLayer(varsFiles, inner))
    this.#scopes.set(host, { base, scope })
    return scope
  }

  /** Written variables as a layer, made once for each level. */
  layerOf(vars: Located<JsonObject>, level: Level): Layer {
    const made = this.#written.get(vars) ?? new Map<Level, Layer>()
    const known = made.get(level)
    if (known !== undefined) return known
    const variables = new Map(
      Object.entries(vars.value).map(([name, value]): [string, Variable] => [
        name,
        {
          value,
          get at() {
            return vars.at(name)
          },
        },
      ]),
    )
    const layer: Layer = { kind: 'written', level, variables }
    this.#written.set(vars, made.set(level, layer))
    return layer
  }

  /** Where a task finds the user's files: in its role and those around that, beside the file that it stands in, then beside the playbook. */
  searchPath(lineage: Lineage): SearchPath {
    const roles = rolesOf(lineage).map(({ path }) => path)
    const { source } = (lineage.at(-1) ?? this.#play).at
    return { directories: [...new Set([...roles.toReversed(), dirname(source.path), this.#directory])] }
  }

  /** Renders a template file's text; errors in it carry its name, line and column. */
  renderFile(file: string, text: string, scope: Scope, options: RenderOptions, path: SearchPath): string {
    const { newlineSequence = '\n', ...blocks } = options
    const loader = (name: string): string | null => {
      const places = isAbsolute(name)
        ? [name]
        : [dirname(file), ...path.directories].flatMap((directory) => [
            resolve(directory, name),
            resolve(directory, 'templates', name),
          ])
      const found = places.find((place) => existsSync(place))
      return found === undefined ? null : readFileSync(found, 'utf8')
    }
    try {
      return renderFile(text, withFile(scope, file, path), { newlineSequence, loader, ...blocks })
    } catch (error) {
      if (!(error instanceof TemplateError) || error.at !== undefined) throw error
      const before = text.slice(0, error.offset ?? 0).split('\n')
      const at = {
        source: { name: file, path: file, text },
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
        length: 1,
      }
      throw new TemplateError(error.reason, error.message, { offset: error.offset, hint: error.hint, at, cause: error })
    }
  }

  #fileLayer(varsFiles: Located, scope: Scope): Layer {
    const named = evaluate(varsFiles, scope)
    const entries = (Array.isArray(named) ? named : [named]).map((entry: unknown) =>
      Array.isArray(entry) ? entry.map(String) : String(entry),
    )
    const key = JSON.stringify(entries)
    const known = this.#files.get(key)
    if (known !== undefined) return known
    const { variables, problems } = loadVarsFiles(entries, [this.#directory], process.cwd(), scope.vault)
    if (problems.length > 0) throw new ProblemsFound(problems)
    const layer: Layer = { kind: 'written', level: 'vars-files', variables }
    this.#files.set(key, layer)
    return layer
  }
}

/** With what a template may say of its own file, which has the name that it is found by. */
function withFile(scope: Scope, file: string, { directories }: SearchPath): Scope {
  if (!(scope instanceof LayeredScope)) return scope
  const folder = directories
    .flatMap((directory) => [resolve(directory, 'templates'), directory])
    .find((each) => file.startsWith(`${each}/`))
  const name = folder === undefined ? file : relative(folder, file)
  return scope.with({ kind: 'computed', level: 'magic', variables: templateVariables(file, name) })
}

/** The variables of an include are those of what it includes, already for its own condition. */
function levelOf(node: Node): Level {
  if (node.kind === 'block') return 'block-vars'
  return node.action.kind === 'statement' && /^include_(?:tasks|role)$/.test(node.action.name)
    ? 'include-params'
    : 'task-vars'
}
