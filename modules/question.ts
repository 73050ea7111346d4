import type { JsonObject } from '../schema/infer.ts'

/**
 * Questions to services that a host reaches: a database, a web API. Pure data; the engine carries them over the host's own connection,
 * so that no port need be open to the controller. An answer is a value in every case, for the module to judge.
 */
export type Question = SqlQuestion | HttpQuestion

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
  /** Logs in as root without a password where that is allowed, in place of the user. */
  readonly implicitAdmin?: boolean
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

/** Requests to a web API, made in order, up to the first that is answered with a status of 400 or more. */
export interface HttpQuestion {
  readonly protocol: 'http'
  /** Scheme, host and port: `https://identity.example.org:5000`. */
  readonly origin: string
  /** `host`: over the host's connection, as the host reaches it; `controller`: from the machine that drover runs on. */
  readonly via: 'host' | 'controller'
  /** Certificates that are trusted, in PEM; those that Node brings where unset. */
  readonly ca?: string
  /** False: whoever answers is believed. */
  readonly verify: boolean
  readonly requests: readonly HttpRequest[]
  /** Seconds for each request. */
  readonly patience: number
}
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  /** A value may be a header of an answer that came before: a token is passed on and never seen. */
  readonly headers?: { readonly [name: string]: string | HeaderOf }
  readonly body?: JsonObject
  /** True where making it twice is as good as once: tried again where the service is not ready. GET, PUT, PATCH and DELETE always are. */
  readonly repeatable?: boolean
  /** True where nobody needs what the answer says: it is left out, so that the whole is the same each time. */
  readonly silent?: boolean
}
interface HeaderOf {
  /** The request, counted from 0. */
  readonly answerTo: number
  /** In lower case. */
  readonly header: string
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
export type HttpAnswer = { readonly kind: 'answered'; readonly responses: readonly HttpResponse[] } | NoAnswer
export interface HttpResponse {
  readonly status: number
  readonly body: string
}
export interface SqlResult {
  readonly rows: readonly { readonly [column: string]: string | null }[]
  /** The columns that hold numbers; all values are text. */
  readonly numeric: readonly string[]
  /** Rows that the statement changed. */
  readonly affected: number
  /** What the server had to remark, e.g. that a database was there already. */
  readonly warnings: number
}

/** What an answer to a question looks like. */
export type AnswerTo<Q extends Question> = Q extends SqlQuestion ? SqlAnswer : HttpAnswer
