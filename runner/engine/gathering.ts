import type { Play, Task } from '../language/tree.ts'

/** The task that gathers facts at the start of a play; undefined where the play says `gather_facts: false`. */
export function gathering(play: Play): Task | undefined {
  const written = play.gatherFacts?.value
  if (written === false || (typeof written === 'string' && /^(?:no|false|off)$/i.test(written))) return undefined
  const at = play.gatherFacts?.at() ?? play.at
  const args = { value: {}, at: () => at }
  return {
    kind: 'task',
    name: 'Gathering Facts',
    at,
    action: { name: 'setup', written: 'gather_facts', kind: 'module', args, at },
    when: undefined,
    loop: undefined,
    register: undefined,
    changedWhen: undefined,
    failedWhen: undefined,
    until: undefined,
    retries: undefined,
    delay: undefined,
    notify: [],
    listen: [],
    delegateTo: undefined,
    tags: ['always'],
  }
}
