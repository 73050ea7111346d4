import type { Json } from '../../../schema/infer.ts'
import type { Condition } from '../../language/tree.ts'
import { firstFalse } from '../evaluate.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Fails unless all conditions hold; says which one does not. */
export const assertThat: Statement = ({ args, task, scope }) => {
  const { fail_msg: failMessage, msg, success_msg: successMessage } = args
  // The conditions as they were written: evaluated here, as expressions, not before.
  const written = task.action.args
  const that: Condition = {
    value: (written.value['that'] ?? true) as Condition['value'],
    at: (...path) => written.at('that', ...path),
  }
  const violated = firstFalse(that, scope)
  if (violated === undefined)
    return Promise.resolve(
      ended('ok', typeof successMessage === 'string' ? successMessage : null, {
        msg: successMessage ?? 'All assertions passed',
      }),
    )
  const message: Json = failMessage ?? msg ?? 'Assertion failed'
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  return Promise.resolve(
    ended('failed', `${text}: ${violated} does not hold`, { assertion: violated, evaluated_to: false, msg: message }),
  )
}

/** Fails with a message. */
export const fail: Statement = ({ args }) => {
  const message = args['msg'] ?? 'Failed as requested from task'
  return Promise.resolve(
    ended('failed', typeof message === 'string' ? message : JSON.stringify(message), { msg: message }),
  )
}
