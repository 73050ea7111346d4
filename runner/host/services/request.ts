import type { ActionResult, RequestAction } from '../../../modules/step.ts'
import { ask, type Dial } from './ask.ts'

/** Makes a request that changes something. Rejects as `ask` does. */
export async function request(
  { request, problem }: RequestAction,
  dial: Dial,
  signal?: AbortSignal,
): Promise<ActionResult> {
  const start = Date.now()
  const stdout = await ask(request, dial, signal)
  // The protocol of the question, which `problem` goes with, says what answers to it look like.
  const wrong = problem(JSON.parse(stdout.toString('utf8')) as never)
  return { status: wrong === null ? 0 : 1, stdout, stderr: Buffer.from(wrong ?? ''), start, end: Date.now() }
}
