import { includeStatements } from './include-statements.ts'
import { inventoryStatements } from './inventory-statements.ts'
import type { Statement } from './statement.ts'

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

const setStats: Statement = {
  name: 'set_stats',
  summary: 'Show values at the end of the run.',
  args: {
    type: 'object',
    required: ['data'],
    properties: {
      data: { type: 'object', description: 'The values by their names.' },
      per_host: { type: 'boolean', default: false, description: 'For each host on its own, instead of for the run.' },
      aggregate: {
        type: 'boolean',
        default: true,
        description: 'Adds numbers, lists, texts and mappings to what is there; otherwise replaces it.',
      },
    },
  },
}

const asyncStatus: Statement = {
  name: 'async_status',
  summary: 'Look at a task that runs in the background on the host.',
  args: {
    type: 'object',
    required: ['jid'],
    properties: {
      jid: { type: 'string', description: 'The `ansible_job_id` that the task returned.' },
      mode: {
        type: 'string',
        enum: ['status', 'cleanup'],
        default: 'status',
        description: 'cleanup removes what the host keeps of it.',
      },
    },
  },
}

const validateArgumentSpec: Statement = {
  name: 'validate_argument_spec',
  summary: 'Hold variables to a specification.',
  args: {
    type: 'object',
    required: ['argument_spec'],
    properties: {
      argument_spec: { type: 'object', description: "The options by their names, as in a role's argument_specs." },
      provided_arguments: { type: 'object', description: 'Values that override variables of the same names.' },
      validate_args_context: { type: 'object', description: 'Where the specification is from, for messages.' },
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
  setStats,
  asyncStatus,
  validateArgumentSpec,
  ...includeStatements,
  ...inventoryStatements,
]

/** Statements of Ansible's that are known, and refused until the engine acts on them. */
export const laterStatements: readonly string[] = ['include']
