import type { Json } from '../../schema/infer.ts'
import type { Play, Task } from '../language/tree.ts'

/** The task that gathers facts at the start of a play; undefined where the play says `gather_facts: false`. */
export function gathering(play: Play): Task | undefined {
  const asked = play.gatherFacts?.value
  if (asked === false || (typeof asked === 'string' && /^(?:no|false|off)$/i.test(asked))) return undefined
  const at = play.gatherFacts?.at() ?? play.at
  const written = {
    gather_subset: play.gatherSubset?.value,
    gather_timeout: play.gatherTimeout?.value,
    fact_path: play.factPath?.value,
  }
  const given = Object.entries(written).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  const args = { value: Object.fromEntries(given), at: () => at }
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
    tags: ['always'],
  }
}
