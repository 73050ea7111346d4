import type { Json } from '../../../schema/infer.ts'
import { compileExpression } from '../../template/compile.ts'
import { type Scope, TemplateError } from '../../template/template.ts'
import { typedText } from '../../template/typed-text.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Shows a message or a variable's value. */
export const debug: Statement = ({ args, scope, context }) => {
  const { msg, var: expression, verbosity } = args
  if (typeof verbosity === 'number' && verbosity > context.verbosity) {
    return Promise.resolve(
      ended('skipped', `shown from verbosity ${verbosity} on`, { skipped_reason: 'Verbosity threshold not met.' }),
    )
  }
  if (expression === undefined)
    return Promise.resolve(ended('ok', textOf(msg ?? 'Hello world!'), { msg: msg ?? 'Hello world!' }))
  const value = typeof expression === 'string' ? valueOf(expression, scope) : expression
  const name = typeof expression === 'string' ? expression : 'var'
  return Promise.resolve(ended('ok', `${name}: ${textOf(value)}`, { [name]: value }))
}

/** An undefined variable is what a user may be looking for: no failure. */
function valueOf(expression: string, scope: Scope): Json {
  try {
    const value = compileExpression(expression).evaluate(scope) as Json
    return typeof value === 'string' ? (typedText(value, expression) as Json) : value
  } catch (error) {
    if (error instanceof TemplateError && error.reason === 'undefined') return 'VARIABLE IS NOT DEFINED!'
    throw error
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
