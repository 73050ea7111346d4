import { checkArguments } from '../../schema/arguments.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Module } from '../../modules/module.ts'
import { ConnectionVariableError } from '../inventory/connection-variables.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Task } from '../language/tree.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { MissingUserFile } from './controller.ts'
import { describeProblem, describeTemplateError, evaluate, evaluateArgs, firstFalse, holds } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { runInBackground } from './background.ts'
import { conditionsOf, type Lineage, nearest } from './lineage.ts'
import { performOn } from './perform-on.ts'
import type { Target } from './module-run.ts'
import type { PlayContext } from './play-context.ts'
import { type Clock, computed } from './profile/clock.ts'
import { type ActionOutcome, ended, registered } from './result.ts'
import { type Settings, settingsOf } from './settings.ts'
import { Unreachable, unknownIn, UnknownValue } from './signals.ts'
import { statementNamed } from './statements/index.ts'
import { LoopEnded, type Turnstile } from './turnstile.ts'
import { judged, resultScope } from './verdict.ts'

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
  readonly onMiss: (target: Target) => void
  /** Where turns of its loop overlap. */
  readonly turnstile?: Turnstile
  /** Where somebody asks where the time goes. */
  readonly clock?: Clock | undefined
}

/** An action whose place is not known yet: `delegate_to` is looked at once the conditions hold. */
export type Turn = Omit<ActionRun, 'target'>

/** Runs an action once its conditions hold; rejects with `Unreachable` only. What a template or an argument gets wrong is a failure. */
export async function runAction(turn: Turn): Promise<ActionOutcome> {
  const { context, task, host, scope } = turn
  return guarded(task.action, async () => {
    for (const condition of conditionsOf(turn.lineage)) {
      const violated = computed(turn.clock, 'render', () => firstFalse(condition, scope))
      if (violated !== undefined) return passedOver(violated)
    }
    const delegated = nearest(turn.lineage, 'delegateTo')
    const target = delegated === undefined ? host : context.hostNamed(String(evaluate(delegated, scope)))
    const run = { ...turn, target }
    const settings = computed(run.clock, 'render', () => settingsFor(run))
    return until(run, () => attempt(run, settings))
  })
}

/** The outcome of what does not run since a condition does not hold. */
export function passedOver(condition: string): ActionOutcome {
  const result = { skip_reason: 'Conditional result was False', false_condition: condition }
  return { ...ended('skipped', `when: ${condition}`, result), neverRan: true }
}

