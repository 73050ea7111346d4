import type { JsonObject } from '../../../schema/infer.ts'
import type { ActionRun } from '../action-run.ts'
import type { ActionOutcome } from '../result.ts'
import type { Settings } from '../settings.ts'

/** A statement under way: an action of the language that acts on the run and not on a host, with its arguments evaluated. */
export interface StatementRun extends ActionRun {
  readonly args: JsonObject
  readonly settings: Settings
}

export type Statement = (run: StatementRun) => Promise<ActionOutcome>
