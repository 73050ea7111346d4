import type { Located, Node } from './tree.ts'

/**
 * What was learnt while reading and is not part of the tree, since the run finds it anew: names in files of variables, and tasks of
 * files that will be included.
 */
export interface FileNames {
  readonly names: ReadonlySet<string>
  /** True where a name of a file is known only in the run. */
  readonly open: boolean
}

const variableFiles = new WeakMap<Located, FileNames>()
const includedTasks = new WeakMap<Located, readonly Node[]>()

export function noteVariableFiles(varsFiles: Located, names: FileNames): void {
  variableFiles.set(varsFiles, names)
}
export function noteIncluded(args: Located, nodes: readonly Node[]): void {
  includedTasks.set(args, nodes)
}

/** The names that a play's `vars_files` define. */
export function namesInFiles(varsFiles: Located | undefined): FileNames {
  return (varsFiles === undefined ? nothing : variableFiles.get(varsFiles)) ?? unknown
}
/** The tasks that an `include_tasks` brings in; undefined where that is known only in the run. */
export function tasksIncluded(args: Located): readonly Node[] | undefined {
  return includedTasks.get(args)
}
const nothing: FileNames = { names: new Set(), open: false }
const unknown: FileNames = { names: new Set(), open: true }
