import { assertThat, fail } from './assert.ts'
import { asyncStatus } from './async-status.ts'
import { debug } from './debug.ts'
import { addHost, groupBy } from './inventory.ts'
import { includeVars } from './include-vars.ts'
import { pause } from './pause.ts'
import { setFact } from './set-fact.ts'
import { setStats } from './set-stats.ts'
import type { Statement } from './statement.ts'
import { includeRole, includeTasks, meta } from './steer.ts'
import { validateArgumentSpec } from './validate.ts'

const statements: Readonly<Record<string, Statement>> = {
  add_host: addHost,
  assert: assertThat,
  async_status: asyncStatus,
  debug,
  fail,
  group_by: groupBy,
  include_role: includeRole,
  include_tasks: includeTasks,
  include_vars: includeVars,
  meta,
  pause,
  set_fact: setFact,
  set_stats: setStats,
  validate_argument_spec: validateArgumentSpec,
}

/** The statement of that name. The language lets no other name through. */
export function statementNamed(name: string): Statement {
  const statement = statements[name]
  if (statement === undefined) throw new TypeError(`no statement ${name}`)
  return statement
}
