import { rowsOf, sqlTrouble } from '../lib/sql-text.ts'
import { askFact, type Fact } from '../fact.ts'
import { addressText } from '../question.ts'
import type { SqlLogin } from './galera-node.ts'
import { sqlQuestion } from './sql-answer.ts'

export interface Database {
  readonly name: string
  /** Null where check mode cannot know the server's default. */
  readonly encoding: string | null
  readonly collation: string | null
}
/** The databases of a server, or why they are not known, for people. */
export type Databases =
  | {
      readonly kind: 'known'
      /** True where names are the same in upper and lower case (lower_case_table_names). */
      readonly foldsCase: boolean
      readonly databases: readonly Database[]
    }
  | { readonly kind: 'unknown'; readonly message: string }

/** https://dev.mysql.com/doc/refman/8.0/en/information-schema-schemata-table.html */
export function databases(login: SqlLogin): Fact<Databases> {
  const statements = [
    { sql: 'SELECT @@lower_case_table_names AS folds' },
    {
      sql: 'SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS encoding, DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA',
    },
  ]
  const about = login.addresses.map(addressText).join(', ')
  return askFact('databases', about, sqlQuestion(login, statements), (answer): Databases => {
    const message = sqlTrouble(answer, login, 'read the databases')
    if (message !== null) return { kind: 'unknown', message }
    return {
      kind: 'known',
      foldsCase: rowsOf(answer, 0)[0]?.['folds'] !== '0',
      databases: rowsOf(answer, 1).map((row) => ({
        name: row['name'] ?? '',
        encoding: row['encoding'] ?? null,
        collation: row['collation'] ?? null,
      })),
    }
  })
}
