import type { JsonObject } from '../../schema/infer.ts'
import type { Condition, Task } from '../language/tree.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { LayeredScope } from '../vars/scope.ts'
import { describeTemplateError, holds } from './evaluate.ts'
import type { PlayContext } from './play-context.ts'
import { type ActionOutcome, registered } from './result.ts'
import { unknownIn } from './signals.ts'

/** What a verdict is given on: a task's action, and the variables that it saw. */
interface Judged {
  readonly context: Pick<PlayContext, 'withVariables'>
  readonly task: Task
  readonly scope: LayeredScope
}

/** The scope in which a result is judged: it is there under the name that `register` gives it. */
export function resultScope({ context, task, scope }: Judged, result: JsonObject): Scope {
  return task.register === undefined ? scope : context.withVariables(scope, { [task.register]: result })
}

/** An outcome as `changed_when` and `failed_when` have it. What cannot be evaluated fails the task, with what the action gave. */
export function judged(run: Judged, outcome: ActionOutcome): ActionOutcome {
  const { changedWhen, failedWhen } = run.task
  if (outcome.outcome === 'skipped' || (changedWhen === undefined && failedWhen === undefined)) return outcome
  if (outcome.outcome === 'unknown')
    return changedWhen?.value === false ? { ...outcome, outcome: 'ok', resultUnknown: true } : outcome
  const scope = resultScope(run, registered(outcome))
  const changes = changedWhen === undefined ? undefined : verdict(changedWhen, scope)
  if (typeof changes === 'string') return undecided(outcome, { changed_when_result: changes }, changes)
  const fails = failedWhen === undefined ? undefined : verdict(failedWhen, scope)
  const change = changes === undefined ? {} : { changed: changes }
  if (typeof fails === 'string') return undecided(outcome, { ...change, failed_when_result: fails }, fails)
  const decided = failedWhen === undefined || fails === undefined ? outcome : withFailure(outcome, failedWhen, fails)
  if (changes === undefined) return decided
  if (decided.outcome === 'failed') return { ...decided, result: { ...decided.result, ...change } }
  return { ...decided, outcome: changes ? 'changed' : 'ok', changes: changes ? decided.changes : [] }
}

/** Whether a condition holds; what is wrong with it where that cannot be said. */
function verdict(condition: Condition, scope: Scope): boolean | string {
  try {
    return holds(condition, scope)
  } catch (error) {
    if (!(error instanceof TemplateError) || unknownIn(error) !== undefined) throw error
    return describeTemplateError(error)
  }
}

function undecided(outcome: ActionOutcome, verdicts: JsonObject, message: string): ActionOutcome {
  return { ...outcome, outcome: 'failed', message, result: { ...outcome.result, ...verdicts } }
}

function withFailure(outcome: ActionOutcome, failedWhen: Condition, fails: boolean): ActionOutcome {
  const result = { ...outcome.result, failed_when_result: fails }
  if (!fails) {
    if (outcome.outcome !== 'failed') return { ...outcome, message: null, result }
    // What went wrong stays readable, as in Ansible.
    const why = outcome.message === null ? {} : { msg: outcome.message }
    const otherwise = outcome.changes.length > 0 ? 'changed' : 'ok'
    return { ...outcome, outcome: otherwise, message: null, result: { ...why, ...result } }
  }
  const reason = Array.isArray(failedWhen.value) ? failedWhen.value.join(' and ') : String(failedWhen.value)
  const message = outcome.outcome === 'failed' ? outcome.message : `failed_when: ${reason}`
  return { ...outcome, outcome: 'failed', message, result }
}
