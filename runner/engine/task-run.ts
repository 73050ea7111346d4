import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Condition, Task } from '../language/tree.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { endedBy, passedOver, runAction, type Turn } from './action-run.ts'
import { evaluate, firstFalse, holds } from './evaluate.ts'
import type { Item } from './events.ts'
import type { HostRun } from './host-run.ts'
import { conditionsOf, type Lineage, nearest } from './lineage.ts'
import { loopItems } from './loop.ts'
import { mayOverlap, overlapping } from './overlap.ts'
import type { Target } from './module-run.ts'
import type { PlayContext } from './play-context.ts'
import { computed } from './profile/clock.ts'
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
  const clock = context.run.profile?.clock(number, host.name)
  const ahead = (): Promise<unknown> =>
    computed(clock, 'plan', () => readAhead(context, host, context.coming(task), clock))
  const onMiss = (target: Target): void => {
    // What was read ahead for this task has since become stale, as it will have for tasks that come.
    if (host.ahead.has(task)) host.ahead.clear()
    if (context.readsAhead && !host.isReadingAhead) host.reading(context.isCrowd ? onceReached(target, ahead) : ahead())
  }
  const noLog = isHidden(lineage, scope)
  const turn: Turn = { context, lineage, task, host, scope, progress: (message) => progress(message), onMiss, clock }
  try {
    if (task.loop !== undefined) return await runLoop(turn, task.loop, progress, noLog)
    const outcome = await runAction(turn)
    return finished(outcome, [], isIgnored(turn, outcome), noLog)
  } catch (error) {
    if (!(error instanceof Unreachable)) return { ...failedWith(error, task), noLog }
    const ignored = isSet('ignoreUnreachable', turn)
    const outcome: TaskOutcome = { ...ended('failed', error.message), outcome: 'unreachable', ignored, items: [] }
    return { outcome, result: { unreachable: true, changed: false, msg: error.message }, noLog }
  }
}

/** Does `work` when the host is reached, before it is asked for anything. Resolves when that is done, or the host not to be reached. */
async function onceReached({ store, view }: Target, work: () => Promise<unknown>): Promise<void> {
  let done: Promise<unknown> | undefined
  await store.hold(async () => {
    // Where it is not, what is asked for fails by itself.
    if ((await view.reached()).ok) done = work()
  })
  await done
}

/** How a task ends that could not even begin. */
export function failedWith(error: unknown, task: Task): TaskRun {
  return finished(endedBy(error, task.action), [], false, false)
}

type Progress = (message: string, item?: Item) => void

async function runLoop(
  turn: Turn,
  loop: NonNullable<Task['loop']>,
  progress: Progress,
  noLog: boolean,
): Promise<TaskRun> {
  const { context, scope } = turn
  const items = itemsOrSkip(turn, loop)
  if (!Array.isArray(items)) return finished(items as ActionOutcome, [], false, noLog)
  if (items.length === 0)
    return finished(
      {
        ...ended('skipped', 'No items in the list', { results: [], skipped_reason: 'No items in the list' }),
        neverRan: true,
      },
      [],
      false,
      noLog,
    )
  const pause = loop.control.pause === undefined ? 0 : Number(evaluate(loop.control.pause, scope))
  const done: { readonly outcome: ActionOutcome; readonly result: JsonObject; readonly item: Item }[] = []
  const { register } = turn.task
  let given: JsonObject | undefined
  const ahead = mayOverlap(turn, loop) ? overlapping(turn, items) : undefined
  try {
    for (const [index, { value, label, scope: own }] of items.entries()) {
      if (done.length > 0 && pause > 0) await context.sleep(pause * 1000)
      if (context.interruption.stop.aborted && done.length > 0) break
      // A turn sees what the one before it gave under the name that `register` gives the whole.
      const inner =
        given === undefined || register === undefined ? own : context.withVariables(own, { [register]: given })
      const outcome = ahead === undefined ? await runAction({ ...turn, scope: inner }) : await ahead.turns[index]
      if (outcome === undefined || outcome === null) break
      const item: Item = { label, outcome: outcome.outcome, message: outcome.message, changes: outcome.changes }
      if (outcome.neverRan === true && outcome.outcome === 'failed')
        return cutShort(turn, outcome, [...done.map((one) => one.item), item], noLog)
      const { loopVar } = loop.control
      const result: JsonObject = {
        ...registered(outcome),
        [loopVar]: value as Json,
        ansible_loop_var: loopVar,
        ...(inner.get('ansible_loop') === undefined || loop.control.extended === undefined
          ? {}
          : { ansible_loop: inner.get('ansible_loop') as Json }),
        ...(loop.control.indexVar === undefined
          ? {}
          : { [loop.control.indexVar]: index, ansible_index_var: loop.control.indexVar }),
        ...(loop.control.label === undefined ? {} : { _ansible_item_label: label }),
      }
      done.push({ outcome, item, result })
      if (outcome.neverRan !== true) given = result
      if (!noLog) progress(`${outcome.outcome}: ${typeof label === 'string' ? label : JSON.stringify(label)}`, item)
      const { breakWhen } = loop.control
      if (breakWhen !== undefined && breaks(turn, breakWhen, inner, outcome)) break
    }
  } finally {
    await ahead?.end()
  }
  const outcome = combined(done)
  return finished(
    outcome,
    done.map(({ item }) => item),
    isIgnored(turn, outcome),
    noLog,
  )
}

/** A loop ends with the turn that cannot be evaluated: as in Ansible, that is how the task ends, with no results of the turns. */
function cutShort(turn: Turn, outcome: ActionOutcome, items: readonly Item[], noLog: boolean): TaskRun {
  const changes = items.flatMap((item) => item.changes)
  return finished({ ...outcome, changes }, items, isIgnored(turn, outcome), noLog)
}

/** Whether a loop ends after this turn; the turn's result is there under the name that `register` gives it. */
function breaks({ context, task }: Turn, condition: Condition, scope: LayeredScope, outcome: ActionOutcome): boolean {
  const { register } = task
  return holds(
    condition,
    register === undefined ? scope : context.withVariables(scope, { [register]: registered(outcome) }),
  )
}

/** The loop's items; the skipped outcome where the task's conditions do not hold whatever the items are, as its list may then not exist. */
function itemsOrSkip(turn: Turn, loop: NonNullable<Task['loop']>): ReturnType<typeof loopItems> | ActionOutcome {
  try {
    return computed(turn.clock, 'render', () => loopItems(turn.context, loop, turn.scope))
  } catch (error) {
    for (const condition of conditionsOf(turn.lineage)) {
      try {
        const violated = firstFalse(condition, turn.scope)
        if (violated !== undefined) return passedOver(violated)
      } catch {
        // The condition needs the item: the loop's own error is the one to tell.
      }
    }
    throw error
  }
}

/** Whether a failure of this outcome is to be passed over. */
function isIgnored(turn: Turn, { outcome }: ActionOutcome): boolean {
  return outcome === 'failed' && isSet('ignoreErrors', turn)
}

/** A keyword's yes or no; what cannot be evaluated is no. */
function isSet(keyword: 'ignoreErrors' | 'ignoreUnreachable', { lineage, scope }: Turn): boolean {
  const written = nearest(lineage, keyword)
  try {
    return written !== undefined && isYes(evaluate(written, scope))
  } catch {
    return false
  }
}

function finished(outcome: ActionOutcome, items: readonly Item[], ignored: boolean, noLog: boolean): TaskRun {
  return {
    outcome: { ...outcome, ignored, items },
    result: outcome.outcome === 'unknown' || outcome.resultUnknown === true ? null : registered(outcome),
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
