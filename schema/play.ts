import { inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

/** The keywords of a play. */
export const playKeywords = {
  ...inheritedKeywords,
  hosts: { shape: 'hosts', description: 'The hosts that the play is for: names, groups, patterns.' },
  user: { shape: 'text', description: 'An old name for remote_user.' },
  gather_facts: { shape: 'boolean', description: 'Reads facts about the hosts before the first task.' },
  gather_subset: { shape: 'texts', description: 'Which facts to read; with ! in front, all but those.' },
  gather_timeout: { shape: 'number', description: 'Passed to setup; reading has a deadline of its own.' },
  vars_files: { shape: 'files', description: 'Files of variables; of a nested list, the first that exists.' },
  vars_prompt: { shape: 'list', description: 'Variables to ask for at the start.' },
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
  fact_path: { shape: 'text', description: 'Where the hosts keep facts of their own.' },
  pre_tasks: { shape: 'tasks', description: 'Tasks before the roles and tasks.' },
  roles: { shape: 'list', description: 'Roles to apply, in order.' },
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

/** What an entry of `vars_prompt` takes. */
export const promptKeywords = {
  name: { shape: 'text', description: 'The variable that takes the answer.' },
  prompt: { shape: 'text', description: 'What to ask; the name of the variable where unset.' },
  default: { shape: 'any', description: 'The value where the user only presses return.' },
  private: { shape: 'boolean', description: 'Does not show what the user types; true where unset.' },
  confirm: { shape: 'boolean', description: 'Asks twice, until both answers are the same.' },
  encrypt: { shape: 'text', description: 'How to hash the answer, as a password: sha512_crypt, sha256_crypt, bcrypt.' },
  salt: { shape: 'text', description: 'The salt of the hash; random where unset.' },
  salt_size: { shape: 'integer', description: 'The length of a random salt.' },
  unsafe: { shape: 'boolean', description: 'Accepted; an answer is never taken for a template.', support: 'accepted' },
} as const satisfies Keywords
