import { inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

/** The keywords of a task, beside the module it names. */
export const taskKeywords = {
  ...inheritedKeywords,
  action: { shape: 'action', description: 'The module and its arguments, as text or mapping.' },
  local_action: { shape: 'action', description: 'The same as action, on the machine that drover runs on.' },
  args: { shape: 'mapping', description: 'Further arguments of the module.' },
  when: { shape: 'condition', description: 'Runs only where this holds; of a list, all must.' },
  loop: { shape: 'any', description: 'Repeats the task for each entry of a list.' },
  loop_control: { shape: 'loopControl', description: 'Names and output of the loop.' },
  register: { shape: 'text', description: 'The variable that takes the result.' },
  until: { shape: 'condition', description: 'Repeats the task until this holds.' },
  retries: { shape: 'integer', description: 'How often to repeat it at most.' },
  delay: { shape: 'number', description: 'Seconds between two tries.' },
  changed_when: { shape: 'condition', description: 'What counts as a change.' },
  failed_when: { shape: 'condition', description: 'What counts as a failure.' },
  notify: { shape: 'texts', description: 'Handlers to run at the end if this task changed something.' },
  delegate_to: { shape: 'text', description: 'Another host that the task acts on.' },
  delegate_facts: { shape: 'boolean', description: 'Facts belong to the host that is delegated to.', support: 'later' },
  async: {
    shape: 'integer',
    description: 'The most seconds that the task may run in the background.',
    support: 'later',
  },
  poll: { shape: 'integer', description: 'Seconds between two looks at a task in the background.', support: 'later' },
} as const satisfies Keywords

/** The keywords of a handler. */
export const handlerKeywords = {
  ...taskKeywords,
  listen: { shape: 'texts', description: 'Further names by which the handler is notified.' },
} as const satisfies Keywords

/** The kinds of `with_*` loops, by the part after `with_`. */
export const withLookups = {
  items: { shape: 'any', description: 'Repeats the task for each entry of a list, lists in it flattened once.' },
  dict: { shape: 'any', description: 'Repeats the task for each key and value of a mapping.' },
  list: { shape: 'any', description: 'Repeats the task for each entry of a list.' },
  nested: { shape: 'list', description: 'Repeats the task for each combination of entries of several lists.' },
  together: {
    shape: 'list',
    description: 'Repeats the task for the first entries of several lists, then the second, and so on.',
  },
  sequence: { shape: 'any', description: 'Repeats the task for a sequence of numbers: start=1 end=4.' },
  indexed_items: { shape: 'any', description: 'Repeats the task for each entry of a list, with its number.' },
  flattened: { shape: 'any', description: 'Repeats the task for each entry of a list, all lists in it flattened.' },
  subelements: { shape: 'any', description: '', support: 'later' },
  fileglob: { shape: 'any', description: '', support: 'later' },
  first_found: { shape: 'any', description: '', support: 'later' },
  random_choice: { shape: 'any', description: '', support: 'later' },
  lines: { shape: 'any', description: '', support: 'later' },
  inventory_hostnames: { shape: 'any', description: '', support: 'later' },
  cartesian: { shape: 'any', description: '', support: 'later' },
  filetree: { shape: 'any', description: '', support: 'later' },
} as const satisfies Keywords

/** What `loop_control` takes. */
export const loopControlKeywords = {
  loop_var: { shape: 'text', description: 'The name of the variable that holds the entry; item where unset.' },
  index_var: { shape: 'text', description: 'The name of a variable that counts from 0.' },
  label: { shape: 'any', description: 'What the output shows for the entry.' },
  pause: { shape: 'number', description: 'Seconds between two entries.' },
  extended: { shape: 'boolean', description: 'More about the loop in ansible_loop.', support: 'later' },
  extended_allitems: { shape: 'boolean', description: 'All entries in ansible_loop.allitems.', support: 'later' },
  break_when: { shape: 'condition', description: 'Ends the loop early.', support: 'later' },
} as const satisfies Keywords
