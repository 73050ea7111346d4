import { randomInt } from 'node:crypto'
import { isOneProgram, startAction, statusModule, type JobStatus } from './background-job.ts'
import type { Module } from '../../modules/module.ts'
import type { ActionResult } from '../../modules/step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { type ActionOutcome, ended } from './result.ts'

/** A task in the background: what makes a result of what its program leaves, or the result of one that was done at once. */
export type Job =
  | { readonly kind: 'running'; readonly result: (ran: ActionResult) => JsonObject }
  | { readonly kind: 'done'; readonly outcome: ActionOutcome }

/** How a background task is carried out: the host runs a module with arguments, as itself or in another's name. */
export interface Background {
  readonly module: Module
  readonly args: JsonObject
  /** Seconds that it may take, and between two looks at it; 0 does not wait. */
  readonly seconds: number
  readonly poll: number
  readonly jobs: Map<string, Job>
  readonly perform: (module: Module, args: JsonObject, timeout?: number) => Promise<ActionOutcome>
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly interrupted: () => boolean
}

/**
 * Runs a module in the background. A program goes on by itself on the host, also while the connection is lost; what else a module does is
 * done at once. With `poll`, waits for the end of it; without, gives its `ansible_job_id`.
 */
export async function runInBackground(background: Background): Promise<ActionOutcome> {
  const { module, args, seconds, poll, jobs, perform } = background
  const id = `j${randomInt(10 ** 12)}.${process.pid}`
  let started = false
  let state: unknown
  const detached: Module = {
    ...module,
    observe: async (...given) => (state = await module.observe(...given)),
    plan: (checked, observed) => {
      const plan = module.plan(checked, observed)
      if (plan.kind === 'refusal' || !isOneProgram(plan.steps)) return plan
      started = true
      return {
        ...plan,
        steps: plan.steps.map((step) => ({
          ...step,
          actions: step.actions.map((action) => startAction(action, id, seconds)),
        })),
      }
    },
    result: (checked, observed, performed) =>
      started ? ticket(id) : (module.result?.(checked, observed, performed) ?? {}),
  }
  const outcome = await perform(detached, args, seconds * 1000)
  if (outcome.outcome === 'failed') return outcome
  if (!started) {
    if (poll > 0) return outcome
    jobs.set(id, { kind: 'done', outcome })
    return { ...outcome, result: ticket(id) }
  }
  jobs.set(id, { kind: 'running', result: (ran) => module.result?.(args, state, [ran]) ?? {} })
  return poll > 0 ? waitFor(id, background) : outcome
}

const ticket = (id: string): JsonObject => ({ started: 1, finished: 0, ansible_job_id: id })

async function waitFor(id: string, background: Background): Promise<ActionOutcome> {
  for (;;) {
    await background.sleep(Math.min(background.poll, background.seconds) * 1000)
    const outcome = await lookAt(id, background)
    if (outcome.result['finished'] !== 1 && !background.interrupted()) continue
    await forget(id, background)
    const { finished: _finished, started: _started, ansible_job_id: _id, ...result } = outcome.result
    return { ...outcome, result }
  }
}

type Looking = Pick<Background, 'jobs' | 'perform'>

/** How a background task is doing: `finished` in the result is 1 once it has ended, which may be as a failure. */
export async function lookAt(id: string, { jobs, perform }: Looking): Promise<ActionOutcome> {
  const about = { started: 1, finished: 1, ansible_job_id: id }
  const job = jobs.get(id)
  if (job?.kind === 'done') return { ...job.outcome, result: { ...job.outcome.result, ...about } }
  let status: JobStatus | undefined
  const outcome = await perform(
    statusModule((read) => (status = read)),
    { jid: id, mode: 'status' },
  )
  if (outcome.outcome === 'failed' || status === undefined) return outcome
  switch (status.kind) {
    case 'missing':
      return ended('failed', `there is no job ${id} on this host`, about)
    case 'lost':
      return ended('failed', `job ${id} ended without a result: was the host restarted?`, about)
    case 'running':
      return ended('ok', null, ticket(id))
    case 'late':
      return ended('failed', 'async task did not complete within the requested time', about)
    case 'ended': {
      const { ran } = status
      const own = job?.result(ran) ?? { rc: ran.status, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() }
      const failed = own['failed'] === true || (job === undefined && ran.status !== 0)
      const message = typeof own['msg'] === 'string' && own['msg'] !== '' ? own['msg'] : 'non-zero return code'
      return ended(failed ? 'failed' : 'changed', failed ? message : null, { ...own, ...about })
    }
  }
}

/** Removes what the host keeps of a background task. */
export async function forget(id: string, { jobs, perform }: Looking): Promise<ActionOutcome> {
  jobs.delete(id)
  const outcome = await perform(
    statusModule(() => undefined),
    { jid: id, mode: 'cleanup' },
  )
  return outcome.outcome === 'failed' ? outcome : ended('ok', null, { ansible_job_id: id, erased: id })
}
