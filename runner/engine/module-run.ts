import { UnreadableFact } from '../../modules/fact.ts'
import type { Controller, Module } from '../../modules/module.ts'
import { UnknownFact } from '../../modules/module.ts'
import { started, type Change, type Effect, type Step } from '../../modules/step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { describeFailure } from '../host/failure.ts'
import type { Performed, Host } from '../host/host.ts'
import { type FactStore, Observation, type View } from '../host/store.ts'
import { touchedFacts } from '../host/touches.ts'
import { BecomeError, ConnectionError } from '../transport/transport.ts'
import type { Outcome } from './events.ts'
import { readBackOf, settle } from './foretold.ts'
import { performSteps } from './perform-steps.ts'
import { awaited, type Clock, computed } from './profile/clock.ts'
import { Unreachable } from './signals.ts'
import type { Turnstile } from './turnstile.ts'

/** What a module is run on: one host as one identity. */
export interface Target {
  readonly name: string
  readonly store: FactStore
  readonly view: View
  readonly host: Host
  /** Gives up a line, so that the next request opens a new one; the one that was lost with an error is given up once. */
  reconnect(lost?: ConnectionError): Promise<void>
  /** Whether it is the machine that drover runs on. */
  readonly isOwn: boolean
  /** Resolves when nothing is being read ahead any more: what is then performed cannot be overtaken by an older reading. */
  quiet(): Promise<void>
  /** Brings what is known of the host up to date with what was performed. */
  settle(effects: readonly Effect[]): void
  /** Takes over what steps would do, where the whole run is a check. */
  predict(effects: readonly Effect[]): void
  /** Called with what was done on the host as soon as it is done. */
  note(changes: readonly Change[]): void
}

export interface ModuleOptions {
  readonly check: boolean
  /** The task says that it changes nothing, whatever the module is: facts hold on. */
  readonly looksOnly: boolean
  readonly environment: { readonly [name: string]: string }
  /** Milliseconds for what the module performs. */
  readonly timeout: number | undefined
  readonly signal: AbortSignal
  /** Called with the path of a file that comes to the controller, or in check mode would. */
  readonly fetches: (path: string) => void
  /** Called when the host is to be asked for something: others' questions may join in. */
  readonly onMiss: (target: Target) => void
  readonly progress: (message: string) => void
  /** Where others of the same loop run at the same time. */
  readonly turnstile?: Turnstile | undefined
  /** Where somebody asks where the time goes. */
  readonly clock?: Clock | undefined
}

export interface ModuleOutcome {
  readonly outcome: Exclude<Outcome, 'skipped' | 'unreachable'>
  readonly message: string | null
  readonly changes: readonly Change[]
  readonly result: JsonObject
  readonly warnings: readonly string[]
  /** True where check mode cannot have the result, whatever the outcome. */
  readonly resultUnknown?: boolean
}

/** Times that a plan is made again since the host changed under it, and that a lost line is opened again, for one task. */
const mostReplans = 5
const mostReconnects = 2

/**
 * Observes, plans and, unless in check mode, performs one module with checked arguments. Rejects with `Unreachable` only. A lost line is
 * opened again and the module observed and planned afresh: what had been done is seen, what had not is done. An opaque module is not repeated.
 */