/** The settings of an action; the connection variables are those of the host it is carried out on. */
export function settingsFor({
  context,
  lineage,
  host,
  target,
  scope,
}: Pick<ActionRun, 'context' | 'lineage' | 'host' | 'target' | 'scope'>): Settings {
  const connection = target === host ? scope : context.scopeOf(target, lineage)
  const read: Scope = {
    get: (name) => (name.startsWith('ansible_') ? connection : scope).get(name),
    names: () => scope.names(),
  }
  return settingsOf(lineage, target.name, read, context.settingDefaults(target, lineage, read))
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
    const given = await once()
    const counted = task.until === undefined ? given : { ...given, result: { ...given.result, attempts } }
    const outcome = computed(run.clock, 'render', () => judged(run, counted))
    if (outcome.outcome === 'unknown' || outcome.outcome === 'skipped' || outcome.resultUnknown === true) return outcome
    // As in Ansible, whoever asks for no repetition is not asked whether it is needed.
    const done =
      retries === 0 ||
      (task.until === undefined
        ? outcome.outcome !== 'failed'
        : holds(task.until, resultScope(run, registered(outcome))))
    // A result that came too late counts its repetitions only, as in Ansible.
    const result = retries === 0 ? outcome.result : { ...outcome.result, attempts: done ? attempts : retries }
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

async function attempt(run: ActionRun, settings: Settings): Promise<ActionOutcome> {
  const { context, task, target } = run
  const { name } = task.action
  const written = computed(run.clock, 'render', () => argsOf(run))
  if (written instanceof UnknownValue) {
    const message = `known only in the real run: it ${written.message}`
    return { ...ended('ok', message), resultUnknown: true }
  }
  if (task.action.kind === 'statement')
    return statementNamed(name)({ ...run, args: { ...defaultsOf([name], settings), ...written }, settings })
  const module = context.moduleNamed(name)
  const checked = computed(run.clock, 'plan', () => checkModuleArguments(module, task, written, settings))
  if (!checked.ok) return ended('failed', checked.message)
  const { background } = settings
  const outcome =
    background === undefined || settings.check
      ? await performOn(run, settings, module, checked.args)
      : await runInBackground({
          module,
          args: checked.args,
          ...background,
          jobs: target.jobs,
          perform: (as, args, timeout) => performOn(run, settings, as, args, timeout),
          sleep: (milliseconds) => context.sleep(milliseconds),
          interrupted: () => context.interruption.stop.aborted,
        })
  const facts = outcome.result['ansible_facts']
  if (typeof facts === 'object' && facts !== null && !Array.isArray(facts))
    context.learnFacts(settings.delegateFacts ? target : run.host, facts as JsonObject)
  return outcome
}

/** The evaluated arguments. What `debug` would show may be unknown in check mode: that is no reason not to say so. */
function argsOf({ context, task, scope }: ActionRun): JsonObject | UnknownValue {
  const { name, kind } = task.action
  try {
    const isText = kind === 'module' ? textsOf(context.moduleNamed(name)) : undefined
    return evaluateArgs(task.action.args, scope, context.omit, isText)
  } catch (error) {
    const unknown = unknownIn(error)
    if (unknown === undefined || task.action.name !== 'debug') throw error
    return unknown
  }
}

/** Names of arguments that are text: asked for by every task on every host. */
const textNames = new WeakMap<Module, ReadonlySet<string>>()

/** Whether an argument of a module is text, under any of its names. */
export function textsOf(module: Module): (name: string) => boolean {
  const names = textNames.get(module) ?? namesOfTexts(module)
  textNames.set(module, names)
  return (name) => names.has(name)
}

function namesOfTexts({ args }: Module): ReadonlySet<string> {
  const texts = Object.entries(args.properties ?? {}).filter(([, { type }]) => type === 'string')
  return new Set(texts.flatMap(([name, { aliases = [] }]) => [name, ...aliases]))
}

/** Arguments as the module takes them, the defaults of `module_defaults` beneath them; or what is wrong with them, with the place. */
export function checkModuleArguments(
  module: Module,
  task: Task,
  args: JsonObject,
  settings: Settings,
): { readonly ok: true; readonly args: JsonObject } | { readonly ok: false; readonly message: string } {
  const checked = checkArguments(module.args, {
    ...defaultsOf([module.name, ...(module.aliases ?? [])], settings),
    ...args,
  })
  if (checked.ok) return { ok: true, args: checked.value }
  const messages = checked.faults.map((fault) => {
    const at = task.action.args.at(...fault.path)
    return `${fault.message}${fault.hint === undefined ? '' : ` (${fault.hint})`} at ${at.source.name}:${at.line}:${at.column}`
  })
  return { ok: false, message: messages.join('\n') }
}

/** The nearest defaults for an action of any of these names. */
function defaultsOf(names: readonly string[], { moduleDefaults }: Settings): JsonObject {
  const all = moduleDefaults.flatMap((defaults) => Object.entries(defaults))
  return (all.find(([name]) => names.includes(name.split('.').at(-1) ?? name))?.[1] ?? {}) as JsonObject
}

/** Turns whatever goes wrong in an action into an outcome, but for `Unreachable` and `LoopEnded`. */
export async function guarded(action: Task['action'], work: () => Promise<ActionOutcome>): Promise<ActionOutcome> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Unreachable || error instanceof LoopEnded) throw error
    return endedBy(error, action)
  }
}

/** What a user's template or variable got wrong, what check mode cannot know, or a bug, as an outcome: a bug on one host stops no other. */
export function endedBy(error: unknown, action: Task['action']): ActionOutcome {
  const unknown = unknownIn(error)
  if (unknown !== undefined) return ended('unknown', unknown.message)
  if (error instanceof TemplateError) return neverRan(describeTemplateError(error))
  if (error instanceof ProblemsFound) return neverRan(error.problems.map(describeProblem).join('\n'))
  if (error instanceof ConnectionVariableError) return neverRan(error.message)
  if (error instanceof MissingUserFile) return ended('failed', error.message)
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const where = action.kind === 'module' ? `drover or its module ${action.name}` : 'drover'
  const details = process.env['DROVER_DEBUG'] === undefined ? ' (set DROVER_DEBUG=1 to see where)' : `\n${stack}`
  return ended('failed', `this is a bug in ${where}: ${message}${details}`)
}

const neverRan = (message: string): ActionOutcome => ({ ...ended('failed', message), neverRan: true })
