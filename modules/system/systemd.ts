import { UnreadableFact } from '../fact.ts'
import { initScript, type InitScript } from '../facts/init-script.ts'
import { serviceManager, type ServiceManager } from '../facts/service-manager.ts'
import { stat } from '../facts/stat.ts'
import { nothingBrought } from '../facts/brought.ts'
import { unit, unitBefore, unitsToReload, type Unit } from '../facts/unit.ts'
import { initSteps } from '../lib/init-plan.ts'
import { nameProblem, unitName, unitPaths } from '../lib/unit-names.ts'
import { reloadStep, unitSteps } from '../lib/unit-plan.ts'
import { systemctl } from '../lib/unit-steps.ts'
import type { HostState, Infer, Plan } from '../module.ts'
import { defineModule, propose, refuse, UnknownFact } from '../module.ts'
import type { Step } from '../step.ts'

const unused = (what: string) =>
  ({ type: 'string', description: `For Ansible's sake: ${what}`, since: '0.1.0' }) as const

const ARGS = {
  type: 'object',
  properties: {
    name: {
      type: 'string',
      aliases: ['service', 'unit'],
      description: 'The unit; a service where no suffix says otherwise.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['started', 'stopped', 'restarted', 'reloaded'],
      description: '`started` and `stopped` act only where needed, `restarted` and `reloaded` always.',
      since: '0.1.0',
    },
    enabled: { type: 'boolean', description: 'Whether it is started at boot.', since: '0.1.0' },
    masked: { type: 'boolean', description: 'Whether it is made impossible to start.', since: '0.1.0' },
    daemon_reload: {
      type: 'boolean',
      aliases: ['daemon-reload'],
      description:
        'Have systemd read changed unit files first, where any changed. Unset, it does where the unit is about to start.',
      since: '0.1.0',
    },
    daemon_reexec: {
      type: 'boolean',
      default: false,
      aliases: ['daemon-reexec'],
      description: 'Have systemd start itself anew first.',
      since: '0.1.0',
    },
    scope: {
      type: 'string',
      enum: ['system', 'user', 'global'],
      default: 'system',
      description: "Whose units: the system's, those of the user that the task runs as, or what all users get.",
      since: '0.1.0',
    },
    no_block: {
      type: 'boolean',
      default: false,
      description: 'Do not wait until it has started or stopped.',
      since: '0.1.0',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Overwrite links that are in the way of enabling it.',
      since: '0.1.0',
    },
    use: unused('the service manager is found out.'),
    pattern: unused('services say themselves whether they run.'),
    runlevel: unused('OpenRC services go to `default`.'),
    arguments: unused('not passed on.'),
    sleep: {
      type: 'integer',
      description: "For Ansible's sake: restarting waits for the service itself.",
      since: '0.1.0',
    },
  },
  requiredOneOf: [['name', 'daemon_reload', 'daemon_reexec']],
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly manager: ServiceManager
  /** Of SysV init or OpenRC. */
  readonly script: InitScript | null
  readonly unit: Unit | null
  /** Services that cannot run beside it, and do. */
  readonly conflicting: readonly Unit[]
  /** Units whose files changed; null where in check mode only some change is certain. */
  readonly toReload: readonly string[] | null
}

