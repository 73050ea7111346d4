import type { Fact } from '../../../modules/fact.ts'
import type { HostState, Module } from '../../../modules/module.ts'
import type { ActionResult } from '../../../modules/step.ts'
import { ask } from '../../../runner/host/services/ask.ts'
import { request } from '../../../runner/host/services/request.ts'
import { checkArguments } from '../../../schema/arguments.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { NO_FILES } from '../fake-host.ts'

const never = (): Promise<never> => Promise.reject(new Error('the host is not asked'))

/** A host that knows nothing but what services say that are asked `via: controller`. */
export const askingHost: HostState = {
  async get<T>(fact: Fact<T>): Promise<T> {
    if (fact.kind.question === undefined) throw new Error(`the test says nothing of ${fact.key}`)
    return fact.parse(await ask(fact.kind.question, never))
  },
}

/** Carries out what is planned, and gives what the services then said, or why nothing is done. Throws where a request fails. */
export async function perform(
  module: Module,
  args: JsonObject,
): Promise<{ readonly refusal: string } | { readonly answers: string; readonly result: JsonObject }> {
  const checked = checkArguments(module.args, args)
  if (!checked.ok) throw new Error(checked.faults.map(({ message }) => message).join('; '))
  const state = await module.observe(askingHost, checked.value, NO_FILES)
  const plan = module.plan(checked.value, state)
  if (plan.kind === 'refusal') return { refusal: plan.message }
  const performed: ActionResult[] = []
  for (const action of plan.steps.flatMap(({ actions }) => actions)) {
    if (action.do !== 'request') throw new Error(`${action.do} is no request`)
    const done = await request(action, never)
    if (done.status !== 0) throw new Error(done.stderr.toString('utf8'))
    performed.push(done)
  }
  const result = { ...plan.result, ...module.result?.(checked.value, state, performed) }
  return { answers: performed.map(({ stdout }) => stdout.toString('utf8')).join(''), result }
}
