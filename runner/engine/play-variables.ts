import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { RenderOptions } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Variable } from '../inventory/inventory.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Located, Play, Task } from '../language/tree.ts'
import { renderFile } from '../template/compile.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { Layer, Level } from '../vars/layers.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { loadVarsFiles } from '../vars/vars-files.ts'
import type { SearchPath } from './controller.ts'
import { evaluate } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import type { Lineage } from './lineage.ts'

/** The variables that a play, its blocks and its tasks give, and where its files are. */
export class PlayVariables {
  readonly #play: Play
  readonly #directory: string
  readonly #magic: readonly Layer[]
  readonly #written = new WeakMap<Located<JsonObject>, Layer>()
  readonly #scopes = new Map<HostRun, LayeredScope>()
  readonly #files = new Map<string, Layer>()

  /** `directory` is the playbook's; `magic` holds the variables of the play itself. */
  constructor(play: Play, directory: string, magic: readonly Layer[]) {
    this.#play = play
    this.#directory = directory
    this.#magic = magic
  }

  /** The variables of a task on a host: the host's, the play's, those of the blocks around it, its own, and `extra`, strongest last. */
  scopeOf(host: HostRun, lineage: Lineage, extra: readonly Layer[] = []): LayeredScope {
    const layers = lineage.flatMap((node): readonly Layer[] => {
      if (node.kind === 'play' || node.vars === undefined) return []
      return [this.layerOf(node.vars, node.kind === 'block' ? 'block-vars' : 'task-vars')]
    })
    const outer = this.ofPlay(host)
    const inner = layers.length + extra.length === 0 ? outer : outer.with(...layers, ...extra)
    const task = lineage.at(-1)
    return task?.kind === 'task' ? inner.within(this.searchPath(task).directories) : inner
  }

  /** The variables of the play on a host. Throws `ProblemsFound` where a file of variables cannot be read. */
  ofPlay(host: HostRun): LayeredScope {
    const known = this.#scopes.get(host)
    if (known !== undefined) return known
    const { vars, varsFiles } = this.#play
    const layers = vars === undefined ? this.#magic : [...this.#magic, this.layerOf(vars, 'play-vars')]
    const inner = host.vars.scope(...layers)
    const scope = varsFiles === undefined ? inner : inner.with(this.#fileLayer(varsFiles, inner))
    this.#scopes.set(host, scope)
    return scope
  }

  /** Written variables as a layer, made once. */
  layerOf(vars: Located<JsonObject>, level: Level): Layer {
    const known = this.#written.get(vars)
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
    this.#written.set(vars, layer)
    return layer
  }

  /** Where a task finds the user's files: beside the file that it stands in, then beside the playbook. */
  searchPath(task: Task): SearchPath {
    return { directories: [...new Set([dirname(task.at.source.path), this.#directory])] }
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
      return renderFile(text, scope, { newlineSequence, loader, ...blocks })
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
