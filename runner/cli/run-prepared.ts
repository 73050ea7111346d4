import type { Event, Reporter, RunProfiled } from '../engine/events.ts'
import { runPlaybooks } from '../engine/run.ts'
import { loadRole, loadTasks } from '../language/load.ts'
import { ProblemsFound } from '../language/source.ts'
import { createReporter, type Format } from '../report/choose.ts'
import { connect } from '../transport/connect.ts'
import { ask } from './ask.ts'
import { interruptible } from './interrupt.ts'
import type { Prepared } from './run-command.ts'
import { moduleFinder } from './user-modules/load.ts'

/** Where it is told where the time went, if that was asked for. */
export interface ProfileTo {
  readonly shown: boolean
  readonly write?: (profile: RunProfiled) => void
}

/** Runs what was prepared, and tells of it in that format or to that reporter; gives the exit status. In a file of its own, since what only reads does without the engine. */
export async function run(
  { playbooks, inventory, options, vault, modules, rolesPath }: Prepared,
  told: Format | Reporter,
  profile: ProfileTo = { shown: true },
): Promise<number> {
  const { verbosity } = options
  const reporter = typeof told === 'string' ? createReporter({ format: told, stdout: process.stdout, verbosity }) : told
  const warn = (message: string): void => reporter.report({ event: 'warning', time: Date.now(), message, at: null })
  const interruption = interruptible(warn)
  try {
    for (const { message } of inventory.warnings) warn(message)
    const { exitStatus } = await runPlaybooks(playbooks, inventory, options, {
      connect,
      moduleNamed: moduleFinder(modules),
      loadTasks: (file, from, section, playbookDirectory, roles) => {
        const context = { from, section, playbookDirectory, roles }
        const { tasks, problems } = loadTasks(file, { modules, vault, rolesPath, ...context })
        if (tasks === undefined) throw new ProblemsFound(problems)
        return tasks
      },
      loadRole: (request, playbookDirectory, beside) => {
        const { role, problems } = loadRole(request, { modules, vault, rolesPath, playbookDirectory, beside })
        if (role === undefined) throw new ProblemsFound(problems)
        return role
      },
      emit: (event: Event) => {
        if (event.event === 'run-profiled') profile.write?.(event)
        if (event.event !== 'run-profiled' || profile.shown) reporter.report(event)
      },
      interruption,
      ask,
      vault,
    })
    return exitStatus
  } finally {
    interruption.release()
    await reporter.close()
  }
}
