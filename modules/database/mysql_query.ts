import type { SqlLogin } from '../facts/galera-node.ts'
import { sqlAnswer } from '../facts/sql-answer.ts'
import { sqlLoginOf, sqlProperties } from '../lib/sql-args.ts'
import { queriesOf, readsOnly, changedBy, typedRows } from '../lib/sql-query.ts'
import { sqlStep } from '../lib/sql-step.ts'
import { sqlTrouble } from '../lib/sql-text.ts'
import { defineModule, propose, refuse, type JsonObject } from '../module.ts'
import { anything } from '../step.ts'
import type { SqlAnswer, SqlResult, Statement } from '../question.ts'

export default defineModule({
  name: 'mysql_query',
  summary: 'Put statements to a MySQL or MariaDB server.',
  description:
    'Over the ssh connection of the host. Statements that only read are put in a transaction that can do nothing else, in check mode as well; they change ' +
    'nothing. Others always act, and a check counts them as unknown: see `mysql_db` and `mysql_user` for what there is a module for. Each statement ' +
    'gets all arguments.',
  opaque: true,
  args: {
    type: 'object',
    required: ['query'],
    mutuallyExclusive: [['positional_args', 'named_args']],
    properties: {
      query: { type: 'any', description: 'A statement, or a list of them.', since: '0.1.0' },
      positional_args: {
        type: 'any',
        description: 'A list of values, which take the places of `%s`.',
        since: '0.1.0',
      },
      named_args: {
        type: 'object',
        additionalProperties: true,
        description: 'Values by name, which take the places of `%(name)s`.',
        since: '0.1.0',
      },
      login_db: { type: 'string', description: 'The database that statements are about.', since: '0.1.0' },
      single_transaction: {
        type: 'boolean',
        default: false,
        description: 'All statements in one transaction.',
        since: '0.1.0',
      },
      ...sqlProperties,
    },
  },
  returns: {
    executed_queries: 'The statements, without the values.',
    query_result: 'For each statement its rows, each by the name of the column.',
    rowcount: 'For each statement how many rows it gave or changed.',
  },
  examples: [
    {
      title: 'Count the rows of a table',
      task: 'mysql_query: { login_db: shop, query: SELECT count(*) AS orders FROM orders }\nregister: shop',
      needs: 'a database server',
    },
    {
      title: 'Two rows, or none',
      task:
        'mysql_query:\n  login_db: shop\n  query: ["INSERT INTO orders VALUES (%(first)s)", "INSERT INTO orders VALUES (%(second)s)"]\n' +
        '  named_args: { first: 1, second: 2 }\n  single_transaction: true\n',
      needs: 'a database server',
    },
  ],
  async observe(host, args): Promise<State> {
    const login = { ...(await sqlLoginOf(host, args)), database: args.login_db }
    const statements = queriesOf(args)
    if (typeof statements === 'string' || !statements.every(({ sql }) => readsOnly(sql)))
      return { login, statements, answer: null }
    const answer = await host.get(sqlAnswer(login, 'query', inTransaction(statements, 'START TRANSACTION READ ONLY')))
    // A function that writes: what is called is not seen by the statement's text.
    const writes = answer.kind === 'failed' && answer.code === 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'
    return { login, statements, answer: writes ? null : answer }
  },
  plan(args, { login, statements, answer }) {
    if (typeof statements === 'string') return refuse(statements)
    const executed = statements.map(({ sql }) => sql)
    if (answer !== null) {
      const trouble = sqlTrouble(answer, login, 'run the query')
      return trouble === null ? propose([], told(executed, answer, 1)) : refuse(trouble, { executed_queries: executed })
    }
    const subject = statements.length === 1 ? 'query' : `${statements.length} queries`
    const all = args.single_transaction ? inTransaction(statements, 'START TRANSACTION') : statements
    return propose([sqlStep(login, { subject, verb: 'run' }, all, [anything])], { executed_queries: executed })
  },
  result(args, { statements }, [done]) {
    if (done === undefined || typeof statements === 'string') return {}
    const answer = JSON.parse(done.stdout.toString('utf8')) as SqlAnswer
    const executed = statements.map(({ sql }) => sql)
    const first = args.single_transaction ? 1 : 0
    const results = resultsOf(answer, first, executed.length)
    const changed = results.some((result, index) => changedBy(executed[index] ?? '', result))
    return { ...told(executed, answer, first), changed }
  },
})

interface State {
  readonly login: SqlLogin
  /** What is to be asked, or what is wrong with it. */
  readonly statements: readonly Statement[] | string
  /** What was answered to those that only read. */
  readonly answer: SqlAnswer | null
}

const inTransaction = (statements: readonly Statement[], begin: string): readonly Statement[] => [
  { sql: begin },
  ...statements,
  { sql: 'COMMIT' },
]

const resultsOf = (answer: SqlAnswer, first: number, count: number): readonly SqlResult[] =>
  answer.kind === 'answered' ? answer.results.slice(first, first + count) : []

function told(executed: readonly string[], answer: SqlAnswer, first: number): JsonObject {
  const results = resultsOf(answer, first, executed.length)
  return {
    executed_queries: executed,
    query_result: results.map(typedRows),
    rowcount: results.map(({ rows, affected }) => rows.length || affected),
  }
}
