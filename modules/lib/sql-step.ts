import type { SqlLogin } from '../facts/galera-node.ts'
import { sqlQuestion } from '../facts/sql-answer.ts'
import type { SqlAnswer, Statement } from '../question.ts'
import type { Change, Effect, Step } from '../step.ts'
import { sqlTrouble } from './sql-text.ts'

/** A change that a database server makes. The title, made of the change, holds no statement: those may hold a password. */
export function sqlStep(
  login: SqlLogin,
  change: Change,
  statements: readonly Statement[],
  effects: readonly Effect[],
): Step {
  const title = `${change.verb} the ${change.subject}`
  return {
    change,
    actions: [
      {
        do: 'request',
        title,
        request: sqlQuestion(login, statements),
        problem: (answer: SqlAnswer) => sqlTrouble(answer, login, title),
      },
    ],
    effects,
  }
}
