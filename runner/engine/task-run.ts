import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Task } from '../language/tree.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { guarded, runAction, settingsFor } from './action-run.ts'
import { evaluate, firstFalse } from './evaluate.ts'
import type { Item } from './events.ts'
import type { HostRun } from './host-run.ts'
import { conditionsOf, type Lineage, nearest } from './lineage.ts'
import { loopItems } from './loop.ts'
import type { PlayContext } from './play-context.ts'
import { readAhead } from './read-ahead.ts'
import { type ActionOutcome, combined, ended, registered, type TaskOutcome } from './result.ts'
import { isYes } from './settings.ts'
import { Unreachable } from './signals.ts'

/** A task's outcome on one host, with the result that `register` keeps; null where check mode cannot have one. */
export interface TaskRun {
  readonly outcome: TaskOutcome
  readonly result: JsonObject | null
  /** Messages, results and changes are not to be seen. */
  readonly noLog: boolean
}

/** Runs a task on a host: its loop, its action, its verdict. Never rejects for what a user got wrong or a host does. */
export async function runTask(
  context: PlayContext,
  lineage: Lineage,
  task: Task,
  host: HostRun,
  scope: LayeredScope,
  number: number,
): Promise<TaskRun> {
  const progress = reporter(context, number, host)
  const onMiss = (): void => {
    if (context.readsAhead && !host.isReadingAhead) readAhead(context, host, context.coming(task))
  }
  const noLog = isHidden(lineage, scope)
  try {
    const target = task.delegateTo === undefined ? host : context.hostNamed(String(evaluate(task.delegateTo, scope)))
    const base = { context, lineage, task, host, target, progress: (message: string) => progress(message), onMiss }
    if (task.loop === undefined) {
      const outcome = await runAction({ ...base, scope })
      return finished(outcome, [], verdict(outcome, { ...base, scope }), noLog)
    }
    return await runLoop({ ...base, scope }, task.loop, progress, noLog)
  } catch (error) {
    if (error instanceof Unreachable) {
      const ignored = await ignores(
        () => settingsFor({ context, lineage, task, host, target: host, scope, progress, onMiss }).ignoreUnreachable,
      )
      const outcome: TaskOutcome = { ...ended('failed', error.message), outcome: 'unreachable', ignored, items: [] }
      return { outcome, result: { unreachable: true, changed: false, msg: error.message }, noLog }
    }
    const failure = await guarded(() => Promise.reject(error instanceof Error ? error : new Error(String(error))))
    return finished(failure, [], false, noLog)
  }
}

type Base = Parameters<typeof runAction>[0]
type Progress = (message: string, item?: Item) => void

async function runLoop(
  base: Base,
  loop: NonNullable<Task['loop']>,
  progress: Progress,
  noLog: boolean,
): Promise<TaskRun> {
  const { context, lineage, scope } = base
  const items = itemsOrSkip(base, loop)
  if (!Array.isArray(items)) return finished(items as ActionOutcome, [], false, noLog)
  if (items.length === 0)
    return finished(
      ended('skipped', 'No items in the list', { results: [], skipped_reason: 'No items in the list' }),
      [],
      false,
      noLog,
    )
  const pause = loop.control.pause === undefined ? 0 : Number(evaluate(loop.control.pause, scope))
  const done: { readonly outcome: ActionOutcome; readonly result: JsonObject; readonly item: Item }[] = []
  for (const { value, label, scope: inner } of items) {
    if (done.length > 0 && pause > 0) await context.sleep(pause * 1000)
    if (context.interruption.stop.aborted && done.length > 0) break
    const outcome = await runAction({ ...base, scope: inner })
    const item: Item = { label, outcome: outcome.outcome, message: outcome.message, changes: outcome.changes }
    const { loopVar } = loop.control
    done.push({
      outcome,
      item,
      result: {
        ...registered(outcome),
        [loopVar]: value as Json,
        ansible_loop_var: loopVar,
        ...(loop.control.label === undefined ? {} : { _ansible_item_label: label }),
      },
    })
    if (!noLog) progress(`${outcome.outcome}: ${typeof label === 'string' ? label : JSON.stringify(label)}`, item)
  }
  const outcome = combined(done)
  return finished(
    outcome,
    done.map(({ item }) => item),
    verdict(outcome, { ...base, lineage }),
    noLog,
  )
}

/** The loop's items; the skipped outcome where the task's conditions do not hold whatever the items are, as its list may then not exist. */
function itemsOrSkip(base: Base, loop: NonNullable<Task['loop']>): ReturnType<typeof loopItems> | ActionOutcome {
  try {
    return loopItems(base.context, loop, base.scope)
  } catch (error) {
    for (const condition of conditionsOf(base.lineage)) {
      try {
        const violated = firstFalse(condition, base.scope)
        if (violated !== undefined)
          return ended('skipped', `when: ${violated}`, {
            skip_reason: 'Conditional result was False',
            false_condition: violated,
          })
      } catch {
        // The condition needs the item: the loop's own error is the one to tell.
      }
    }
    throw error
  }
}

/** Whether a failure of this outcome is to be passed over. */
function verdict(outcome: ActionOutcome, base: Base): boolean {
  return outcome.outcome === 'failed' && settingsFor(base).ignoreErrors
}

async function ignores(ask: () => boolean): Promise<boolean> {
  try {
    return await Promise.resolve(ask())
  } catch {
    return false
  }
}

function finished(outcome: ActionOutcome, items: readonly Item[], ignored: boolean, noLog: boolean): TaskRun {
  return {
    outcome: { ...outcome, ignored, items },
    result: outcome.outcome === 'unknown' ? null : registered(outcome),
    noLog,
  }
}

function isHidden(lineage: Lineage, scope: LayeredScope): boolean {
  const written = nearest(lineage, 'noLog')
  if (written === undefined) return false
  try {
    return isYes(evaluate(written, scope))
  } catch {
    // What cannot be evaluated may hide a secret.
    return true
  }
}

function reporter(context: PlayContext, task: number, host: HostRun): Progress {
  return (message, item) => {
    context.emit({
      event: 'host-progress',
      time: Date.now(),
      task,
      host: host.name,
      message,
      ...(item === undefined ? {} : { item }),
    })
  }
}
