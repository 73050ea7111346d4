import pLimit from 'p-limit'
import type { Loop } from '../language/tree.ts'
import { runAction, type Turn } from './action-run.ts'
import { conditionsOf, nearest } from './lineage.ts'
import type { LoopItem } from './loop.ts'
import { onlyOnce } from './read-ahead.ts'
import type { ActionOutcome } from './result.ts'
import { LoopEnded, Turnstiles } from './turnstile.ts'

/** Turns that are under way at once. */
const mostTurns = 250

/** Whether nobody can tell if the turns of a loop overlap: what each does is foretold, and none asks what came of another. */
export function mayOverlap({ context, lineage, task }: Turn, loop: Loop): boolean {
  if (context.checks || task.action.kind !== 'module') return false
  const { opaque, returns } = context.moduleNamed(task.action.name)
  if (opaque === true || (returns !== undefined && 'ansible_facts' in returns)) return false
  const { pause, breakWhen } = loop.control
  const { until, retries, async } = task
  if ([pause, breakWhen, until, retries, async].some((written) => written !== undefined)) return false
  if ((['timeout', 'delegateTo', 'checkMode'] as const).some((name) => nearest(lineage, name) !== undefined))
    return false
  const written = JSON.stringify([
    task.action.args.value,
    conditionsOf(lineage).map(({ value }) => value),
    lineage.map(({ vars, environment }) => [vars?.value, environment?.value]),
  ])
  return !onlyOnce.test(written) && (task.register === undefined || !written.includes(task.register))
}

/** Turns that have been begun, in order; each gives null where it did not run, since the loop had ended or the user stopped it. */
export interface Overlapping {
  readonly turns: readonly Promise<ActionOutcome | null>[]
  /** Lets those finish that are under way, and no other begin. */
  end(): Promise<void>
}

/** Begins the turns of a loop without waiting for each: what they do goes to the host together. */
export function overlapping(turn: Turn, items: readonly LoopItem[]): Overlapping {
  const { stop } = turn.context.interruption
  const limit = pLimit(mostTurns)
  const turnstiles = new Turnstiles()
  const turns = items.map(({ scope }, index) => {
    const turnstile = turnstiles.next(index)
    return limit(async () => {
      try {
        if (turnstiles.isOver(index) || (stop.aborted && index > 0)) return null
        const outcome = await runAction({ ...turn, scope, turnstile })
        if (outcome.neverRan === true && outcome.outcome === 'failed') turnstiles.end(index)
        return outcome
      } catch (error) {
        if (error instanceof LoopEnded) return null
        turnstiles.end(index)
        throw error
      } finally {
        turnstile.pass()
      }
    })
  })
  return {
    turns,
    end: async () => {
      turnstiles.end(-1)
      await Promise.allSettled(turns)
    },
  }
}
