import { askFact, type Fact } from '../fact.ts'
import { addressText, type SqlAnswer, type SqlQuestion, type Statement } from '../question.ts'
import type { SqlLogin } from './galera-node.ts'

/** Seconds for logging in, and again for each statement, where nothing else is said. */
export const PATIENCE = 30

/** A question to the server at an address. */
export function sqlQuestion(login: SqlLogin, statements: readonly Statement[]): SqlQuestion {
  const { addresses, user, password, implicitAdmin, database, patience = PATIENCE } = login
  return {
    protocol: 'mysql',
    addresses,
    user,
    ...(password === undefined ? {} : { password }),
    ...(implicitAdmin === true ? { implicitAdmin } : {}),
    ...(database === undefined ? {} : { database }),
    statements,
    patience,
  }
}

/** What a server answers to statements that only read; `about` says in a word or two what they are about. */
export function sqlAnswer(login: SqlLogin, about: string, statements: readonly Statement[]): Fact<SqlAnswer> {
  const place = login.addresses.map(addressText).join(', ')
  return askFact('sql', `${about} at ${place}`, sqlQuestion(login, statements), (answer) => answer)
}
