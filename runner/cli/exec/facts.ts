import type { Event, Reporter } from '../../engine/events.ts'
import type { Json, JsonObject } from '../../../schema/infer.ts'
import { visibleLine } from '../../report/visible.ts'
import { runCommand } from '../run-command.ts'
import { type FactsFlags, runFlags } from './flags.ts'
import { oneTask } from './one-task.ts'

/**
 * `drover facts`: writes what is known of a host as JSON; of hosts that a pattern means, by their names. Gives the exit status, which is
 * that of a run, and 1 where no host is meant.
 */
export async function showFacts(pattern: string, filters: readonly string[], flags: FactsFlags): Promise<number> {
  const setup = filters.length === 0 ? {} : { filter: filters }
  const { path, texts } = oneTask(pattern, { setup }, '.')
  const reporter = new FactsReporter()
  const status = await runCommand([path], runFlags(flags), { texts, told: reporter })
  const { facts, hosts } = reporter
  if (facts.size === 0) return status === 0 ? 1 : status
  const shown = hosts.has(pattern) ? facts.get(pattern) : Object.fromEntries(facts)
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  return status
}

/** Keeps the facts, and tells what went wrong on standard error. */
class FactsReporter implements Reporter {
  readonly hosts = new Set<string>()
  readonly facts = new Map<string, JsonObject>()

  report(event: Event): void {
    if (event.event === 'warning') process.stderr.write(`warning: ${visibleLine(event.message)}\n`)
    if (event.event !== 'host-finished') return
    const { host, outcome, message, result, warnings } = event
    this.hosts.add(host)
    for (const warning of warnings) process.stderr.write(`warning: ${visibleLine(warning)}\n`)
    if (outcome === 'ok') this.facts.set(host, underVariableNames(result?.['ansible_facts']))
    else
      process.stderr.write(`${outcome}: ${visibleLine(host)}${message === null ? '' : `: ${visibleLine(message)}`}\n`)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Facts under the names that they have as variables of a playbook. */
function underVariableNames(facts: Json | undefined): JsonObject {
  const entries = typeof facts === 'object' && facts !== null ? Object.entries<Json>(facts) : []
  return Object.fromEntries(
    entries
      .filter(([name]) => name !== 'gather_subset' && name !== 'module_setup')
      .map(([name, value]) => [name.startsWith('ansible_') ? name : `ansible_${name}`, value]),
  )
}
