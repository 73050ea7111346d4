import { describe, expect, test } from 'vitest'
import { UnreadableFact } from '../../../modules/fact.ts'
import { initScript } from '../../../modules/facts/init-script.ts'
import { serviceManager } from '../../../modules/facts/service-manager.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { nothingBrought } from '../../../modules/facts/brought.ts'
import { unit, unitBefore, unitsToReload, type Unit } from '../../../modules/facts/unit.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import { UnknownFact } from '../../../modules/module.ts'
import systemd from '../../../modules/system/systemd.ts'
import type { Step } from '../../../modules/step.ts'
import { FakeHost, type Known, planOf, proposalOf } from '../fake-host.ts'

const is = (changes: Unit = {}): Unit => ({
  Id: 'mysql.service',
  Names: 'mysql.service',
  LoadState: 'loaded',
  ActiveState: 'inactive',
  SubState: 'dead',
  UnitFileState: 'disabled',
  NeedDaemonReload: 'no',
  CanReload: 'yes',
  Conflicts: 'shutdown.target',
  ...changes,
})
const host = (mysql: Unit | Error, ...more: readonly Known[]): FakeHost =>
  new FakeHost([[serviceManager(), 'systemd'], [unit('mysql.service'), mysql], [unitsToReload(), []], ...more])
const brief = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ actions }) =>
    actions.map((one) => (one.do === 'run' ? one.argv.join(' ') : one.do === 'sh' ? one.title : one.do)),
  )
const planned = async (args: object, mysql: Unit | Error, ...more: readonly Known[]): Promise<readonly string[]> => {
  const plan = await planOf(systemd, { name: 'mysql', ...args }, host(mysql, ...more))
  return plan.kind === 'refusal' ? [plan.message] : brief(plan.steps)
}
const ACTIVE = { ActiveState: 'active', SubState: 'running' }

test('started and enabled, and a second run does nothing', async () => {
  const args = { name: 'mysql', state: 'started', enabled: true }
  const plan = await proposalOf(systemd, args, host(is()))
  expect(brief(plan.steps)).toEqual(['systemctl enable -- mysql.service', 'start mysql.service'])
  expect((await proposalOf(systemd, args, host(is()).after(plan))).steps).toEqual([])
  expect(plan.result).toMatchObject({
    name: 'mysql',
    state: 'started',
    enabled: true,
    status: { ActiveState: 'inactive' },
  })
})

