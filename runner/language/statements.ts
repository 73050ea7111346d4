import type { ArgsSchema } from '../../schema/infer.ts'

/** What acts on the run instead of on a host: its arguments, and what needs more than a schema to be checked. */
export interface Statement {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly args: ArgsSchema
  /** Arguments that are expressions, evaluated without `{{ }}`. */
  readonly expressions?: readonly string[]
}

const setFact: Statement = {
  name: 'set_fact',
  summary: 'Set variables for the host, until the end of the run.',
  args: {
    type: 'object',
    properties: {
      cacheable: { type: 'boolean', default: false, description: 'Accepted; there is no cache of facts between runs.' },
    },
    additionalProperties: true,
  },
}

const debug: Statement = {
  name: 'debug',
  summary: 'Show a text or the value of a variable.',
  expressions: ['var'],
  args: {
    type: 'object',
    mutuallyExclusive: [['msg', 'var']],
    properties: {
      msg: { type: 'any', description: 'What to show: text, a list of lines, or any value.' },
      var: { type: 'any', description: 'An expression, without braces, whose value is shown.' },
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'Shown only from this many -v on.' },
    },
  },
}

const assertion: Statement = {
  name: 'assert',
  summary: 'Fail unless all conditions hold.',
  expressions: ['that'],
  args: {
    type: 'object',
    required: ['that'],
    properties: {
      that: { type: 'any', description: 'A condition or a list of conditions.' },
      fail_msg: { type: 'any', aliases: ['msg'], description: 'What to say if one does not hold.' },
      success_msg: { type: 'any', description: 'What to say if all hold.' },
      quiet: { type: 'boolean', default: false, description: 'Says nothing about conditions that hold.' },
    },
  },
}

const fail: Statement = {
  name: 'fail',
  summary: 'Fail with a message.',
  args: {
    type: 'object',
    properties: { msg: { type: 'any', default: 'Failed as requested from task', description: 'What to say.' } },
  },
}

const meta: Statement = {
  name: 'meta',
  summary: 'Act on the run itself.',
  args: {
    type: 'object',
    required: ['free_form'],
    freeForm: 'free_form',
    properties: {
      free_form: {
        type: 'string',
        description: 'What to do.',
        enum: [
          'flush_handlers',
          'noop',
          'end_play',
          'end_host',
          'end_batch',
          'clear_facts',
          'clear_host_errors',
          'refresh_inventory',
          'reset_connection',
        ],
      },
    },
  },
}

const pause: Statement = {
  name: 'pause',
  summary: 'Wait for some time, or for the user.',
  args: {
    type: 'object',
    mutuallyExclusive: [['minutes', 'seconds']],
    properties: {
      minutes: { type: 'number', minimum: 0, description: 'Minutes to wait.' },
      seconds: { type: 'number', minimum: 0, description: 'Seconds to wait.' },
      prompt: { type: 'string', description: 'What to ask the user.' },
      echo: { type: 'boolean', default: true, description: 'Shows what the user types.' },
    },
  },
}

const includeTasks: Statement = {
  name: 'include_tasks',
  summary: 'Run the tasks of a file, which is chosen when the task is reached.',
  args: {
    type: 'object',
    required: ['file'],
    freeForm: 'file',
    properties: {
      file: { type: 'string', format: 'path', description: 'The file, relative to this one.' },
      apply: { type: 'object', description: 'Keywords for its tasks.' },
    },
  },
}

const importTasks: Statement = {
  name: 'import_tasks',
  summary: 'Put the tasks of a file here, before the run begins.',
  args: {
    type: 'object',
    required: ['file'],
    freeForm: 'file',
    properties: {
      file: { type: 'string', format: 'path', description: 'The file, relative to this one. It may hold no template.' },
    },
  },
}

const includeVars: Statement = {
  name: 'include_vars',
  summary: 'Read variables from a file or a directory.',
  args: {
    type: 'object',
    freeForm: 'file',
    mutuallyExclusive: [['file', 'dir']],
    requiredOneOf: [['file', 'dir']],
    properties: {
      file: { type: 'string', format: 'path', description: 'The file, looked up in `vars` and beside this one.' },
      dir: {
        type: 'string',
        format: 'path',
        description: 'A directory, whose files are read in the order of their names.',
      },
      name: { type: 'string', description: 'A variable to put them all in.' },
      depth: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'How deep to go into the directory; 0 is all the way.',
      },
      files_matching: { type: 'string', description: 'A regular expression that names of files must match.' },
      ignore_files: { type: 'array', items: { type: 'string' }, description: 'Names of files to leave out.' },
      extensions: {
        type: 'array',
        items: { type: 'string' },
        default: ['yaml', 'yml', 'json'],
        description: 'Kinds of files to read.',
      },
      ignore_unknown_extensions: {
        type: 'boolean',
        default: false,
        description: 'Leaves out files of other kinds instead of failing.',
      },
    },
  },
}

/** The statements of the language, which the engine carries out itself. */
export const statements: readonly Statement[] = [
  setFact,
  debug,
  assertion,
  fail,
  meta,
  pause,
  includeTasks,
  importTasks,
  includeVars,
]

/** Statements of Ansible's that are known, and refused until the engine acts on them. */
export const laterStatements: readonly string[] = [
  'add_host',
  'async_status',
  'group_by',
  'import_role',
  'include',
  'include_role',
  'set_stats',
  'validate_argument_spec',
]
