import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { ActionNames } from './actions.ts'
import type { KnownModule } from './actions.ts'
import type { YamlNode } from './node.ts'
import type { Position, Problem, SourceFile } from './source.ts'
import type { Node } from './tree.ts'
import type { Vault } from './vault.ts'
import { vaultHeader } from './vault.ts'
import { keepSecrets } from './secrets.ts'
import { parseYaml } from './yaml.ts'

/** What a playbook is read with. */
export interface LoadOptions {
  /** The modules that tasks may name. */
  readonly modules: readonly KnownModule[]
  /** The text of a file; throws where it cannot be read. The file system's where unset. */
  readonly read?: (path: string) => string
  /** Opens encrypted files; without it, one is a problem. */
  readonly vault?: Vault | undefined
  /** Absolute paths are shown relative to this directory; the process's where unset. */
  readonly directory?: string
  /** Whether a module finds a file of the user's that it names without a template. Not checked where unset. */
  readonly fileExists?: (
    name: string,
    kind: 'files' | 'templates',
    from: SourceFile,
    /** Further directories to look in: of the roles around the task, nearest first, and of the playbook. */
    further: readonly string[],
  ) => boolean
  /** Where roles are looked for, after `roles` beside the playbook: absolute paths. */
  readonly rolesPath?: readonly string[] | undefined
}

/** One reading of a playbook and all that it names: the problems so far, and each file once. */
export class Reading {
  readonly options: LoadOptions
  readonly actions: ActionNames
  readonly #problems = new Map<string, Problem>()
  readonly #files = new Map<string, YamlNode | undefined>()
  /** What is said wherever a file is named that cannot be read. */
  readonly #unreadable = new Map<string, string>()
  readonly #texts: string[] = []
  /** The tasks of files that something includes, by section and path. */
  readonly included = new Map<string, readonly Node[]>()
  /** Whole paths that begin those of files which tasks fetch from hosts: they are there only in the run. */
  readonly fetched = new Set<string>()

  constructor(options: LoadOptions) {
    this.options = options
    this.actions = new ActionNames(options.modules)
  }

  /** Problems in the order of files and lines. The same problem, met again through an alias or a second import, is one. */
  get problems(): readonly Problem[] {
    return [...this.#problems.values()]
  }

  add(message: string, at: Position, hint?: string): void {
    this.addProblem({ message, at, hint })
  }

  addProblem(problem: Problem): void {
    const { at } = problem
    this.#problems.set(
      `${at?.source.path ?? ''}:${at?.line ?? 0}:${at?.column ?? 0}:${problem.message}`,
      Object.freeze(problem),
    )
  }

  /** Names that stand as a key, or behind `register`, in any file that was read, even one with problems. */
  get mentioned(): ReadonlySet<string> {
    const names = this.#texts.flatMap((text) => [...text.matchAll(/([A-Za-z_]\w*)\s*[:=]|\bregister:\s*(\w+)/g)])
    return new Set(names.map(([, key, registered]) => registered ?? key ?? ''))
  }

  /** What a file holds; undefined where it is empty, or cannot be read, which is then a problem at `named`. */
  file(path: string, named: Position | undefined): YamlNode | undefined {
    const absolute = resolve(path)
    const unreadable = this.#unreadable.get(absolute)
    if (unreadable !== undefined) this.addProblem({ message: unreadable, at: named })
    if (this.#files.has(absolute)) return this.#files.get(absolute)
    const root = this.#read(absolute, named)
    this.#files.set(absolute, root)
    return root
  }

  #read(path: string, named: Position | undefined): YamlNode | undefined {
    const name = this.nameOf(path)
    let text
    try {
      text = (this.options.read ?? readText)(path)
    } catch (error) {
      const message = `cannot read ${name}: ${reason(error)}`
      this.#unreadable.set(path, message)
      this.addProblem({ message, at: named })
      return undefined
    }
    const { vault } = this.options
    const sealed = vault !== undefined && text.startsWith(vaultHeader)
    const opened = sealed ? vault.open(Buffer.from(text), name) : undefined
    if (opened !== undefined && 'message' in opened) {
      this.addProblem({ at: named, ...opened })
      return undefined
    }
    const clear = opened?.toString('utf8') ?? text
    this.#texts.push(clear)
    const { root, problems } = parseYaml({ name, path, text: clear, sealed })
    for (const problem of problems) this.addProblem(problem)
    if (sealed && root !== undefined) keepSecrets(root, vault)
    return root
  }

  /** Whether there is such a file. */
  exists(path: string): boolean {
    const { read } = this.options
    if (read === undefined) return existsSync(path)
    try {
      read(path)
      return true
    } catch {
      return false
    }
  }

  /** A path as it is shown: relative to the working directory where it is below that. */
  nameOf(path: string): string {
    const shown = relative(this.options.directory ?? process.cwd(), path)
    return shown.startsWith('..') || shown === '' ? path : shown
  }
}

/** The text of a file, without a byte order mark; throws where it cannot be read. */
export const readText = (path: string) => readFileSync(path, 'utf8').replace(/^\uFEFF/, '')

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a directory'
    case 'EACCES':
      return 'permission denied'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
