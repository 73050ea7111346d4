import { delegationKeywords, inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

/** The keywords of a task, beside the module it names. */
export const taskKeywords = {
  ...inheritedKeywords,
  ...delegationKeywords,
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
  async: { shape: 'integer', description: 'The most seconds that the task may run in the background.' },
  poll: { shape: 'integer', description: 'Seconds between two looks at a task in the background; 0 goes on at once.' },
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
  subelements: {
    shape: 'any',
    description: 'Repeats the task for each element of a list in each entry of a list of mappings.',
  },
  fileglob: { shape: 'any', description: 'Repeats the task for each file that fits one of the patterns.' },
  first_found: { shape: 'any', description: 'Runs the task for the first of these files that is there.' },
  random_choice: { shape: 'any', description: 'Runs the task for one entry of a list, picked at random.' },
  lines: { shape: 'any', description: 'Repeats the task for each line that a command prints.' },
  inventory_hostnames: { shape: 'any', description: 'Repeats the task for each host that a pattern matches.' },
  cartesian: { shape: 'any', description: 'Repeats the task for each combination of entries of several lists.' },
  filetree: { shape: 'any', description: '', support: 'later' },
} as const satisfies Keywords

/** What `loop_control` takes. */
export const loopControlKeywords = {
  loop_var: { shape: 'text', description: 'The name of the variable that holds the entry; item where unset.' },
  index_var: { shape: 'text', description: 'The name of a variable that counts from 0.' },
  label: { shape: 'any', description: 'What the output shows for the entry.' },
  pause: { shape: 'number', description: 'Seconds between two entries.' },
  extended: { shape: 'boolean', description: 'More about the loop in ansible_loop.' },
  extended_allitems: { shape: 'boolean', description: 'All entries in ansible_loop.allitems.' },
  break_when: { shape: 'condition', description: 'Ends the loop early.' },
} as const satisfies Keywords
