import { checkArguments } from '../../schema/arguments.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Module, RenderOptions } from '../../modules/module.ts'
import { ConnectionVariableError } from '../inventory/connection-variables.ts'
import type { Task } from '../language/tree.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { controllerFor, MissingUserFile } from './controller.ts'
import { describeTemplateError, evaluate, evaluateArgs, firstFalse, holds } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { conditionsOf, type Lineage } from './lineage.ts'
import { runModule } from './module-run.ts'
import type { PlayContext } from './play-context.ts'
import { type ActionOutcome, ended, registered } from './result.ts'
import { type Settings, settingsOf } from './settings.ts'
import { UnknownValue } from './signals.ts'
import { statementNamed } from './statements/index.ts'

/** One action of a task on a host: the task itself, or one item of its loop. */
export interface ActionRun {
  readonly context: PlayContext
  readonly lineage: Lineage
  readonly task: Task
  readonly host: HostRun
  /** Where the action is carried out: the host, or the one it is delegated to. */
  readonly target: HostRun
  readonly scope: LayeredScope
  readonly progress: (message: string) => void
  /** Called when the target is to be asked for facts. */
  readonly onMiss: () => void
}

/** Runs an action once its conditions hold; rejects with `Unreachable` only. What a template or an argument gets wrong is a failure. */
export async function runAction(run: ActionRun): Promise<ActionOutcome> {
  return guarded(async () => {
    for (const condition of conditionsOf(run.lineage)) {
      const violated = firstFalse(condition, run.scope)
      if (violated !== undefined)
        return ended('skipped', `when: ${violated}`, {
          skip_reason: 'Conditional result was False',
          false_condition: violated,
        })
    }
    const settings = settingsFor(run)
    return until(run, () => attempt(run, settings))
  })
}

/** The settings of an action; the connection variables are those of the host it is carried out on. */
export function settingsFor({ context, lineage, host, target, scope }: ActionRun): Settings {
  const connection = target === host ? scope : context.scopeOf(target, lineage)
  const read: Scope = {
    get: (name) => (name.startsWith('ansible_') ? connection : scope).get(name),
    names: () => scope.names(),
  }
  return settingsOf(lineage, target.name, read, context.settingDefaults(target))
}

/** Repeats an action as its `until`, `retries` and `delay` say, and judges each result by `changed_when` and `failed_when`. */
async function until(run: ActionRun, once: () => Promise<ActionOutcome>): Promise<ActionOutcome> {
  const { task, scope, context, progress } = run
  const number = (written: Task['retries'], otherwise: number): number => {
    const value = written === undefined ? otherwise : Number(evaluate(written, scope))
    return Number.isFinite(value) && value >= 0 ? value : otherwise
  }
  const retries = task.until === undefined && task.retries === undefined ? 0 : number(task.retries, 3)
  const delay = number(task.delay, 5)
  for (let attempts = 1; ; attempts++) {
    const outcome = judged(run, await once())
    if (outcome.outcome === 'unknown' || outcome.outcome === 'skipped') return outcome
    const withAttempts = { ...registered(outcome), attempts }
    const done =
      task.until === undefined ? outcome.outcome !== 'failed' : holds(task.until, resultScope(run, withAttempts))
    const result = retries === 0 ? outcome.result : { ...outcome.result, attempts }
    if (done) return { ...outcome, result }
    if (attempts > retries || context.interruption.stop.aborted) {
      return task.until === undefined || outcome.outcome === 'failed'
        ? { ...outcome, result }
        : { ...outcome, outcome: 'failed', message: `until did not hold after ${attempts} attempts`, result }
    }
    progress(`attempt ${attempts} of ${retries + 1}: trying again in ${delay} s`)
    await context.sleep(delay * 1000)
  }
}

