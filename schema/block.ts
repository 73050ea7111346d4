import { delegationKeywords, inheritedKeywords } from './inherited.ts'
import type { Keywords } from './shapes.ts'

/** The keywords of a block. */
export const blockKeywords = {
  ...inheritedKeywords,
  block: { shape: 'tasks', description: 'Tasks that share the keywords beside it.' },
  rescue: { shape: 'tasks', description: 'Tasks that run where one of the block failed.' },
  always: { shape: 'tasks', description: 'Tasks that run whatever happened.' },
  when: { shape: 'condition', description: 'A condition on each task of the block.' },
  notify: { shape: 'texts', description: 'Handlers to run at the end if a task of the block changed something.' },
  ...delegationKeywords,
} as const satisfies Keywords
