import { inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

/** The keywords of a play. */
export const playKeywords = {
  ...inheritedKeywords,
  hosts: { shape: 'hosts', description: 'The hosts that the play is for: names, groups, patterns.' },
  user: { shape: 'text', description: 'An old name for remote_user.' },
  gather_facts: { shape: 'boolean', description: 'Reads facts about the hosts before the first task.' },
  gather_subset: { shape: 'texts', description: 'Accepted; facts are read when they are needed.', support: 'accepted' },
  gather_timeout: { shape: 'number', description: 'Accepted; reading has a deadline of its own.', support: 'accepted' },
  vars_files: { shape: 'files', description: 'Files of variables; of a nested list, the first that exists.' },
  vars_prompt: { shape: 'list', description: 'Variables to ask for at the start.', support: 'later' },
  serial: { shape: 'serial', description: 'How many hosts, or what part of them, to do at a time.' },
  strategy: { shape: 'text', description: 'linear: all hosts task by task. free: each host at its own pace.' },
  order: {
    shape: 'text',
    description: 'The order of hosts: inventory, sorted, reverse_sorted, reverse_inventory, shuffle.',
  },
  max_fail_percentage: {
    shape: 'number',
    description: 'Ends the play when more than this part of the hosts has failed.',
  },
  force_handlers: { shape: 'boolean', description: 'Runs notified handlers also on hosts that failed.' },
  fact_path: { shape: 'text', description: 'Where local facts are.', support: 'later' },
  pre_tasks: { shape: 'tasks', description: 'Tasks before the roles and tasks.' },
  roles: { shape: 'list', description: 'Roles to apply, in order.', support: 'later' },
  tasks: { shape: 'tasks', description: 'What to do, in order.' },
  post_tasks: { shape: 'tasks', description: 'Tasks after all others.' },
  handlers: { shape: 'handlers', description: 'Tasks that run once, at the end, if something notified them.' },
} as const satisfies Keywords

/** The keywords of an entry that brings in another playbook. */
export const importPlaybookKeywords = {
  import_playbook: {
    shape: 'text',
    description: 'Another playbook, whose plays stand here. The path is relative to this file.',
  },
  name: inheritedKeywords.name,
  vars: { shape: 'mapping', description: 'Variables for all its plays.' },
  when: { shape: 'condition', description: 'A condition on each of its tasks.' },
  tags: inheritedKeywords.tags,
} as const satisfies Keywords
