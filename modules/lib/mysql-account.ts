import type { Account, Server } from '../facts/mysql-accounts.ts'
import type { Statement } from '../question.ts'
import { isPassword, nativeHash } from './mysql-password.ts'

/** How an account proves who it is. */
export type Proof =
  | { readonly kind: 'password'; readonly password: string }
  /** What mysql_native_password keeps. */
  | { readonly kind: 'hash'; readonly hash: string }
  | {
      readonly kind: 'plugin'
      readonly plugin: string
      /** What the plugin keeps, or what it makes that of. */
      readonly kept?: string | undefined
      readonly secret?: string | undefined
    }

const olderThan = ({ version }: Server, major: number, minor: number): boolean =>
  version[0] < major || (version[0] === major && version[1] < minor)

/** Whether an account proves itself so; null where that cannot be told. */
export function proves({ plugin, kept }: Account, proof: Proof): boolean | null {
  switch (proof.kind) {
    case 'password':
      return isPassword(proof.password, plugin, kept)
    case 'hash':
      return kept.toUpperCase() === proof.hash.toUpperCase()
    case 'plugin':
      if (plugin !== proof.plugin) return false
      if (proof.kept !== undefined) return kept === proof.kept
      return proof.secret === undefined ? true : isPassword(proof.secret, plugin, kept)
  }
}

/** What an account is known to be with a proof. */
export function proven(host: string, proof: Proof | null): Account {
  switch (proof?.kind) {
    case undefined:
      return { host, plugin: '', kept: '' }
    case 'password':
      return { host, plugin: '', kept: nativeHash(proof.password) }
    case 'hash':
      return { host, plugin: '', kept: proof.hash }
    case 'plugin':
      return { host, plugin: proof.plugin, kept: proof.kept ?? '' }
  }
}

/** Makes an account: https://mariadb.com/kb/en/create-user/, https://dev.mysql.com/doc/refman/8.0/en/create-user.html */
export function createAccount(server: Server, name: string, host: string, proof: Proof | null): Statement {
  const { sql, values } = proof === null ? { sql: '', values: [] } : identified(server, proof)
  return { sql: `CREATE USER ?@?${sql}`, values: [name, host, ...values] }
}

/**
 * Has an account prove itself so from now on. SET PASSWORD keeps the other ways in that an account of MariaDB has (root's unix_socket),
 * and is all that MySQL 5.6 knows; a text says what the server cannot do.
 */
export function alterAccount(server: Server, name: string, account: Account, proof: Proof): Statement | string {
  const who = [name, account.host]
  const old = server.flavour === 'mysql' ? olderThan(server, 5, 7) : olderThan(server, 10, 2)
  const native = account.plugin === '' || account.plugin === 'mysql_native_password'
  if (proof.kind !== 'plugin' && (old || (server.flavour === 'mariadb' && native))) {
    const hash = proof.kind === 'hash' ? proof.hash : nativeHash(proof.password)
    return { sql: 'SET PASSWORD FOR ?@? = ?', values: [...who, hash] }
  }
  if (old) return 'this server cannot change the plugin of an account: remove the account, and make it again'
  const { sql, values } = identified(server, proof)
  return { sql: `ALTER USER ?@?${sql}`, values: [...who, ...values] }
}

function identified(server: Server, proof: Proof): { readonly sql: string; readonly values: readonly string[] } {
  const maria = server.flavour === 'mariadb'
  switch (proof.kind) {
    case 'password':
      return { sql: ' IDENTIFIED BY ?', values: [proof.password] }
    case 'hash':
      return maria || olderThan(server, 8, 0)
        ? { sql: ' IDENTIFIED BY PASSWORD ?', values: [proof.hash] }
        : { sql: ' IDENTIFIED WITH mysql_native_password AS ?', values: [proof.hash] }
    case 'plugin': {
      const start = ` IDENTIFIED ${maria ? 'VIA' : 'WITH'} ${proof.plugin}`
      if (proof.kept !== undefined) return { sql: `${start} ${maria ? 'USING' : 'AS'} ?`, values: [proof.kept] }
      if (proof.secret === undefined) return { sql: start, values: [] }
      return { sql: `${start} ${maria ? 'USING PASSWORD(?)' : 'BY ?'}`, values: [proof.secret] }
    }
  }
}
