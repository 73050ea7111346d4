import { setTimeout as sleep } from 'node:timers/promises'
import { UnreadableFact } from '../../modules/fact.ts'
import type { ActionResult, Reach, ScriptAction } from '../../modules/step.ts'
import type { Failure, Host, Performed, Work } from '../host/host.ts'
import { BecomeError, ConnectionError } from '../transport/transport.ts'
import { before } from './before.ts'

/** The way to a host, as far as performing needs it. */
export interface NewLine {
  readonly host: Host
  /** Gives up the line, so that the next request opens a new one. */
  reconnect(): Promise<void>
}

/**
 * Performs what makes the host go away, if anything does, and waits until it can be reached over a new line. Whatever the line comes to
 * meanwhile is no failure; that the time is over is one.
 */
export async function performReaching(work: Work, reach: Reach, way: NewLine): Promise<Performed> {
  const start = Date.now()
  const deadline = soon(reach.timeout)
  const left = work.actions.length === 0 ? null : await leave(work, way, deadline)
  if (left !== null && (left.kind === 'moved' || left.failure !== null)) return left
  const results = left?.results ?? work.actions.map(() => result(start, ''))
  await pause(reach.delay, work)
  let why = ''
  while (work.signal?.aborted !== true) {
    // The end of a line that nothing answers on is not waited for.
    void way.reconnect()
    const tried = await attempt(work, reach, way, deadline)
    if (typeof tried !== 'string')
      return { kind: 'performed', results: [...results, result(start, '')], failure: null, readings: tried }
    // An attempt that the end of the time cuts off says less than the one before.
    if (performance.now() < deadline || why === '') why = tried
    work.progress?.(`${reach.title}: ${why}`)
    if (performance.now() + reach.sleep * 1000 >= deadline) break
    await pause(reach.sleep, work)
  }
  const failure = failureOf(reach, why, work)
  return { kind: 'performed', results: [...results, result(start, failure.message)], failure, readings: [] }
}

/** Performs what may cut the line; null where it did. */
async function leave(work: Work, way: NewLine, deadline: number): Promise<Performed | null> {
  try {
    return await before(way.host.perform({ ...work, readBack: [] }), deadline)
  } catch (error) {
    if (error instanceof ConnectionError && error.reason === 'lost') return null
    throw error
  }
}

/** What is read back where the host is reached and as it should be; otherwise what is wrong. */
async function attempt(
  work: Work,
  { connectTimeout, unlike, settle, test }: Reach,
  { host }: NewLine,
  deadline: number,
): Promise<Extract<Performed, { kind: 'performed' }>['readings'] | string> {
  try {
    const [reading] = (await before(host.read(unlike === undefined ? [] : [unlike.fact]), soon(connectTimeout))) ?? []
    if (unlike !== undefined) {
      if (reading === undefined) return `no connection within ${connectTimeout} s`
      if (reading.kind !== 'raw') return reading.message
      if (unlike.fact.parse(reading.raw) === unlike.value) return 'it has not booted yet'
      await pause(settle ?? 0, work)
    }
    const looking = host.perform({ ...work, actions: test ?? [], basis: [] })
    const done = await before(looking, unlike === undefined ? soon(connectTimeout) : deadline)
    if (done === null)
      return unlike === undefined ? `no connection within ${connectTimeout} s` : 'the test does not come to an end'
    if (done.kind === 'moved') return 'it changed meanwhile'
    return done.failure === null ? done.readings : done.failure.message
  } catch (error) {
    // While a host boots, it refuses, hangs, and lets nobody in but root.
    if (error instanceof ConnectionError || error instanceof BecomeError || error instanceof UnreadableFact)
      return error.message
    throw error
  }
}

const soon = (seconds: number): number => performance.now() + seconds * 1000

async function pause(seconds: number, { signal }: Work): Promise<void> {
  if (seconds > 0) await sleep(seconds * 1000, undefined, signal == null ? {} : { signal }).catch(() => undefined)
}

const result = (start: number, message: string): ActionResult => ({
  status: message === '' ? 0 : 1,
  stdout: Buffer.alloc(0),
  stderr: Buffer.from(message),
  start,
  end: Date.now(),
})

function failureOf({ title, timeout }: Reach, why: string, { signal }: Work): Failure {
  const action: ScriptAction = { do: 'sh', title, script: '', args: [] }
  return signal?.aborted === true
    ? { action, reason: 'interrupted', message: `cannot ${title}: it was interrupted` }
    : { action, reason: 'timed-out', message: `cannot ${title}: not within ${timeout} s: ${why}` }
}
