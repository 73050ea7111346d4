import { addressText, type SqlAnswer } from '../question.ts'
import type { SqlLogin } from '../facts/galera-node.ts'

/** A name as SQL has it between backticks, whatever the server's sql_mode is. */
export const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** The name between backticks, or as it is where there are none. */
export const bareName = (text: string): string =>
  text.startsWith('`') && text.endsWith('`') ? text.slice(1, -1).replaceAll('``', '`') : text

/** Why a server did not do what it was asked for, for people; null where it did. `what` ends the sentence `cannot …`. */
export function sqlTrouble(answer: SqlAnswer, login: SqlLogin, what: string): string | null {
  const place = login.addresses.map(addressText).join(' or ')
  switch (answer.kind) {
    case 'answered':
      return null
    case 'failed':
      return `cannot ${what}: ${answer.message} (${answer.code})`
    case 'down':
      return `cannot ${what}: no server answers at ${place}: ${answer.message}`
    case 'denied':
      return `cannot ${what}: the server at ${place} does not let ${login.user} in: ${answer.message}. Set login_user and login_password, or have them in config_file`
  }
}

/** The rows of one of the statements; none where it was not carried out. */
export const rowsOf = (
  answer: SqlAnswer,
  statement: number,
): readonly { readonly [column: string]: string | null }[] =>
  answer.kind === 'answered' ? (answer.results[statement]?.rows ?? []) : []
