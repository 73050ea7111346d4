/**
 * Questions to services that a host reaches: a database, a web API. Pure data; the engine carries them over the host's own connection,
 * so that no port need be open to the controller. An answer is a value in every case, for the module to judge.
 */
export type Question = SqlQuestion

/** Where a service listens, as seen from the host. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** An address as people write it: `127.0.0.1:3306`, `/run/mysqld/mysqld.sock`. */
export function addressText(address: Address): string {
  if (address.kind === 'unix') return address.path
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Statements for a MySQL or MariaDB server, run in order on one connection, up to the first that fails. */
export interface SqlQuestion {
  readonly protocol: 'mysql'
  /** The first of them at which something answers. A unix socket sees the user who logged in over ssh, not the one that was become. */
  readonly addresses: readonly Address[]
  readonly user: string
  readonly password?: string
  readonly database?: string
  readonly statements: readonly Statement[]
  /** Seconds for logging in, and again for each statement. */
  readonly patience: number
}
export interface Statement {
  readonly sql: string
  /** Take the places of `?` in it, quoted by the client. */
  readonly values?: readonly (string | number | null)[]
}

/** Why a service gave no answer, for people. */
export type NoAnswer =
  /** Nothing listens, or what listens broke off or said nothing in time. */
  | { readonly kind: 'down'; readonly message: string }
  /** It does not let us in. */
  | { readonly kind: 'denied'; readonly message: string }
export type SqlAnswer =
  | { readonly kind: 'answered'; readonly results: readonly SqlResult[] }
  /** A statement failed; those before it were carried out. */
  | { readonly kind: 'failed'; readonly statement: number; readonly code: string; readonly message: string }
  | NoAnswer
export interface SqlResult {
  readonly rows: readonly { readonly [column: string]: string | null }[]
  /** Rows that the statement changed. */
  readonly affected: number
}

/** What an answer to a question looks like. */
export type AnswerTo<Q extends Question> = Q extends SqlQuestion ? SqlAnswer : never
