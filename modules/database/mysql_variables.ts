import type { SqlLogin } from '../facts/galera-node.ts'
import { sqlAnswer } from '../facts/sql-answer.ts'
import { sqlLoginOf, sqlProperties } from '../lib/sql-args.ts'
import { sqlStep } from '../lib/sql-step.ts'
import { identifier, rowsOf, sqlTrouble } from '../lib/sql-text.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { SqlAnswer, Statement } from '../question.ts'
import { becomes } from '../step.ts'

export default defineModule({
  name: 'mysql_variables',
  summary: 'Read or set a global variable of a MySQL or MariaDB server.',
  description:
    'What is set with `mode: global` is gone after a restart: have it in the configuration as well. MySQL 8 keeps what is set with `persist`; MariaDB cannot.',
  args: {
    type: 'object',
    required: ['variable'],
    properties: {
      variable: { type: 'string', pattern: '^[\\w.]+$', description: 'Its name.', since: '0.1.0' },
      value: { type: 'string', description: 'Its value; without one, the variable is only read.', since: '0.1.0' },
      mode: {
        type: 'string',
        enum: ['global', 'persist', 'persist_only'],
        default: 'global',
        description: 'persist: also after a restart; persist_only: only then.',
        since: '0.1.0',
      },
      ...sqlProperties,
    },
  },
  returns: { msg: 'The value, where it is only read.', queries: 'The statements that made the change.' },
  examples: [
    { title: 'Read a variable', task: 'mysql_variables: { variable: max_connections }', needs: 'a database server' },
    {
      title: 'Allow more connections until the next restart',
      task: 'mysql_variables: { variable: max_connections, value: "300" }',
      needs: 'a database server',
    },
  ],
  async observe(host, args): Promise<{ readonly login: SqlLogin; readonly answer: SqlAnswer }> {
    const login = await sqlLoginOf(host, args)
    return { login, answer: await host.get(variableFact(login, args)) }
  },
  plan(args, { login, answer }) {
    const what = `read the variable ${args.variable}`
    if (answer.kind === 'failed' && args.mode !== 'global')
      return refuse(`${what} as persisted: ${answer.message}. Only MySQL 8 and later keep variables; use mode: global`)
    const trouble = sqlTrouble(answer, login, what)
    if (trouble !== null) return refuse(trouble)
    const current = args.mode === 'persist_only' ? null : (rowsOf(answer, 0)[0]?.['Value'] ?? null)
    if (rowsOf(answer, 0).length === 0)
      return refuse(`the server has no variable ${args.variable}: see SHOW GLOBAL VARIABLES`)
    if (args.value === undefined) return propose([], { msg: current, queries: [] })
    const kept = args.mode === 'global' ? null : (rowsOf(answer, 1)[0]?.['Value'] ?? null)
    const runs = args.mode === 'persist_only' || sameValue(current, args.value)
    const stays = args.mode === 'global' || sameValue(kept, args.value)
    if (runs && stays) return propose([], { msg: args.value, queries: [] })
    const name = args.variable.split('.').map(identifier).join('.')
    const sql = `SET ${args.mode.toUpperCase()} ${name} = ?`
    const after = { ...answer, results: [args.value, args.value].map(resultOf) }
    const step = sqlStep(
      login,
      {
        subject: `variable ${args.variable}`,
        verb: 'update',
        attributes: [{ name: args.mode, before: runs ? kept : current, after: args.value }],
      },
      [{ sql, values: [valueOf(args.value)] }],
      [becomes(variableFact(login, args), after)],
    )
    return propose([step], { queries: [sql.replace('?', String(valueOf(args.value)))] })
  },
})

function variableFact(login: SqlLogin, args: { readonly variable: string; readonly mode: string }) {
  const values = [args.variable]
  const statements: Statement[] = [{ sql: 'SHOW GLOBAL VARIABLES WHERE Variable_name = ?', values }]
  if (args.mode !== 'global')
    statements.push({
      sql: 'SELECT VARIABLE_VALUE AS Value FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = ?',
      values,
    })
  return sqlAnswer(login, `variable ${args.variable}`, statements)
}

const resultOf = (value: string) => ({ rows: [{ Value: value }], numeric: [], affected: 0, warnings: 0 })

/** A number is given as one: the server takes no text for a numeric variable. */
const valueOf = (text: string): string | number => (/^-?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : text)

function sameValue(is: string | null, wanted: string): boolean {
  return is !== null && plain(is) === plain(wanted)
}

/** Servers show switches as ON and OFF, and take 1 and 0 as well. */
function plain(text: string): string {
  const lower = text.toLowerCase()
  if (/^(?:on|true|yes)$/.test(lower)) return '1'
  if (/^(?:off|false|no)$/.test(lower)) return '0'
  return /^-?\d+(?:\.\d+)?$/.test(lower) ? String(Number(lower)) : text
}