function judged(run: ActionRun, outcome: ActionOutcome): ActionOutcome {
  const { changedWhen, failedWhen } = run.task
  if (outcome.outcome === 'skipped' || (changedWhen === undefined && failedWhen === undefined)) return outcome
  if (outcome.outcome === 'unknown') return changedWhen?.value === false ? { ...outcome, outcome: 'ok' } : outcome
  let verdict = outcome
  const scope = resultScope(run, registered(outcome))
  if (failedWhen !== undefined) {
    const fails = holds(failedWhen, scope)
    const reason = Array.isArray(failedWhen.value) ? failedWhen.value.join(' and ') : String(failedWhen.value)
    verdict = fails
      ? {
          ...verdict,
          outcome: 'failed',
          message: verdict.outcome === 'failed' ? verdict.message : `failed_when: ${reason}`,
          result: { ...verdict.result, failed_when_result: true },
        }
      : {
          ...verdict,
          outcome: verdict.outcome === 'failed' ? 'changed' : verdict.outcome,
          message: null,
          result: { ...verdict.result, failed_when_result: false },
        }
  }
  if (changedWhen !== undefined) {
    const changes = holds(changedWhen, scope)
    if (verdict.outcome === 'failed') verdict = { ...verdict, result: { ...verdict.result, changed: changes } }
    else verdict = { ...verdict, outcome: changes ? 'changed' : 'ok', changes: changes ? verdict.changes : [] }
  }
  return verdict
}

/** The scope in which a result is judged: it is there under the name that `register` gives it. */
function resultScope({ context, task, scope }: ActionRun, result: JsonObject): Scope {
  return task.register === undefined ? scope : context.withVariables(scope, { [task.register]: result })
}

async function attempt(run: ActionRun, settings: Settings): Promise<ActionOutcome> {
  const { context, task, scope, target } = run
  const { name } = task.action
  const args = evaluateArgs(task.action.args, scope, context.omit)
  if (task.action.kind === 'statement') return statementNamed(name)({ ...run, args, settings })
  const module = context.moduleNamed(name)
  const checked = checkModuleArguments(module, task, args, settings)
  if (!checked.ok) return ended('failed', checked.message)
  const outcome = await runModule(module, checked.args, controllerOf(run), target.target(settings.identity), {
    check: settings.check,
    environment: settings.environment,
    timeout: settings.timeout,
    signal: context.interruption.abort,
    onMiss: run.onMiss,
    progress: run.progress,
  })
  const facts = outcome.result['ansible_facts']
  if (typeof facts === 'object' && facts !== null && !Array.isArray(facts))
    context.learnFacts(run.host, facts as JsonObject)
  return outcome
}

/** Arguments as the module takes them, the defaults of `module_defaults` beneath them; or what is wrong with them, with the place. */
export function checkModuleArguments(
  module: Module,
  task: Task,
  args: JsonObject,
  settings: Settings,
): { readonly ok: true; readonly args: JsonObject } | { readonly ok: false; readonly message: string } {
  const checked = checkArguments(module.args, { ...defaultsOf(module, settings), ...args })
  if (checked.ok) return { ok: true, args: checked.value }
  const messages = checked.faults.map((fault) => {
    const at = task.action.args.at(...fault.path)
    return `${fault.message}${fault.hint === undefined ? '' : ` (${fault.hint})`} at ${at.source.name}:${at.line}:${at.column}`
  })
  return { ok: false, message: messages.join('\n') }
}

function defaultsOf(module: Module, { moduleDefaults }: Settings): JsonObject {
  const names = new Set([module.name, ...(module.aliases ?? [])])
  const all = moduleDefaults.flatMap((defaults) => Object.entries(defaults))
  return (all.find(([name]) => names.has(name.split('.').at(-1) ?? name))?.[1] ?? {}) as JsonObject
}

/** The controller as a task's module sees it. */
export function controllerOf({
  context,
  task,
  target,
  scope,
}: Pick<ActionRun, 'context' | 'task' | 'target' | 'scope'>): ReturnType<typeof controllerFor> {
  const path = context.searchPath(task)
  const render = (file: string, text: string, options: RenderOptions): string =>
    context.renderFile(file, text, scope, options, path)
  return controllerFor(target.store, path, render, scope.vault)
}

/** Turns what a user's template or variable gets wrong, and what check mode cannot know, into an outcome. */
export async function guarded(work: () => Promise<ActionOutcome>): Promise<ActionOutcome> {
  try {
    return await work()
  } catch (error) {
    const unknown = unknownIn(error)
    if (unknown !== undefined) return ended('unknown', unknown.message)
    if (error instanceof TemplateError) return ended('failed', describeTemplateError(error))
    if (error instanceof ConnectionVariableError || error instanceof MissingUserFile)
      return ended('failed', error.message)
    throw error
  }
}

/** What check mode cannot know, at the bottom of an error. */
function unknownIn(error: unknown): UnknownValue | undefined {
  if (error instanceof UnknownValue) return error
  return error instanceof Error && error.cause !== undefined ? unknownIn(error.cause) : undefined
}