export default defineModule({
  name: 'systemd',
  aliases: ['systemd_service', 'service'],
  summary: 'Keep a unit running, stopped, enabled or masked.',
  description: `Jobs are waited for; where one fails, the end of the unit's journal is shown. On hosts without systemd, services of SysV init and OpenRC
are started, stopped and enabled with their own tools.`,
  args: ARGS,
  returns: {
    name: 'The unit, as the task names it.',
    state: 'The state that was asked for.',
    enabled: 'Whether it is enabled, if the task asks for that.',
    status: "The unit's properties before the task, by systemd's names.",
  },
  examples: [
    { title: 'Run now and at each boot', task: 'systemd: { name: cron, state: started, enabled: true }' },
    { title: 'Restart', task: 'systemd: { name: cron, state: restarted }' },
    {
      title: 'Take it out of use',
      given: '- systemd: { name: cron, state: started }',
      task: 'systemd: { name: cron, state: stopped, masked: true }',
    },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: Args): Promise<State> {
  const { name, scope } = args
  const valid = name !== undefined && nameProblem(name) === null
  // All in one reading: where systemd does not run, what systemctl says is not looked at.
  const [manager, found, toReload] = await Promise.all([
    host.get(serviceManager()),
    valid ? readUnit(host, unitName(name), scope).catch(unreadable) : null,
    args.daemon_reload === true && scope !== 'global' ? staleUnits(host, scope) : [],
  ])
  const none: State = { manager, script: null, unit: null, conflicting: [], toReload: [] }
  if (manager === 'openrc' || manager === 'sysv')
    return valid ? { ...none, script: await host.get(initScript(manager, name.replace(/\.service$/, ''))) } : none
  if (manager === 'none') return none
  if (found instanceof UnreadableFact) throw found
  const rivals = (found?.['Conflicts'] ?? '').split(' ').filter((one) => one.endsWith('.service'))
  const others = await Promise.all(rivals.map((one) => host.get(unit(one, scope))))
  return { ...none, unit: found, toReload, conflicting: others.filter((one) => one['ActiveState'] === 'active') }
}

const unreadable = (error: unknown): UnreadableFact => {
  if (error instanceof UnreadableFact) return error
  throw error
}

/**
 * A unit, in check mode also one whose file an earlier task would have written: systemd does not know of that file yet. A new one is
 * loaded, not running and not enabled; a changed one is what it was, and has to be read again if systemd holds on to it.
 */
async function readUnit(host: HostState, name: string, scope: Args['scope']): Promise<Unit> {
  try {
    const known = await host.get(unit(name, scope))
    return known['LoadState'] === 'not-found' ? await foreseen(host, name, scope, known) : known
  } catch (error) {
    if (!(error instanceof UnknownFact)) throw error
    const before = await host.get(unitBefore(name, scope))
    if (before['LoadState'] === 'not-found') return foreseen(host, name, scope, before)
    const held = before['ActiveState'] !== 'inactive' || before['UnitFileState'] === 'enabled'
    return { ...before, NeedDaemonReload: held ? 'yes' : 'no' }
  }
}

async function foreseen(host: HostState, name: string, scope: Args['scope'], before: Unit): Promise<Unit> {
  const [files] = await Promise.all([
    Promise.all(unitPaths(name, scope).map((path) => host.get(stat(path)))),
    host.get(nothingBrought()),
  ])
  return files.every((file) => file === null)
    ? before
    : {
        ...before,
        LoadState: 'loaded',
        ActiveState: 'inactive',
        SubState: 'dead',
        UnitFileState: 'disabled',
        NeedDaemonReload: 'no',
      }
}

async function staleUnits(host: HostState, scope: Args['scope']): Promise<readonly string[] | null> {
  try {
    return await host.get(unitsToReload(scope))
  } catch (error) {
    if (error instanceof UnknownFact) return null
    throw error
  }
}

function plan(args: Args, state: State): Plan {
  const { manager, unit: found } = state
  const result = {
    name: args.name ?? null,
    ...(args.state === undefined ? {} : { state: args.state === 'stopped' ? 'stopped' : 'started' }),
    ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
    status: { ...found },
  }
  const wrong = args.name === undefined ? null : nameProblem(args.name)
  if (wrong !== null) return refuse(wrong, result)
  if (manager === 'none')
    return refuse('no service manager runs on this host: neither systemd, OpenRC nor SysV init', result)
  if (manager !== 'systemd') return planScript(args, state, manager)
  const steps: Step[] = args.daemon_reexec
    ? [{ change: { subject: 'systemd', verb: 'run' }, actions: [systemctl(args.scope, 'daemon-reexec')], effects: [] }]
    : []
  const name = args.name === undefined ? null : unitName(args.name)
  const known: readonly (readonly [string, Unit])[] = name !== null && found ? [[name, found]] : []
  // An asked-for reload is left out where no file changed.
  if (args.daemon_reload === true && (state.toReload === null || state.toReload.length > 0))
    steps.push(reloadStep(args.scope, state.toReload ?? [], known))
  if (name === null || found === null) return propose(steps, result)
  if (found['LoadState'] === 'not-found')
    return refuse(`Could not find the requested service ${args.name}: host`, result)
  if (found['LoadState'] === 'bad-setting' || found['LoadState'] === 'error')
    return refuse(
      `${name} cannot be loaded: ${found['LoadError'] ?? found['LoadState']}; \`systemd-analyze verify ${name}\` says more`,
      result,
    )
  const wish = { ...args, block: !args.no_block }
  const planned = unitSteps({ name, unit: found, conflicting: state.conflicting }, wish)
  if (typeof planned === 'string') return refuse(planned, result)
  const starts = planned.steps.length > 0 && args.state !== undefined && args.state !== 'stopped'
  if (
    args.daemon_reload !== false &&
    found['NeedDaemonReload'] === 'yes' &&
    (starts || args.daemon_reload) &&
    steps.every(({ change }) => !change.attributes)
  )
    steps.push(reloadStep(args.scope, [name], known))
  return propose([...steps, ...planned.steps], result, planned.warnings)
}

function planScript(args: Args, { script }: State, manager: 'openrc' | 'sysv'): Plan {
  const result = { name: args.name ?? null, status: {} }
  if (args.scope !== 'system' || args.masked !== undefined || args.name === undefined || script === null)
    return refuse(
      `this host runs ${manager === 'openrc' ? 'OpenRC' : 'SysV init'}, which knows name, state and enabled only`,
      result,
    )
  const steps = initSteps(manager, args.name.replace(/\.service$/, ''), script, args)
  return typeof steps === 'string' ? refuse(steps, result) : propose(steps, result)
}
