import { keystoneLogin } from '../../../modules/lib/keystone-auth.ts'
import type { Module } from '../../../modules/module.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, type FakeHost } from '../fake-host.ts'

/** Who logs in to Keystone in tests of plans, and how. */
export const AUTH = { auth_url: 'http://ks:5000/v3', username: 'admin', password: 'secret', project_name: 'admin' }
export const WAY = { via: 'host', verify: true, patience: 30 } as const
const login = keystoneLogin(AUTH, undefined)
if (typeof login === 'string') throw new Error(login)
export const LOGIN = login

/**
 * Each step in a line: what it asks for after the login; or why nothing is done. Throws where a second run would plan something, unless
 * what the first one makes cannot be foretold.
 */
export async function requestsOf(module: Module, args: JsonObject, host: FakeHost): Promise<readonly string[]> {
  const whole = { auth: AUTH, ...args }
  const plan = await planOf(module, whole, host)
  if (plan.kind === 'refusal') return [plan.message]
  const again = plan.foretold === false ? plan : await planOf(module, whole, host.after(plan))
  if (again !== plan && (again.kind === 'refusal' || again.steps.length > 0))
    throw new Error(`a second run has something to do: ${JSON.stringify(again)}`)
  return plan.steps
    .flatMap(({ actions }) => actions)
    .map((action) => {
      const request =
        action.do === 'request' && action.request.protocol === 'http' ? action.request.requests[1] : undefined
      const body = request?.body === undefined ? '' : ` ${JSON.stringify(request.body)}`
      return `${request?.method} ${request?.path}${body}`
    })
}
