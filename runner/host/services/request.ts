import type { HttpAnswer } from '../../../modules/question.ts'
import type { ActionResult, RequestAction } from '../../../modules/step.ts'
import { ask, type Dial } from './ask.ts'

/** Makes a request that changes something. Rejects as `ask` does. */
export async function request({ request, problem }: RequestAction, dial: Dial): Promise<ActionResult> {
  const start = Date.now()
  const stdout = await ask(request, dial)
  const wrong = problem(JSON.parse(stdout.toString('utf8')) as HttpAnswer)
  return { status: wrong === null ? 0 : 1, stdout, stderr: Buffer.from(wrong ?? ''), start, end: Date.now() }
}
