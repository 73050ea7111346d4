import type { JsonObject } from '../../schema/infer.ts'
import type { Module, RenderOptions } from '../../modules/module.ts'
import type { ActionRun } from './action-run.ts'
import { controllerFor } from './controller.ts'
import { runModule } from './module-run.ts'
import { computed } from './profile/clock.ts'
import type { ActionOutcome } from './result.ts'
import type { Settings } from './settings.ts'

/** Carries out a module where an action is carried out. */
export async function performOn(
  run: ActionRun,
  settings: Settings,
  module: Module,
  args: JsonObject,
  timeout: number | undefined = settings.timeout,
): Promise<ActionOutcome> {
  const { context, task, target } = run
  const outcome = await runModule(
    module,
    args,
    controllerOf(run, settings),
    target.target(settings.access(), settings.check !== context.checks),
    {
      check: settings.check,
      looksOnly: task.changedWhen?.value === false,
      environment: settings.environment,
      timeout,
      signal: context.interruption.abort,
      onMiss: run.onMiss,
      progress: run.progress,
      turnstile: run.turnstile,
      clock: run.clock,
      fetches: (path) => {
        if (!settings.check) context.run.expectedFiles.delete(path)
        else if (context.checks) context.run.expectedFiles.add(path)
      },
    },
  )
  for (const name of module.secretReturns ?? []) {
    const secret = outcome.result[name]
    if (typeof secret === 'string') context.run.hide(secret)
  }
  return outcome
}

/** The controller as a task's module sees it. */
export function controllerOf(
  {
    context,
    lineage,
    host,
    target,
    scope,
    clock,
  }: Pick<ActionRun, 'context' | 'lineage' | 'host' | 'target' | 'scope' | 'clock'>,
  settings: Settings,
): ReturnType<typeof controllerFor> {
  const path = context.searchPath(lineage)
  const render = (file: string, text: string, options: RenderOptions): string =>
    computed(clock, 'render', () => context.renderFile(file, text, scope, options, path))
  const { store } = target.way(settings.access().endpoint)
  return controllerFor(host.name, store, { path, expected: context.run.expectedFiles }, render, scope.vault)
}
