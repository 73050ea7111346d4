import { delegationKeywords, inheritedKeywords } from '../../schema/inherited.ts'
import type { KeywordValues } from './keywords.ts'
import { place } from './node.ts'
import type { Reading } from './reading.ts'

/** The keywords that mean something beside `include_tasks` and `include_role`; what else a task may have, Ansible refuses there. */
const taken: ReadonlySet<string> = new Set([
  'name',
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'listen',
  'loop',
  'loop_control',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
])

/** Finds the keywords beside an include that it does not take. */
export function checkIncludeKeywords(statement: string, values: KeywordValues, reading: Reading): void {
  for (const { name, key } of values.node.entries) {
    if (values.entry(name) === undefined || taken.has(name) || name.startsWith('with_')) continue
    const passedOn = Object.hasOwn(inheritedKeywords, name) || Object.hasOwn(delegationKeywords, name)
    const hint = passedOn ? `its tasks inherit what is below "apply:"` : `write it beside the tasks that are included`
    reading.add(`"${statement}" takes no keyword "${name}"`, place(key), hint)
  }
}
