import type { Keywords } from './shapes.ts'

/** Keywords that plays, blocks and tasks share. A task has the nearest value that is set around it. */
export const inheritedKeywords = {
  name: { shape: 'text', description: 'What it is called in the output.' },
  vars: { shape: 'mapping', description: 'Variables that are seen here and below.' },
  environment: { shape: 'mappings', description: 'Environment variables of what runs on the host.' },
  become: { shape: 'boolean', description: 'Acts as another user, root unless become_user says otherwise.' },
  become_user: { shape: 'text', description: 'The user to act as.' },
  become_method: { shape: 'text', description: 'How to become that user: `sudo` or `su`.' },
  become_flags: { shape: 'text', description: 'Further options for the become method.' },
  connection: { shape: 'text', description: 'How to reach the host: ssh or local.' },
  remote_user: { shape: 'text', description: 'The user to log in as.' },
  port: { shape: 'integer', description: 'The port to connect to.' },
  tags: { shape: 'texts', description: 'Names by which tasks are chosen with --tags and --skip-tags.' },
  check_mode: {
    shape: 'boolean',
    description: 'True: only say what would change. False: change it also in check mode.',
  },
  diff: { shape: 'boolean', description: 'Shows what changes, line by line.' },
  no_log: { shape: 'boolean', description: 'Keeps arguments and results out of output and logs.' },
  ignore_errors: { shape: 'boolean', description: 'Goes on after a failure.' },
  ignore_unreachable: { shape: 'boolean', description: 'Goes on with a host that could not be reached.' },
  any_errors_fatal: { shape: 'boolean', description: 'A failure on one host ends the play on all.' },
  run_once: { shape: 'boolean', description: 'Runs on one host only; all hosts share the result.' },
  throttle: { shape: 'integer', description: 'The most hosts that do this at the same time.' },
  timeout: { shape: 'integer', description: 'Seconds after which the task fails.' },
  module_defaults: { shape: 'defaults', description: 'Arguments that modules get where a task does not give them.' },
  debugger: { shape: 'text', description: 'Accepted; there is no debugger.', support: 'accepted' },
  collections: {
    shape: 'texts',
    description: 'Accepted; names of modules are looked up without it.',
    support: 'accepted',
  },
} as const satisfies Keywords

/** Keywords that blocks, roles and tasks share, and plays do not have. */
export const delegationKeywords = {
  delegate_to: { shape: 'text', description: 'Another host that is acted on.' },
  delegate_facts: { shape: 'boolean', description: 'Facts belong to the host that is delegated to.' },
} as const satisfies Keywords
