import type { ValueSchema } from '../../schema/infer.ts'
import type { Statement } from './statement.ts'

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

const partsOfRole: { readonly [name: string]: ValueSchema } = {
  name: { type: 'string', aliases: ['role'], description: 'The role: its name, or the path of its directory.' },
  tasks_from: { type: 'string', default: 'main', description: 'The file in tasks to take.' },
  handlers_from: { type: 'string', default: 'main', description: 'The file in handlers to take.' },
  vars_from: { type: 'string', default: 'main', description: 'The file in vars to take.' },
  defaults_from: { type: 'string', default: 'main', description: 'The file in defaults to take.' },
  allow_duplicates: {
    type: 'boolean',
    default: true,
    description: 'Applies the role also where it was applied before.',
  },
  rolespec_validate: { type: 'boolean', default: true, description: 'Holds variables to what the role says it takes.' },
}

const includeRole: Statement = {
  name: 'include_role',
  summary: 'Apply a role, which is chosen when the task is reached.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      ...partsOfRole,
      public: { type: 'boolean', default: false, description: 'Shows its variables to all later tasks.' },
      apply: { type: 'object', description: 'Keywords for its tasks.' },
    },
  },
}

const importRole: Statement = {
  name: 'import_role',
  summary: 'Put the tasks of a role here, before the run begins.',
  args: {
    type: 'object',
    required: ['name'],
    properties: {
      ...partsOfRole,
      public: { type: 'boolean', default: true, description: 'Shows its variables to the whole play.' },
    },
  },
}

/** Statements that bring in files and roles. */
export const includeStatements: readonly Statement[] = [includeTasks, importTasks, includeVars, includeRole, importRole]
