import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Waits for some time, or for the user to press return. Where nobody can answer, a prompt is passed over with a warning. */
export const pause: Statement = async ({ args, context }) => {
  const { minutes, seconds, prompt, echo } = args
  const wait =
    minutes === undefined && seconds === undefined ? undefined : Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
  const start = performance.now()
  if (wait !== undefined) {
    await context.sleep(wait * 1000)
    return ended('ok', typeof prompt === 'string' ? prompt : null, {
      delta: Math.round((performance.now() - start) / 1000),
      user_input: '',
    })
  }
  const answer = await context.ask(typeof prompt === 'string' ? prompt : 'Press return to go on', echo === false)
  const result = ended('ok', null, { delta: Math.round((performance.now() - start) / 1000), user_input: answer ?? '' })
  return answer === undefined ? { ...result, warnings: ['nobody can answer here: the pause was passed over'] } : result
}
