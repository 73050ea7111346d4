import { type ActionRun, checkModuleArguments, settingsFor, textsOf } from './action-run.ts'
import { controllerOf } from './perform-on.ts'
import { Observation } from '../host/store.ts'
import { evaluateArgs, firstFalse } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { conditionsOf, type Lineage, nearest } from './lineage.ts'
import { loopItems } from './loop.ts'
import type { PlayContext } from './play-context.ts'
import { type Clock, computed } from './profile/clock.ts'

/** Templates that do something or give another value each time: they are evaluated when the task's turn comes, and only then. */
export const onlyOnce =
  /\b(?:lookup|query|q)\s*\(\s*['"][\w.]*(?:pipe|password|random_choice|url)['"]|\b(?:random|shuffle|now|password_hash)\b/

/**
 * Observes coming tasks with what is known now, so that their facts arrive in the batch that is being read anyway. Decides nothing: when its
 * turn comes, a task is observed and planned again from what was read. A task that cannot be evaluated yet is passed over; behind an
 * opaque command nothing is read, since it may change anything. Resolves when all is read that could be. Never rejects.
 */
export function readAhead(
  context: PlayContext,
  host: HostRun,
  coming: readonly Lineage[],
  clock?: Clock,
): Promise<unknown> {
  const under: Promise<unknown>[] = []
  for (const lineage of coming) {
    const task = lineage.at(-1)
    if (task?.kind !== 'task' || task.action.kind !== 'module' || nearest(lineage, 'delegateTo') !== undefined) continue
    if (host.ahead.has(task)) continue
    const module = context.moduleNamed(task.action.name)
    if (module.opaque === true && !context.checks && task.changedWhen?.value !== false) break
    observeAhead({ context, host, lineage, task, clock }, under)
  }
  return Promise.allSettled(under)
}

/** Adds to `under` what is being observed for the task. */
function observeAhead(
  { context, host, lineage, task, clock }: Pick<ActionRun, 'context' | 'host' | 'lineage' | 'task' | 'clock'>,
  under: Promise<unknown>[],
): void {
  if (onlyOnce.test(JSON.stringify([task.action.args.value, task.loop?.over.value]))) return
  try {
    const outer = context.scopeOf(host, lineage)
    const scopes = task.loop === undefined ? [outer] : loopItems(context, task.loop, outer).map((item) => item.scope)
    for (const scope of scopes) {
      if (conditionsOf(lineage).some((condition) => firstFalse(condition, scope) !== undefined)) continue
      const run = { context, lineage, task, host, target: host, scope, clock, progress: ignore, onMiss: ignore }
      const settings = settingsFor(run)
      const module = context.moduleNamed(task.action.name)
      const args = computed(clock, 'render', () => evaluateArgs(task.action.args, scope, context.omit, textsOf(module)))
      const checked = checkModuleArguments(module, task, args, settings)
      if (!checked.ok) continue
      const { view } = host.target(settings.access(), settings.check !== context.checks)
      under.push(
        module.observe(new Observation(view, ignore, { ahead: true }), checked.args, controllerOf(run, settings)),
      )
    }
    host.ahead.add(task)
  } catch {
    // What is wrong with it, or not known yet, is the task's to say when its turn comes.
  }
}

function ignore(): void {
  // Reading ahead tells nobody anything.
}