test.each<readonly [string, object, Unit, readonly unknown[]]>([
  ['running already', { state: 'started' }, is(ACTIVE), []],
  ['reloading is running', { state: 'started' }, is({ ActiveState: 'reloading' }), []],
  ['on its way: waited for', { state: 'started' }, is({ ActiveState: 'activating' }), ['start mysql.service']],
  ['failed is started again', { state: 'started' }, is({ ActiveState: 'failed' }), ['start mysql.service']],
  ['failed is stopped', { state: 'stopped' }, is({ ActiveState: 'failed' }), []],
  ['on its way is stopped', { state: 'stopped' }, is({ ActiveState: 'activating' }), ['stop mysql.service']],
  ['restarted always acts', { state: 'restarted' }, is(ACTIVE), ['restart mysql.service']],
  ['reloaded always acts', { state: 'reloaded' }, is(ACTIVE), ['reload mysql.service']],
  ['reloading what does not run starts it', { state: 'reloaded' }, is(), ['start mysql.service']],
  ['reloading what cannot', { state: 'reloaded' }, is({ ...ACTIVE, CanReload: 'no' }), [expect.stringMatching(/cannot reload.*restarted/)]],
  ['not waiting', { state: 'started', no_block: true }, is(), ['systemctl --no-block start -- mysql.service']],
  ['enabled already', { enabled: true }, is({ UnitFileState: 'enabled' }), []],
  ['enabled until the next boot only', { enabled: true }, is({ UnitFileState: 'enabled-runtime' }), ['systemctl enable -- mysql.service']],
  ['disabled until the next boot only', { enabled: false }, is({ UnitFileState: 'enabled-runtime' }), ['systemctl --runtime disable -- mysql.service']],
  ['forced', { enabled: true, force: true }, is(), ['systemctl --force enable -- mysql.service']],
  ['unmasked before it is enabled and started', { masked: false, enabled: true, state: 'started' }, is({ LoadState: 'masked', UnitFileState: 'masked' }), ['systemctl unmask -- mysql.service', 'systemctl enable -- mysql.service', 'start mysql.service']],
  ['masked and to be started', { state: 'started' }, is({ LoadState: 'masked', UnitFileState: 'masked' }), [expect.stringMatching(/is masked.*masked: false/)]],
  ['masked and to be stopped', { state: 'stopped' }, is({ LoadState: 'masked', UnitFileState: 'masked' }), []],
  ['stopped before it is masked', { state: 'stopped', masked: true }, is(ACTIVE), ['stop mysql.service', 'systemctl mask -- mysql.service']],
  ['masked already', { masked: true }, is({ LoadState: 'masked', UnitFileState: 'masked' }), []],
  ['not there', { state: 'started' }, is({ LoadState: 'not-found' }), ['Could not find the requested service mysql: host']],
  ['wrong', { state: 'started' }, is({ LoadState: 'bad-setting', LoadError: 'Unit has no ExecStart' }), [expect.stringMatching(/no ExecStart.*systemd-analyze verify/)]],
  ['its file changed: read first', { state: 'restarted' }, is({ ...ACTIVE, NeedDaemonReload: 'yes' }), ['systemctl daemon-reload', 'restart mysql.service']],
  ['its file changed, and nothing is to do', { state: 'started' }, is({ ...ACTIVE, NeedDaemonReload: 'yes' }), []],
  ['its file changed, and reading is ruled out', { state: 'restarted', daemon_reload: false }, is({ ...ACTIVE, NeedDaemonReload: 'yes' }), ['restart mysql.service']],
  ['patterns', { name: 'my*', state: 'started' }, is(), [expect.stringMatching(/patterns and blanks/)]],
])('%s', async (_, args, mysql, expected) => expect(await planned(args, mysql)).toEqual(expected)) // prettier-ignore

test.each(['static', 'generated', 'indirect', 'alias'])(
  'enabling a %s unit is no change, with a warning',
  async (state) => {
    const plan = await proposalOf(systemd, { name: 'mysql', enabled: true }, host(is({ UnitFileState: state })))
    expect(plan.steps).toEqual([])
    expect(plan.warnings).toEqual([expect.stringContaining(state)])
  },
)

describe('daemon_reload', () => {
  test('only where a file changed', async () => {
    expect(brief((await proposalOf(systemd, { daemon_reload: true }, host(is()))).steps)).toEqual([])
    const changed = host(is(), [unitsToReload(), ['cron.service']])
    const plan = await proposalOf(systemd, { daemon_reload: true }, changed)
    expect(brief(plan.steps)).toEqual(['systemctl daemon-reload'])
    expect((await proposalOf(systemd, { daemon_reload: true }, changed.after(plan))).steps).toEqual([])
  })
  test('once, where the unit needs it too', async () => {
    const args = { state: 'restarted', daemon_reload: true }
    const known: Known = [unitsToReload(), ['mysql.service']]
    expect(await planned(args, is({ NeedDaemonReload: 'yes' }), known)).toEqual([
      'systemctl daemon-reload',
      'restart mysql.service',
    ])
  })
})

const before = (known: Unit): Known => [unitBefore('mysql.service'), known]

