import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Position, SourceFile } from './source.ts'

/**
 * The typed tree of a playbook: frozen, each node with its place. Values that may hold templates stay as they were written; the
 * engine evaluates them for each host. Nothing in it refers to a host.
 */
export interface Playbook {
  readonly source: SourceFile
  readonly plays: readonly Play[]
}

/** A value as it was written, and where each part of it stands. */
export interface Located<T extends Json = Json> {
  readonly value: T
  /** The place of the value, or of what is inside it: `at()`, `at('args', 0)`. The nearest enclosing place where the path leads nowhere. */
  at(...path: readonly (string | number)[]): Position
}

/** A condition: one expression for each entry of the list; all must hold. */
export type Condition = Located<string | boolean | readonly (string | boolean)[]>

/** Keywords that plays, blocks and tasks share; a task inherits what it does not set. Unset is `undefined`. */
export interface Inherited {
  readonly become?: Located | undefined
  readonly becomeUser?: Located | undefined
  readonly becomeMethod?: Located | undefined
  readonly becomeFlags?: Located | undefined
  readonly checkMode?: Located | undefined
  readonly diff?: Located | undefined
  readonly connection?: Located | undefined
  readonly remoteUser?: Located | undefined
  readonly port?: Located | undefined
  readonly environment?: Located | undefined
  readonly ignoreErrors?: Located | undefined
  readonly ignoreUnreachable?: Located | undefined
  readonly anyErrorsFatal?: Located | undefined
  readonly noLog?: Located | undefined
  readonly runOnce?: Located | undefined
  readonly throttle?: Located | undefined
  readonly timeout?: Located | undefined
  /** Not on plays. */
  readonly delegateTo?: Located | undefined
  readonly delegateFacts?: Located | undefined
  /** As written; a tag may be a template. */
  readonly tags: readonly string[]
  readonly vars?: Located<JsonObject> | undefined
  /** Of those for one module, the last is in force. */
  readonly moduleDefaults?: readonly Located<JsonObject>[] | undefined
}

export interface Play extends Inherited {
  readonly kind: 'play'
  readonly name: string | undefined
  readonly at: Position
  readonly hosts: Located
  readonly gatherFacts: Located | undefined
  readonly gatherSubset: Located | undefined
  readonly gatherTimeout: Located | undefined
  readonly factPath: Located | undefined
  readonly varsPrompt: readonly Prompt[]
  readonly varsFiles: Located | undefined
  readonly serial: Located | undefined
  readonly strategy: Located | undefined
  readonly order: Located | undefined
  readonly maxFailPercentage: Located | undefined
  readonly forceHandlers: Located | undefined
  readonly preTasks: readonly Node[]
  /** The roles of `roles:`, each a block of its tasks. */
  readonly roles: readonly Node[]
  readonly tasks: readonly Node[]
  readonly postTasks: readonly Node[]
  /** The play's own; those of roles are with the roles. */
  readonly handlers: readonly Node[]
}

/** A variable that the user is asked for when a play starts. */
export interface Prompt {
  readonly name: string
  /** What to ask. */
  readonly prompt: string
  readonly default: Located | undefined
  /** Does not show what the user types. */
  readonly private: boolean
  /** Asks twice. */
  readonly confirm: boolean
  /** The scheme to hash the answer with: `sha512_crypt`. */
  readonly encrypt: string | undefined
  readonly salt: string | undefined
  readonly saltSize: number | undefined
}

export type Node = Task | Block

export interface Block extends Inherited {
  readonly kind: 'block'
  readonly name: string | undefined
  readonly at: Position
  readonly when: Condition | undefined
  readonly block: readonly Node[]
  readonly rescue: readonly Node[]
  readonly always: readonly Node[]
  readonly notify: readonly string[]
  /** Set where the block is a role: its dependencies, each a block of its own, then its tasks. */
  readonly role?: Role | undefined
}

/** A role as it is used in one place. */
export interface Role {
  /** Of its directory: the part of a path after the last slash. */
  readonly name: string
  /** Absolute path of its directory. */
  readonly path: string
  /** Tells uses apart: where it is the same, so are role and parameters. */
  readonly key: string
  /** Whether it runs again where a use with the same key has run. */
  readonly allowDuplicates: boolean
  /** Whether its variables are seen in the whole play. */
  readonly isPublic: boolean
  readonly defaults: Located<JsonObject> | undefined
  readonly vars: Located<JsonObject> | undefined
  /** What the use gives: `vars` beside the role's name, and its parameters. */
  readonly useVars: Located<JsonObject> | undefined
  readonly params: Located<JsonObject> | undefined
  readonly dependencies: readonly Role[]
  readonly handlers: readonly Node[]
}

export interface Task extends Inherited {
  readonly kind: 'task'
  /** As written; undefined where the task has none. */
  readonly name: string | undefined
  readonly at: Position
  readonly action: Action
  readonly when: Condition | undefined
  /** Any of `loop` and `with_*`; `lookup` is the part after `with_`. */
  readonly loop: Loop | undefined
  readonly register: string | undefined
  readonly changedWhen: Condition | undefined
  readonly failedWhen: Condition | undefined
  readonly until: Condition | undefined
  readonly retries: Located | undefined
  readonly delay: Located | undefined
  readonly notify: readonly string[]
  /** For handlers: further names that they answer to. */
  readonly listen: readonly string[]
  /** Of an include: what `apply` puts around its tasks, a block that is empty yet. */
  readonly apply?: Block | undefined
  /** Seconds that it may run in the background, and between two looks at it. */
  readonly async?: Located | undefined
  readonly poll?: Located | undefined
}

export interface Loop {
  readonly lookup: string
  readonly over: Located
  readonly control: {
    readonly loopVar: string
    readonly indexVar: string | undefined
    readonly label: Located | undefined
    readonly pause: Located | undefined
    /** Whether `ansible_loop` is set, and whether it holds all items. */
    readonly extended?: Located | undefined
    readonly extendedAllItems?: Located | undefined
    readonly breakWhen?: Condition | undefined
  }
}

/** What a task does: a module on the host, or a statement of the language, which acts on the run. */
export interface Action {
  /** The canonical name: `fstab` for `mount` and for `ansible.posix.mount`. */
  readonly name: string
  /** As the user wrote it. */
  readonly written: string
  readonly kind: 'module' | 'statement'
  /** As written, templates and all; a free form under the argument's own name. */
  readonly args: Located<JsonObject>
  readonly at: Position
}
