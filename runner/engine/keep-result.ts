import type { JsonObject } from '../../schema/infer.ts'
import type { Task } from '../language/tree.ts'
import type { HostRun } from './host-run.ts'
import type { TaskRun } from './task-run.ts'

/** Keeps what a task gave on a host: under the name of `register`, and of a failure for the rescue to see. */
export function keepResult(host: HostRun, task: Task, run: TaskRun): void {
  if (task.register !== undefined) host.register(task.register, task.name ?? task.action.written, run.result)
  if (run.result === null && task.action.name === 'set_fact')
    host.obscure(Object.keys(task.action.args.value), task.name ?? task.action.written)
  if (run.outcome.outcome !== 'failed') return
  host.vars.setFact('ansible_failed_task', {
    name: task.name ?? task.action.written,
    action: task.action.name,
    args: task.action.args.value,
  })
  host.vars.setFact('ansible_failed_result', run.result)
}

/** Takes over what a task that runs once gave on another host; facts of a host that was delegated to stay with that one. */
export function shareResult(
  host: HostRun,
  task: Task,
  run: TaskRun,
  how: { readonly fails: boolean; readonly delegatesFacts: boolean },
): void {
  const { outcome, ignored } = run.outcome
  if (outcome === 'failed' && !ignored && how.fails) host.standing = 'failed'
  keepResult(host, task, run)
  if (how.delegatesFacts || task.action.name !== 'set_fact' || run.result === null) return
  const { results } = run.result
  for (const result of Array.isArray(results) ? (results as readonly JsonObject[]) : [run.result]) {
    const facts = result['ansible_facts']
    if (typeof facts !== 'object' || facts === null) continue
    for (const [name, value] of Object.entries(facts)) host.vars.setFact(name, value)
  }
}
