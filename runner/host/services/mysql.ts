import type { Duplex } from 'node:stream'
import { createConnection, type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import type { SqlAnswer, SqlQuestion, SqlResult, Statement } from '../../../modules/question.ts'

/** Puts statements to a server at the other end of a stream. Never rejects: whatever goes wrong is an answer. */
export async function askMysql(question: SqlQuestion, stream: Duplex): Promise<SqlAnswer> {
  let connection: Connection
  try {
    connection = await login(question, stream)
  } catch (error) {
    stream.destroy()
    return noAnswer(error)
  }
  try {
    return await answers(question, connection)
  } finally {
    connection.destroy()
    stream.destroy()
  }
}

function login(question: SqlQuestion, stream: Duplex): Promise<Connection> {
  return createConnection({
    stream,
    user: question.user,
    ...(question.password === undefined ? {} : { password: question.password }),
    ...(question.database === undefined ? {} : { database: question.database }),
    connectTimeout: question.patience * 1000,
    charset: 'utf8mb4',
    // Values come as the server writes them, so that the same state always gives the same bytes.
    typeCast: (field) => field.string(),
    // The server may not ask for files of this machine.
    flags: ['-LOCAL_FILES'],
  })
}

async function answers(question: SqlQuestion, connection: Connection): Promise<SqlAnswer> {
  const results: SqlResult[] = []
  for (const [index, statement] of question.statements.entries()) {
    try {
      results.push(await result(connection, statement, question.patience * 1000))
    } catch (error) {
      if (isLost(error)) return noAnswer(error)
      return { kind: 'failed', statement: index, code: codeOf(error), message: messageOf(error) }
    }
  }
  return { kind: 'answered', results }
}

async function result(connection: Connection, { sql, values }: Statement, timeout: number): Promise<SqlResult> {
  const [given, fields] = await connection.query<RowDataPacket[] | ResultSetHeader>({
    sql,
    timeout,
    ...(values === undefined ? {} : { values: [...values] }),
  })
  if (!Array.isArray(given))
    return { rows: [], numeric: [], affected: given.affectedRows, warnings: given.warningStatus }
  return {
    rows: given.map((row) => ({ ...(row as Record<string, string | null>) })),
    numeric: fields.flatMap(({ name, columnType }) => (NUMBERS.has(columnType ?? -1) ? [name] : [])),
    affected: 0,
    warnings: 0,
  }
}

/** DECIMAL, TINY, SHORT, LONG, FLOAT, DOUBLE, LONGLONG, INT24, YEAR and NEWDECIMAL of the protocol. */
const NUMBERS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246])

/** What the client says where the connection ended or nothing came in time; the server's own codes start with ER_. */
function isLost(error: unknown): boolean {
  return !codeOf(error).startsWith('ER_')
}

function noAnswer(error: unknown): SqlAnswer {
  const code = codeOf(error)
  const message = messageOf(error)
  return code.startsWith('ER_') && !code.startsWith('ER_CON_COUNT')
    ? { kind: 'denied', message }
    : { kind: 'down', message }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
