import type { Json } from '../../../schema/infer.ts'
import { evaluateText } from '../../template/compile.ts'
import { ended } from '../result.ts'
import { isYes } from '../settings.ts'
import type { Statement } from './statement.ts'

/** Sets variables of the host, until the end of the run. */
export const setFact: Statement = ({ args, host: own, target, settings, scope }) => {
  const host = settings.delegateFacts ? target : own
  const { cacheable, ...values } = args
  const facts = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Json] => [String(evaluateText(name, scope)), value]),
  )
  const bad = Object.keys(facts).find((name) => !/^[A-Za-z_]\w*$/.test(name))
  if (bad !== undefined)
    return Promise.resolve(
      ended('failed', `"${bad}" cannot be the name of a variable: use letters, digits and underscores`),
    )
  for (const [name, value] of Object.entries(facts)) {
    host.unknown.delete(name)
    host.vars.setFact(name, value, { cacheable: isYes(cacheable ?? false) })
  }
  return Promise.resolve(ended('ok', null, { ansible_facts: facts }))
}
