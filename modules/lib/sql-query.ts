import type { Json, JsonObject } from '../../schema/infer.ts'
import type { SqlResult, Statement } from '../question.ts'

/** What `query` and its arguments come to, or what is wrong with them. */
export function queriesOf(args: {
  readonly query: Json
  readonly positional_args?: Json | undefined
  readonly named_args?: JsonObject | undefined
}): readonly Statement[] | string {
  const queries = Array.isArray(args.query) ? (args.query as readonly Json[]) : [args.query]
  const { positional_args: given, named_args: named } = args
  const positional = given === undefined || Array.isArray(given) ? (given as readonly Json[] | undefined) : [given]
  const statements: Statement[] = []
  for (const query of queries) {
    if (typeof query !== 'string' || query.trim() === '') return 'query must be a statement, or a list of statements'
    const statement = bound(query.replace(/;\s*$/, ''), positional, named)
    if (typeof statement === 'string') return statement
    statements.push(statement)
  }
  return statements.length === 0 ? 'query names no statement' : statements
}

/** A statement with its values: `%s`, `%(name)s` and `%%` as Python's clients have them become the server's own. */
function bound(
  sql: string,
  positional: readonly Json[] | undefined,
  named: JsonObject | undefined,
): Statement | string {
  if (positional === undefined && named === undefined) return { sql }
  if (sql.includes('?'))
    return 'a query with arguments may not hold a question mark: give the text that has it as an argument'
  const values: Json[] = []
  const faults: string[] = []
  const text = sql.replaceAll(/%(?:(%)|s|\(([^)]*)\)s)/g, (_, percent?: string, name?: string) => {
    if (percent !== undefined) return '%'
    const value = name === undefined ? positional?.[values.length] : named?.[name]
    if (value === undefined)
      faults.push(
        name === undefined ? 'there are more %s in the query than positional_args' : `named_args has no ${name}`,
      )
    else if (value !== null && typeof value === 'object')
      faults.push('an argument must be text, a number, true, false or null')
    values.push(value ?? null)
    return '?'
  })
  if (positional !== undefined && positional.length > values.length)
    faults.push('there are fewer %s in the query than positional_args')
  const plain = values.map((value) => (typeof value === 'boolean' ? Number(value) : (value as string | number | null)))
  return faults[0] ?? { sql: text, values: plain }
}

const withoutComments = (sql: string): string =>
  sql.replace(/^(?:\s|\(|--\s[^\n]*\n|#[^\n]*\n|\/\*[^!][\s\S]*?\*\/)+/, '')

/** True where a statement is of a kind that reads; what it calls may do more. */
export const readsOnly = (sql: string): boolean =>
  /^(?:select|show|describe|desc|explain|with|values|table|help)\b/i.test(withoutComments(sql)) &&
  !/\binto\s+(?:outfile|dumpfile|@)|^analyze\b|;\s*\S/i.test(sql)

/** Whether a statement changed something, as far as its kind and the server's answer tell. */
export function changedBy(sql: string, { affected, warnings }: SqlResult): boolean {
  const text = withoutComments(sql)
  if (/^(?:insert|update|delete|replace|load)\b/i.test(text)) return affected > 0
  // The server remarks that there was nothing to do.
  if (/^(?:create|drop|alter)\b/i.test(text) && /\bif\s+(?:not\s+)?exists\b/i.test(text)) return warnings === 0
  return !readsOnly(sql) && !/^(?:use|do|begin|start|commit|rollback|set\s+(?!global|persist|password))/i.test(text)
}

/** Rows with numbers as numbers, as far as they can be kept exactly. */
export function typedRows({ rows, numeric }: SqlResult): readonly JsonObject[] {
  const numbers = new Set(numeric)
  const typed = (column: string, text: string | null): Json => {
    if (text === null || !numbers.has(column)) return text
    const value = Number(text)
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text
  }
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typed(name, value)])))
}
