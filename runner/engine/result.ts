import type { Change } from '../../modules/step.ts'
import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Item, Outcome } from './events.ts'

/** How one action on one host, or one item of a loop, came out. */
export interface ActionOutcome {
  readonly outcome: Exclude<Outcome, 'unreachable'>
  readonly message: string | null
  readonly changes: readonly Change[]
  /** What the module or statement returned, `changed` and the like not yet in it. */
  readonly result: JsonObject
  readonly warnings: readonly string[]
  /** True where check mode cannot have the result, whatever the outcome. */
  readonly resultUnknown?: boolean
  /** True where the action was not come to: its conditions do not hold, or what the task says cannot be evaluated. */
  readonly neverRan?: boolean
}

/** How a task came out on a host; `items` where it has a loop. */
export interface TaskOutcome extends Omit<ActionOutcome, 'outcome'> {
  readonly outcome: Outcome
  readonly ignored: boolean
  readonly items: readonly Item[]
}

export const ended = (
  outcome: ActionOutcome['outcome'],
  message: string | null,
  result: JsonObject = {},
): ActionOutcome => ({
  outcome,
  message,
  changes: [],
  result,
  warnings: [],
})

/** A result as `register` keeps it: what was returned, with `changed`, `failed` and `skipped` as Ansible sets them. */
export function registered({ outcome, message, changes, result, warnings, neverRan }: ActionOutcome): JsonObject {
  // As in Ansible, what never ran has not failed where it was passed over, and nothing to say of changes where it failed.
  if (neverRan === true)
    return outcome === 'skipped'
      ? { ...result, changed: false, skipped: true }
      : { ...(message === null ? {} : { msg: message }), ...result, failed: true }
  return {
    ...(message === null || outcome === 'ok' || outcome === 'changed' ? {} : { msg: message }),
    ...result,
    changed:
      outcome === 'changed' ||
      (outcome === 'failed' && ((result['changed'] as boolean | undefined) ?? changes.length > 0)),
    ...('results' in result && outcome !== 'failed' ? {} : { failed: outcome === 'failed' }),
    ...(outcome === 'skipped' ? { skipped: true } : 'results' in result ? { skipped: false } : {}),
    ...(warnings.length === 0 ? {} : { warnings: [...warnings] }),
  }
}

/** One result for a whole loop, with that of each item under `results`. */
export function combined(
  items: readonly { readonly outcome: ActionOutcome; readonly result: JsonObject }[],
): ActionOutcome {
  const outcomes = items.map((item) => item.outcome.outcome)
  const outcome = worst(outcomes)
  const failures = items.filter((item) => item.outcome.outcome === 'failed')
  return {
    outcome,
    message:
      failures.length > 0
        ? (failures[0]?.outcome.message ?? 'One or more items failed')
        : outcome === 'skipped'
          ? 'All items skipped'
          : null,
    changes: items.flatMap((item) => item.outcome.changes),
    result: {
      results: items.map((item): Json => item.result),
      msg:
        failures.length > 0
          ? 'One or more items failed'
          : outcome === 'skipped'
            ? 'All items skipped'
            : 'All items completed',
      changed: outcomes.includes('changed'),
    },
    warnings: [...new Set(items.flatMap((item) => item.outcome.warnings))],
    resultUnknown: items.some((item) => item.outcome.resultUnknown === true),
  }
}

function worst(outcomes: readonly ActionOutcome['outcome'][]): ActionOutcome['outcome'] {
  for (const outcome of ['failed', 'unknown', 'changed', 'ok'] as const) if (outcomes.includes(outcome)) return outcome
  return 'skipped'
}
