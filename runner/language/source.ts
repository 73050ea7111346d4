/** A text that a user wrote, with the name to show for it. */
export interface SourceFile {
  /** As the user named it, or relative to the working directory: `playbooks/site.yml`. */
  readonly name: string
  /** Absolute path; for text that has no file, the name again. */
  readonly path: string
  readonly text: string
  /** True where the file is kept encrypted: its lines are not shown. */
  readonly sealed?: boolean
}

/** A place in a source. `line` and `column` count from 1, columns in UTF-16 units; `length` is how much to underline, at least 1. */
export interface Position {
  readonly source: SourceFile
  readonly line: number
  readonly column: number
  readonly length: number
}

/** Something wrong in what a user wrote. A value: problems are collected and shown together; a code frame is drawn at the edge. */
export interface Problem {
  /** What is wrong, without the place: `unknown keyword "taks"`. */
  readonly message: string
  readonly at?: Position | undefined
  /** What to do: `did you mean "tasks"?`. */
  readonly hint?: string | undefined
}

/** Problems that stop what was asked for. Thrown by the few functions that cannot go on, and turned into text at the edge. */
export class ProblemsFound extends Error {
  override readonly name = 'ProblemsFound'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('\n'))
    this.problems = problems
  }
}
