import { askFact, type Fact } from '../fact.ts'
import { shownPrivileges, type Privileges } from '../lib/mysql-privileges.ts'
import { rowsOf, sqlTrouble } from '../lib/sql-text.ts'
import { addressText } from '../question.ts'
import type { SqlLogin } from './galera-node.ts'
import { sqlQuestion } from './sql-answer.ts'

/** An account of a server: the user of a name, from a host. */
export interface Account {
  readonly host: string
  readonly plugin: string
  /** What the plugin keeps of the password. */
  readonly kept: string
}
export interface Server {
  readonly flavour: 'mariadb' | 'mysql'
  /** The first two numbers of the version. */
  readonly version: readonly [major: number, minor: number]
}
export type Accounts =
  | {
      readonly kind: 'known'
      readonly server: Server
      readonly accounts: readonly Account[]
      /** The names of all privileges that ALL stands for, in upper case. */
      readonly every: readonly string[]
    }
  | { readonly kind: 'unknown'; readonly message: string }

const place = (login: SqlLogin): string => login.addresses.map(addressText).join(', ')

/** The accounts of a user, https://mariadb.com/kb/en/mysql-user-table/; the table has other columns in each version. */
export function accounts(login: SqlLogin, name: string): Fact<Accounts> {
  const statements = [
    { sql: 'SELECT VERSION() AS version' },
    { sql: 'SELECT * FROM mysql.user WHERE User = ?', values: [name] },
    { sql: 'SHOW PRIVILEGES' },
  ]
  return askFact('mysql-accounts', `${name} at ${place(login)}`, sqlQuestion(login, statements), (answer): Accounts => {
    const message = sqlTrouble(answer, login, `read the accounts of ${name}`)
    if (message !== null) return { kind: 'unknown', message }
    return {
      kind: 'known',
      server: serverOf(rowsOf(answer, 0)[0]?.['version'] ?? ''),
      accounts: rowsOf(answer, 1).map((row) => ({
        host: row['Host'] ?? '',
        plugin: row['plugin'] ?? '',
        kept: row['authentication_string'] || row['Password'] || '',
      })),
      every: rowsOf(answer, 2)
        .map((row) => (row['Privilege'] ?? '').toUpperCase())
        .filter((privilege) => !['GRANT OPTION', 'PROXY', 'USAGE'].includes(privilege)),
    }
  })
}

/** From `10.11.19-MariaDB-0+deb12u1`, `8.0.36`, or `5.5.5-10.4.1-MariaDB` as old replicas say. */
export function serverOf(text: string): Server {
  const [, major, minor] = /(?:^5\.5\.5-)?(\d+)\.(\d+)/.exec(text.replace(/^5\.5\.5-(?=\d)/, '')) ?? []
  return { flavour: /mariadb/i.test(text) ? 'mariadb' : 'mysql', version: [Number(major ?? 0), Number(minor ?? 0)] }
}

/** What an account may do; a text says why that is not known. */
export function grants(login: SqlLogin, name: string, host: string): Fact<Privileges | string> {
  const question = sqlQuestion(login, [{ sql: 'SHOW GRANTS FOR ?@?', values: [name, host] }])
  return askFact('mysql-grants', `${name}@${host} at ${place(login)}`, question, (answer): Privileges | string => {
    const message = sqlTrouble(answer, login, `read the privileges of ${name}@${host}`)
    return message ?? shownPrivileges(rowsOf(answer, 0).flatMap((row) => Object.values(row).slice(0, 1).map(String)))
  })
}
