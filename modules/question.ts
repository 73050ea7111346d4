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
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Where another one than the question's `origin` is asked. */
  readonly origin?: string
  readonly path: string
  /** A value may be a header of an answer that came before: a token is passed on and never seen. */
  readonly headers?: { readonly [name: string]: string | HeaderOf }
  readonly body?: JsonObject
  /** True where making it twice is as good as once: tried again where the service is not ready. GET, PUT, PATCH and DELETE always are. */
  readonly repeatable?: boolean
  /** True where nobody needs what the answer says: it is left out, so that the whole is the same each time. */
  readonly silent?: boolean
  /** The names that lead to a text in the body of a good answer, which is JSON, that is not told: a token. */
  readonly hide?: ValueOf['at']
  /** Signed with a key of AWS as it is sent, since a signature holds the time. */
  readonly sign?: AwsKey
  /** Headers of the answer that are told, in lower case; those that end in `*` stand for all that begin so. */
  readonly tell?: readonly string[]
  /** What is told of the body of a good answer: text where unset, base64, or a `BodyDigest` as JSON, for which it is not kept. */
  readonly as?: 'base64' | 'digest'
  /** True for a login: the answer to it is kept for a while and not asked for again, until somebody answers with 401. */
  readonly keep?: boolean
  /** Place-holders in `path` and in the texts of `body`, and what is put in for them. Where an answer lacks that, no more requests are made. */
  readonly fill?: { readonly [placeHolder: string]: ValueOf }
  /** Asked again, whatever its method, as long as the body of the answer matches and the time is not over. The last answer counts. */
  readonly again?: Again
}
/** A text in the body of an answer that came before, which is JSON. */
export interface ValueOf {
  /** The request, counted from 0. */
  readonly answerTo: number
  /** The names that lead to it; `*` is the only element of a list: where there are none or several, it is lacking. */
  readonly at: readonly string[]
}
interface Again {
  /** A regular expression. */
  readonly matching: string
  readonly seconds: number
}
/** A key of AWS, or of what speaks its protocols, and what a signature with it is for. */
export interface AwsKey {
  readonly accessKey: string
  readonly secretKey: string
  readonly sessionToken?: string
  readonly region: string
  readonly service: string
  /** 4, or the old 2 of S3, which is all that some servers know. */
  readonly version: 2 | 4
}
/** What a body was, in hexadecimal and in bytes. */
export interface BodyDigest {
  readonly size: number
  readonly md5: string
  readonly sha256: string
}
interface HeaderOf {
  /** The request, counted from 0. */
  readonly answerTo: number
  /** In lower case. */
  readonly header: string
  /** The names that lead to a text in the body, for an answer without that header. */
  readonly orBody?: ValueOf['at']
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
  /** Those that the request wanted told and that there were. */
  readonly headers?: { readonly [name: string]: string }
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