export async function runModule(
  module: Module,
  args: JsonObject,
  controller: Controller,
  target: Target,
  options: ModuleOptions,
): Promise<ModuleOutcome> {
  const { clock } = options
  let reconnects = 0
  /** The changes of a plan that was being performed when the line was lost: done by now, or planned again. */
  let begun: readonly Change[] = []
  for (let replans = 0; ; replans++) {
    let performing: readonly Change[] | undefined
    try {
      const { observation, state } = await observe(module, args, controller, target, options)
      const plan = computed(clock, 'plan', () => module.plan(args, state))
      if (plan.kind === 'refusal') {
        const mayAnswer = options.check && target.view.started && asksService(observation)
        return mayAnswer ? unknown(`as things are now: ${plan.message}`) : failed(plan.message, plan.result)
      }
      if (target.isOwn && plan.steps.some(({ reach }) => reach?.unlike !== undefined))
        return failed('this would end drover too: it runs on that machine', plan.result)
      const { steps, warnings } = plan
      if (steps.length === 0) {
        target.note(begun)
        return {
          outcome: begun.length > 0 ? 'changed' : 'ok',
          message: null,
          changes: begun,
          result: plan.result,
          warnings,
        }
      }
      // What a module only waits for or asks for is no change.
      const harmless = plan.result['changed'] === false
      const changes = harmless ? [] : steps.map((step) => step.change)
      const all = steps.flatMap((step) => step.effects)
      const effects = options.looksOnly ? all.filter((effect) => effect.kind !== 'anything') : all
      if (options.check) {
        target.predict(effects)
        announceFiles(steps, options)
        return {
          outcome: harmless ? 'ok' : module.opaque === true ? 'unknown' : 'changed',
          message: null,
          changes,
          result: plan.result,
          warnings,
          ...(plan.foretold === false ? { resultUnknown: true } : {}),
        }
      }
      await awaited(clock, 'read', target.name, () => target.quiet())
      performing = changes
      const underWay = target.store.performing(effects, () =>
        target.view.during(async (window) => {
          const work = {
            basis: observation.basis(touchedFacts(observation.observed.values(), effects)),
            readBack: readBackOf(effects),
            environment: options.environment,
            timeout: options.timeout,
            signal: options.signal,
            progress: options.progress,
          }
          const done = await awaited(clock, 'perform', target.name, () => performSteps(steps, work, target))
          if (done.kind === 'performed') settle(target, effects, done, window)
          return done
        }),
      )
      options.turnstile?.pass()
      const performed = await underWay
      if (performed.kind === 'moved') {
        if (replans >= mostReplans)
          return failed('the host keeps changing what this task is about to change', plan.result)
        target.view.forget()
        options.progress('the host changed since it was read: planning again')
        continue
      }
      announceFiles(steps, options)
      const done = harmless ? [] : doneSteps(steps, performed).map((step) => step.change)
      target.note(done)
      const result = { ...plan.result, ...module.result?.(args, state, performed.results) }
      if (performed.failure !== null)
        return { ...failed(whyFailed(performed, options.signal), result), changes: done, warnings }
      if (result['failed'] === true)
        return {
          ...failed(typeof result['msg'] === 'string' ? result['msg'] : 'failed', result),
          changes: done,
          warnings,
        }
      const changed = result['changed'] !== false
      return {
        outcome: changed ? 'changed' : 'ok',
        message: null,
        changes: !changed ? [] : begun.length > changes.length ? begun : changes,
        result,
        warnings,
      }
    } catch (error) {
      if (error instanceof UnknownFact) {
        // It may start something.
        target.predict([started])
        return unknown(error.message)
      }
      if (error instanceof UnreadableFact || error instanceof BecomeError) return failed(error.message, {})
      if (!(error instanceof ConnectionError)) throw error
      if (error.reason !== 'lost') throw new Unreachable(error.message, { cause: error })
      await target.reconnect(error)
      if (performing !== undefined && module.opaque === true)
        throw new Unreachable(`${error.message}; whether it was carried out is not known`, { cause: error })
      if (++reconnects > mostReconnects || options.signal.aborted)
        throw new Unreachable(error.message, { cause: error })
      begun = performing ?? begun
      options.progress('the connection was lost: connecting again')
    }
  }
}

interface Observed {
  readonly observation: Observation
  readonly state: unknown
}

/** What the module observes; where turns overlap, not older than what those before it do. */
async function observe(
  module: Module,
  args: JsonObject,
  controller: Controller,
  target: Target,
  { onMiss, turnstile, clock }: ModuleOptions,
): Promise<Observed> {
  for (;;) {
    const observation = new Observation(target.view, () => onMiss(target))
    const look = async (): Promise<Observed> => ({
      observation,
      state: await awaited(clock, 'read', target.name, () => module.observe(observation, args, controller)),
    })
    if (turnstile === undefined) return look()
    const fresh = await target.view.during(async (window) => {
      const [looked] = await Promise.allSettled([look()])
      await turnstile.enter()
      const facts = [...observation.observed.values()]
      await target.store.settled(facts)
      return facts.some((fact) => window.isOvertaken(fact)) ? undefined : looked
    })
    if (fresh?.status === 'rejected') throw fresh.reason
    if (fresh !== undefined) return fresh.value
  }
}

/** What failed, for people; what the user ended did not take too long. */
function whyFailed({ failure, results }: Extract<Performed, { kind: 'performed' }>, signal: AbortSignal): string {
  if (failure === null) return ''
  const last = results.at(-1)
  return signal.aborted && last !== undefined && failure.reason === 'timed-out'
    ? describeFailure(failure.action, last, 'interrupted')
    : failure.message
}

function failed(message: string, result: JsonObject): ModuleOutcome {
  return { outcome: 'failed', message, changes: [], result, warnings: [] }
}

/** What cannot be said before the run. */
function unknown(message: string): ModuleOutcome {
  return { outcome: 'unknown', message, changes: [], result: {}, warnings: [] }
}

function announceFiles(steps: readonly Step[], { fetches }: ModuleOptions): void {
  for (const action of steps.flatMap(({ actions }) => actions)) if (action.do === 'fetch') fetches(action.to)
}

const asksService = ({ observed }: Observation): boolean =>
  [...observed.values()].some(({ kind }) => kind.question !== undefined)

/** The steps of which every action was performed without failing. */
function doneSteps(steps: readonly Step[], performed: Extract<Performed, { kind: 'performed' }>): readonly Step[] {
  let left = performed.results.length - (performed.failure === null ? 0 : 1)
  return steps.filter((step) => (left -= step.actions.length + (step.reach === undefined ? 0 : 1)) >= 0)
}
