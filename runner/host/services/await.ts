import { setTimeout as sleep } from 'node:timers/promises'
import type { Fact } from '../../../modules/fact.ts'
import { UnreadableFact } from '../../../modules/fact.ts'
import { tooLate, type ActionResult, type AwaitAction } from '../../../modules/step.ts'
import type { Reading, Work } from '../host.ts'

/** Reads the action's facts until nothing is missing, the time is over or the run interrupted. Rejects as `read` does. */
export async function awaitFacts(
  action: AwaitAction,
  { signal, progress }: Pick<Work, 'signal' | 'progress'>,
  read: (facts: readonly Fact<unknown>[]) => Promise<readonly Reading[]>,
): Promise<ActionResult> {
  const start = Date.now()
  const deadline = performance.now() + action.timeout * 1000
  let said: string | null = null
  for (;;) {
    const seen = valuesOf(action.facts, await read(action.facts))
    const missing = seen.values === null ? seen.message : action.missing(seen.values)
    const late = performance.now() + action.delay * 1000 > deadline || signal?.aborted === true
    if (missing === null || late) {
      const status = missing === null ? 0 : seen.values === null ? 1 : tooLate
      const stdout = Buffer.from(JSON.stringify(seen.values ?? []))
      return { status, stdout, stderr: Buffer.from(missing ?? ''), start, end: Date.now() }
    }
    if (missing !== said) progress?.(missing)
    said = missing
    await sleep(action.delay * 1000, undefined, signal == null ? {} : { signal }).catch(() => undefined)
  }
}

type Seen = { readonly values: readonly unknown[] } | { readonly values: null; readonly message: string }

function valuesOf(facts: readonly Fact<unknown>[], readings: readonly Reading[]): Seen {
  const values: unknown[] = []
  for (const [index, fact] of facts.entries()) {
    const reading = readings[index]
    if (reading?.kind !== 'raw') return { values: null, message: reading?.message ?? `cannot read ${fact.key}` }
    try {
      values.push(fact.parse(reading.raw))
    } catch (error) {
      if (!(error instanceof UnreadableFact)) throw error
      return { values: null, message: error.message }
    }
  }
  return { values }
}
