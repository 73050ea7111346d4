import type { Unit, UnitScope } from '../facts/unit.ts'
import { unitsToReload } from '../facts/unit.ts'
import type { Effect, Step } from '../step.ts'
import { becomes, started } from '../step.ts'
import { isTemplate } from './unit-names.ts'
import { systemctl, unitBecomes, unitJob, unitStep, type UnitVerb } from './unit-steps.ts'

export interface UnitWish {
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
  readonly masked?: boolean | undefined
  readonly scope: UnitScope
  readonly block: boolean
  /** Overwrites links that are in the way of enabling. */
  readonly force: boolean
}

export interface UnitState {
  readonly name: string
  readonly unit: Unit
  /** The services that it cannot run beside, as far as they run. */
  readonly conflicting: readonly Unit[]
}
export type UnitSteps = { readonly steps: readonly Step[]; readonly warnings: readonly string[] } | string

/** Has the manager read unit files again. */
export function reloadStep(
  scope: UnitScope,
  units: readonly string[],
  known: readonly (readonly [string, Unit])[],
): Step {
  return {
    change: {
      subject: 'systemd',
      verb: 'run',
      attributes: [{ name: 'unit files read again', before: units.join(', ') || null, after: 'all' }],
    },
    actions: [systemctl(scope, 'daemon-reload')],
    effects: [
      becomes(unitsToReload(scope), []),
      ...known.flatMap(([name, unit]) => unitBecomes(name, scope, { ...unit, NeedDaemonReload: 'no' })),
    ],
  }
}

const isMasked = (unit: Unit): boolean =>
  unit['LoadState'] === 'masked' || (unit['UnitFileState'] ?? '').startsWith('masked')

/** The steps to a unit as it is wished for, or why they may not be done. */
export function unitSteps(state: UnitState, wish: UnitWish): UnitSteps {
  const { name } = state
  const { scope } = wish
  let { unit } = state
  const steps: Step[] = []
  const warnings: string[] = []
  if (wish.masked === false && isMasked(unit)) {
    const runtime = unit['UnitFileState'] === 'masked-runtime'
    const after: Unit = { ...unit, LoadState: 'loaded', UnitFileState: 'disabled' }
    const attributes = [{ name: 'masked', before: true, after: false }]
    steps.push(
      unitStep(
        { verb: 'update', name, attributes },
        [systemctl(scope, ...(runtime ? ['--runtime'] : []), 'unmask', '--', name)],
        scope,
        after,
      ),
    )
    unit = after
  }
  if (
    isMasked(unit) &&
    wish.masked !== true &&
    (wish.enabled === true || (wish.state !== undefined && wish.state !== 'stopped'))
  )
    return `${name} is masked, so it can neither be started nor enabled: masked: false unmasks it`
  if (wish.enabled !== undefined) {
    const enabling = enablingStep(name, unit, wish, wish.enabled)
    if (typeof enabling === 'string') warnings.push(enabling)
    else if (enabling) {
      steps.push(enabling.step)
      unit = enabling.after
    }
  }
  const job = wish.state === undefined ? null : jobFor(unit, wish.state)
  if (wish.state === 'reloaded' && job === 'reload' && unit['CanReload'] === 'no')
    return `${name} cannot reload its configuration: use state: restarted`
  if (job !== null) {
    if (isTemplate(name)) return `${name} is a template: name an instance of it, e.g. ${name.replace('@.', '@1.')}`
    if (unit['RefuseManualStart'] === 'yes' && job !== 'stop')
      return `${name} may only be started by systemd itself (RefuseManualStart)`
    const after = afterJob(unit, job)
    steps.push(
      unitStep(
        {
          verb: job === 'start' || job === 'stop' ? 'update' : 'run',
          name,
          attributes: [{ name: 'state', before: unit['ActiveState'] ?? null, after: describe(job) }],
        },
        [unitJob(scope, job, name, wish.block)],
        scope,
        after,
        job === 'start' || job === 'restart' ? [...stopped(state.conflicting, scope), started] : [],
      ),
    )
    unit = after
  }
  // Masking comes last: a masked unit could not be stopped by the name of an alias.
  if (wish.masked === true && !isMasked(unit)) {
    const after: Unit = { ...unit, LoadState: 'masked', UnitFileState: 'masked' }
    const attributes = [{ name: 'masked', before: false, after: true }]
    steps.push(unitStep({ verb: 'update', name, attributes }, [systemctl(scope, 'mask', '--', name)], scope, after))
  }
  return { steps, warnings }
}

const describe = (job: UnitVerb): string => (job === 'stop' ? 'inactive' : job === 'start' ? 'active' : `${job}ed`)

/** Starting a unit stops those that it conflicts with. */
const stopped = (units: readonly Unit[], scope: UnitScope): readonly Effect[] =>
  units.flatMap((unit) => unitBecomes(unit['Id'] ?? '', scope, afterJob(unit, 'stop')))

const afterJob = (unit: Unit, job: UnitVerb): Unit =>
  job === 'stop'
    ? { ...unit, ActiveState: 'inactive', SubState: 'dead', MainPID: '0' }
    : { ...unit, LoadState: 'loaded', ActiveState: 'active', SubState: 'running', Result: 'success' }

/** What has to be asked of systemd; null where the unit is as it should be. */
function jobFor(unit: Unit, wanted: 'started' | 'stopped' | 'restarted' | 'reloaded'): UnitVerb | null {
  const active = unit['ActiveState'] ?? 'inactive'
  const runs = active === 'active' || active === 'reloading' || active === 'refreshing'
  switch (wanted) {
    case 'started':
      // For one that is on its way, `start` only waits.
      return runs ? null : 'start'
    case 'stopped':
      return active === 'inactive' || active === 'failed' ? null : 'stop'
    case 'restarted':
      return 'restart'
    case 'reloaded':
      return runs ? 'reload' : 'start'
  }
}

/** Why a unit in this state is neither enabled nor disabled (systemctl(1), `is-enabled`). */
const UNDECIDABLE: { readonly [state: string]: string } = {
  static: 'has no [Install] section, so it is started by others only',
  indirect: 'is enabled through other units that it names in Also=',
  generated: 'is generated from another file, which decides about it',
  alias: "is another name of a unit: use that one's own name",
  transient: 'was made at run time and is gone after a reboot',
  '': 'has no unit file',
}

/** The step that enables or disables; a warning where systemd can do neither; null where nothing is to do. */
function enablingStep(
  name: string,
  unit: Unit,
  wish: UnitWish,
  enabled: boolean,
): { readonly step: Step; readonly after: Unit } | string | null {
  const is = unit['UnitFileState'] ?? ''
  const reason = UNDECIDABLE[is]
  if (reason !== undefined) return `${name} ${reason} (${is || 'no state'}): enabled: ${enabled} changes nothing`
  if (enabled ? is === 'enabled' : !is.startsWith('enabled')) return null
  const words = [
    ...(wish.force ? ['--force'] : []),
    ...(!enabled && is === 'enabled-runtime' ? ['--runtime'] : []),
    enabled ? 'enable' : 'disable',
  ]
  const after: Unit = { ...unit, UnitFileState: enabled ? 'enabled' : 'disabled' }
  const attributes = [{ name: 'enabled', before: is.startsWith('enabled'), after: enabled }]
  return {
    step: unitStep(
      { verb: 'update', name, attributes },
      [systemctl(wish.scope, ...words, '--', name)],
      wish.scope,
      after,
    ),
    after,
  }
}