describe('in check mode, after an earlier task wrote the unit file', () => {
  const unknown = new UnknownFact('unit:mysql.service')
  const args = { state: 'started', enabled: true }
  test('a new unit is loaded, not running, not enabled', async () => {
    const file: Known = [stat('/etc/systemd/system/mysql.service'), predictedStat('file', {})]
    const steps = await planned(args, unknown, before(is({ LoadState: 'not-found', UnitFileState: '' })), file)
    expect(steps).toEqual(['systemctl enable -- mysql.service', 'start mysql.service'])
  })
  test('a changed one that runs is what it was, and is read again', async () => {
    expect(
      await planned({ ...args, state: 'restarted' }, unknown, before(is({ ...ACTIVE, UnitFileState: 'enabled' }))),
    ).toEqual(['systemctl daemon-reload', 'restart mysql.service'])
  })
  test('without a file it is not there', async () => {
    expect(await planned(args, unknown, before(is({ LoadState: 'not-found' })))).toEqual([
      'Could not find the requested service mysql: host',
    ])
  })
  test('after a package would be installed, nobody can say that it is not there', async () => {
    const missing = is({ LoadState: 'not-found' })
    const brought: Known = [nothingBrought(), new UnknownFact('what-packages-bring')]
    await expect(planned(args, missing, before(missing), brought)).rejects.toThrow(UnknownFact)
  })
})

describe('templates and names', () => {
  test('an instance is enabled and started by its own name', async () => {
    const known: Known = [
      unit('mysql@bootstrap.service'),
      is({ Names: 'mysql@bootstrap.service', Conflicts: 'mysql.service' }),
    ]
    const running = host(is(ACTIVE), known)
    const plan = await proposalOf(systemd, { name: 'mysql@bootstrap', state: 'started' }, running)
    expect(brief(plan.steps)).toEqual(['start mysql@bootstrap.service'])
    // It cannot run beside mysql, which systemd stops.
    expect(await running.after(plan).get(unit('mysql.service'))).toMatchObject({ ActiveState: 'inactive' })
  })
  test('a template cannot run', async () => {
    const known: Known = [unit('mysql@.service'), is()]
    expect(await planned({ name: 'mysql@.service', state: 'started' }, is(), known)).toEqual([
      expect.stringMatching(/is a template/),
    ])
  })
  test('what is started under one name is started under all', async () => {
    const known = host(is({ Names: 'mariadb.service mysql.service' }))
    const after = known.after(await proposalOf(systemd, { name: 'mysql', state: 'started' }, known))
    expect(await after.get(unit('mariadb.service'))).toMatchObject({ ActiveState: 'active' })
  })
})

const sysv = (changes: object = {}, manager: 'sysv' | 'openrc' = 'sysv'): readonly Known[] => [
  [serviceManager(), manager],
  [initScript(manager, 'mysql'), { exists: true, running: false, enabled: false, enabler: 'update-rc.d', ...changes }],
]

describe('hosts without systemd', () => {
  const none = new UnreadableFact('systemctl: not found')
  test.each<readonly [string, object, readonly Known[], readonly unknown[]]>([
    ['SysV with update-rc.d', {}, sysv(), ['update-rc.d mysql defaults', 'service mysql start']],
    ['SysV with chkconfig', {}, sysv({ enabler: 'chkconfig' }), ['chkconfig mysql on', 'service mysql start']],
    ['OpenRC', {}, sysv({ enabler: 'rc-update' }, 'openrc'), ['rc-update add mysql default', 'rc-service mysql start']],
    ['running and enabled', {}, sysv({ running: true, enabled: true }), []],
    ['no such service', {}, sysv({ exists: false }), [expect.stringMatching(/no \/etc\/init\.d\/mysql/)]],
    ['what only systemd knows', { masked: true }, sysv(), [expect.stringMatching(/SysV init, which knows/)]],
    ['no service manager', {}, [[serviceManager(), 'none']], [expect.stringMatching(/no service manager/)]],
  ])('%s', async (_, args, known, expected) => {
    expect(await planned({ state: 'started', enabled: true, ...args }, none, ...known)).toEqual(expected)
  })
  test('on a host with systemd, what cannot be read is an error', async () => {
    await expect(planned({ state: 'started' }, none)).rejects.toThrow(UnreadableFact)
  })
})

test('all that is needed comes in one reading', async () => {
  const known = host(is(ACTIVE))
  await proposalOf(systemd, { name: 'mysql', state: 'started', daemon_reload: true }, known)
  expect(known.batches).toHaveLength(1)
})
