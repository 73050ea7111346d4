import type { Action, ActionResult } from '../../modules/step.ts'
import { BecomeError, ConnectionError, type Reply, type Shell } from '../transport/transport.ts'
import { acceptsStatus } from './accepts-status.ts'
import { describeFailure, type Cut } from './failure.ts'
import type { Failure, Performed, Reading } from './host.ts'
import { performScript, type Portion } from './perform-script.ts'
import { groupFacts, groupReadings, unreadable } from './read-script.ts'
import { Sections, type Section } from './sections.ts'

/** Bytes that the actions of one request may print. */
const outputLimit = 128 * 1024 * 1024

export interface Limits {
  /** When all of the work must be done, in milliseconds on the clock of `performance.now()`, which nobody sets. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
}

/** What came of the parts of a request, in order; `readings` are those of the facts that were to be read back. */
export type PartsPerformed =
  | { readonly kind: 'moved' }
  | { readonly kind: 'performed'; readonly parts: readonly Done[]; readonly readings: readonly Reading[] }

type Done = Pick<Extract<Performed, { kind: 'performed' }>, 'results' | 'failure'>

/** Performs what goes in one request, of one part. Rejects with `ConnectionError` and `BecomeError`. */
export async function performPortion(shell: Shell, portion: Portion, limits: Limits): Promise<Performed> {
  const performed = await performParts(shell, portion, limits)
  if (performed.kind === 'moved') return performed
  const [done = { results: [], failure: null }] = performed.parts
  return { kind: 'performed', ...done, readings: performed.readings }
}

/** Performs what goes in one request. Rejects with `ConnectionError` and `BecomeError`. */
export async function performParts(shell: Shell, portion: Portion, limits: Limits): Promise<PartsPerformed> {
  const sections = new Sections()
  const groups = groupFacts(portion.readBack)
  const script = performScript(portion, sections, groups)
  const start = Date.now()
  const reply = await send(shell, script, portion, limits)
  const time = { start, end: Date.now() }
  const out = sections.split(reply.stdout)
  const err = sections.split(reply.stderr)
  if (out.parts[0]?.label === 'moved') return { kind: 'moved' }

  const errors = new Map(err.parts.map((part) => [part.label, part.bytes]))
  const told = new Map(
    out.parts.map(({ label, number: status, bytes }): [string, ActionResult] => {
      return [label, { status, stdout: bytes, stderr: errors.get(label) ?? Buffer.alloc(0), ...time }]
    }),
  )
  const ending = { ...time, cut: cutOf(reply, limits), status: reply.status, stdout: out.rest, stderr: err.rest }
  const parts = portion.parts.map((actions, part) =>
    judge(
      actions,
      actions.flatMap((_, index) => told.get(`action-${part}-${index}`) ?? []),
      ending,
    ),
  )
  return { kind: 'performed', parts, readings: readBack(portion, groups, out.parts) }
}

async function send(shell: Shell, script: string, portion: Portion, { deadline, signal }: Limits): Promise<Reply> {
  const timeout = Math.min(portion.timeout ?? Infinity, Math.max(deadline - performance.now(), 1))
  const { upload } = portion
  const request = shell.request(script, {
    limit: outputLimit,
    ...(timeout === Infinity ? {} : { timeout }),
    ...(signal === undefined ? {} : { signal }),
    ...(upload === undefined ? {} : { upload: { stream: upload.open(), size: upload.size } }),
  })
  try {
    return await request
  } catch (error) {
    if (upload === undefined || error instanceof ConnectionError || error instanceof BecomeError) throw error
    // A file of the controller that is not what it was when the work was planned.
    const stderr = Buffer.from(`${error instanceof Error ? error.message : String(error)}\n`)
    return { status: 1, stdout: Buffer.alloc(0), stderr, timedOut: false, overflowed: false }
  }
}

/** How the last action ended that has no result of its own. */
interface Ending extends ActionResult {
  readonly cut: Cut
}

/** How what was asked for came to its end. */
export function cutOf(reply: Reply, { signal }: Limits): Cut {
  if (reply.overflowed) return 'overflowed'
  if (!reply.timedOut) return 'status'
  return signal?.aborted === true ? 'interrupted' : 'timed-out'
}

/** The results with that of an action that was ended before its time, and what went wrong, if anything. */
function judge(actions: readonly Action[], results: readonly ActionResult[], ending: Ending): Done {
  const failed = (action: Action, result: ActionResult): Failure => {
    return { action, reason: ending.cut, message: describeFailure(action, result, ending.cut) }
  }
  const last = results.at(-1)
  const action = actions[results.length - 1]
  if (last !== undefined && action !== undefined) {
    // What is ended before its time may still have its status told, whatever is accepted.
    const ended = ending.cut !== 'status' && last.status > 128
    if (ended || !acceptsStatus(action, last.status)) return { results, failure: failed(action, last) }
  }
  const next = actions[results.length]
  if (next === undefined) return { results, failure: null }
  const { cut: _, ...result } = ending
  return { results: [...results, result], failure: failed(next, result) }
}

function readBack(
  portion: Portion,
  groups: ReturnType<typeof groupFacts>,
  parts: readonly Section[],
): readonly Reading[] {
  const found = new Map<string, Reading>()
  for (const { label, number, bytes } of parts) {
    const group = label === 'read' ? groups[number] : undefined
    if (group === undefined) continue
    const readings = groupReadings(group, bytes)
    group.facts.forEach(({ key }, index) => {
      const reading = readings[index]
      if (reading !== undefined) found.set(key, reading)
    })
  }
  return portion.readBack.map((fact) => found.get(fact.key) ?? unreadable(fact, 'the host gave no answer'))
}
