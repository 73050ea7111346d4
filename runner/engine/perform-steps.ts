import { setTimeout as sleep } from 'node:timers/promises'
import type { Confirmation, Step } from '../../modules/step.ts'
import type { Performed, Work } from '../host/host.ts'
import { ConnectionError } from '../transport/transport.ts'
import { before } from './before.ts'
import { type NewLine, performReaching } from './reach.ts'

type Done = Extract<Performed, { kind: 'performed' }>

/** All in milliseconds. */
interface Patience {
  /** Between attempts to reach a host again. */
  readonly pause: number
  /** How much longer than the host one waits: what is late here is too late there. */
  readonly margin: number
  /** For reaching a host that has gone back to what it was. */
  readonly restoring: number
}
const usual: Patience = { pause: 500, margin: 3000, restoring: 30_000 }

/**
 * Performs steps in order. After one that wants to be confirmed, the line is given up and the confirmation performed over a new one; only
 * then come the next steps. Where no line can be had in time, the host has gone back to what it was: that step failed.
 */
export async function performSteps(
  steps: readonly Step[],
  work: Omit<Work, 'actions'>,
  way: NewLine,
  patience = usual,
): Promise<Performed> {
  let performed: Done = { kind: 'performed', results: [], failure: null, readings: [] }
  for (const [index, lot] of lotsOf(steps).entries()) {
    const actions = lot.flatMap((step) => step.actions)
    const { confirm, reach } = lot.at(-1) ?? {}
    const part = { ...work, actions, basis: index === 0 ? work.basis : [] }
    const done =
      confirm !== undefined
        ? await performConfirmed(part, confirm, way, patience)
        : reach !== undefined
          ? await performReaching(part, reach, way)
          : await way.host.perform(part)
    if (done.kind === 'moved') return done
    performed = { ...done, results: [...performed.results, ...done.results] }
    if (done.failure !== null) break
  }
  return performed
}

/** Steps cut after each that wants to be confirmed, and around each after which the host is to be reached. */
function lotsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const lots: Step[][] = [[]]
  for (const step of steps) {
    if (step.reach !== undefined) lots.push([])
    lots.at(-1)?.push(step)
    if (step.confirm !== undefined || step.reach !== undefined) lots.push([])
  }
  return lots.filter((lot) => lot.length > 0)
}

async function performConfirmed(
  work: Work,
  { within, actions }: Confirmation,
  way: NewLine,
  patience: Patience,
): Promise<Performed> {
  // The answer to what cuts the line never comes: after that time the host has gone back, whatever it would have been.
  const performing = way.host.perform(work).catch((error: unknown) => {
    if (error instanceof ConnectionError && error.reason === 'lost') return null
    throw error
  })
  const deadline = performance.now() + within * 1000 + patience.margin
  const performed = await before(performing, deadline)
  if (performed !== null && (performed.kind === 'moved' || performed.failure !== null)) return performed
  // The old line may be one that nothing answers on: its end is not waited for.
  void way.reconnect()
  const confirmed = await retried(() => way.host.perform({ ...work, actions, basis: [] }), deadline, patience)
  if (performed !== null && confirmed?.kind === 'performed' && confirmed.failure === null)
    return { ...performed, readings: confirmed.readings }
  await sleep(Math.max(0, deadline - performance.now()))
  const look = () => way.host.perform({ ...work, actions: [], basis: [] })
  const restored = await retried(look, performance.now() + patience.restoring, patience)
  return undone(work, within, performed, restored)
}

/** The step as one that failed: it has no result, or one that no longer holds. */
function undone(work: Work, within: number, performed: Done | null, restored: Performed | null): Performed {
  const now = Date.now()
  const nothing = { status: 1, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), start: now, end: now }
  const [action] = work.actions.slice(-1)
  const message =
    `the host could not be reached over a new connection within ${within} s after this change, ` +
    (restored === null
      ? 'and still cannot: it restores by itself what was before'
      : 'so it restored by itself what was before')
  return {
    kind: 'performed',
    results: performed?.results ?? [nothing],
    failure: action === undefined ? null : { action, reason: 'unconfirmed', message },
    readings: restored?.kind === 'performed' ? restored.readings : [],
  }
}

/** Tries until a line can be had, or it is too late; null then. */
async function retried<T>(attempt: () => Promise<T>, deadline: number, { pause }: Patience): Promise<T | null> {
  for (;;) {
    try {
      return await before(attempt(), deadline)
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
      if (performance.now() + pause >= deadline) return null
      await sleep(pause)
    }
  }
}
