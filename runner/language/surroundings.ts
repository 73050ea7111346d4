import type { ScalarNode, YamlNode } from './node.ts'
import type { Reading } from './reading.ts'
import type { Located, Node } from './tree.ts'
import type { JsonObject } from '../../schema/infer.ts'

/** What tasks are read in: the play around them, the keywords that they inherit and the files that lead to them. */
export interface Surroundings {
  readonly reading: Reading
  readonly section: 'tasks' | 'handlers'
  readonly notices: Notices
  /** The `module_defaults` around a task, the nearest last. */
  readonly defaults: readonly Located<JsonObject>[]
  /** True for a file that is read in the run: what `module_defaults` there are around it is then not known here. */
  readonly inRun?: boolean
  /** Paths of the files that are being read, the innermost last. */
  readonly files: readonly string[]
  /** The directory of the playbook, where included files are also looked for. */
  readonly directory: string
  /** The roles around, the innermost last: their names, the paths of their directories. */
  readonly roles: readonly { readonly name: string; readonly path: string }[]
  /** Paths of the roles whose dependencies are being read, the innermost last. */
  readonly dependents?: readonly string[]
  /** Reads a list of tasks; here so that a task can bring in the tasks of a file. */
  readonly readNodes: (list: YamlNode, around: Surroundings) => readonly Node[]
}

/** What the handlers of a play answer to, and who notifies them: compared when the whole play was read. */
export interface Notices {
  readonly handlers: Set<string>
  readonly notified: ScalarNode[]
  /** True where handlers have names that are known only in the run. */
  open: boolean
}

export const noNotices = (): Notices => ({ handlers: new Set(), notified: [], open: false })
