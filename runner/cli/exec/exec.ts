import { ActionNames } from '../../language/actions.ts'
import { ProblemsFound } from '../../language/source.ts'
import { runCommand } from '../run-command.ts'
import { readSettings } from '../settings/read-settings.ts'
import { allModules } from '../user-modules/load.ts'
import { type ExecFlags, runFlags } from './flags.ts'
import { argumentsOf, oneTask } from './one-task.ts'

/** `drover exec`: one task on the hosts of a pattern; gives the exit status, which is that of a run. */
export async function exec(pattern: string, flags: ExecFlags): Promise<number> {
  const { moduleName, args, background, poll, playbookDir = '.', modulePath = [], output } = flags
  const { settings } = readSettings(process.env, process.cwd())
  const names = new ActionNames(await allModules(modulePath, [playbookDir], settings))
  if (names.resolve(moduleName) === undefined) {
    const near = names.nearest(moduleName)
    const hint = near === undefined ? 'drover doc lists what there is' : `did you mean "${near}"?`
    throw new ProblemsFound([{ message: `there is no module "${moduleName}"`, hint }])
  }
  const task = {
    [moduleName]: argumentsOf(args),
    ...(background === undefined ? {} : { async: background }),
    ...(poll === undefined ? {} : { poll }),
  }
  // Who only asks which hosts there are need not say what to do on them.
  const { path, texts } = oneTask(pattern, flags.listHosts === true ? { meta: 'noop' } : task, playbookDir)
  return runCommand([path], runFlags(flags), { texts, told: output })
}
