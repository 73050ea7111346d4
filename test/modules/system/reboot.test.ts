import { describe, expect, it } from 'vitest'
import { boot } from '../../../modules/facts/boot.ts'
import { stat } from '../../../modules/facts/stat.ts'
import waitForConnection from '../../../modules/commands/wait_for_connection.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import reboot from '../../../modules/system/reboot.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const host = (...programs: readonly string[]) =>
  new FakeHost([
    [boot(), 'first'],
    [boot(['uptime', '-s']), 'noon'],
    ...programs.map((path) => [stat(path), predictedStat('file', {})] as const),
  ])

describe('reboot', () => {
  it.each<[object, readonly string[], readonly string[]]>([
    [{ msg: 'now; "go"' }, ['/sbin/shutdown'], ['0', '/sbin/shutdown', '-r', 'now', 'now; "go"']],
    [{ pre_reboot_delay: 3 }, ['/usr/bin/systemctl'], ['3', '/usr/bin/systemctl', 'reboot']],
    [{ reboot_command: "kexec -e 'a b'" }, ['/sbin/kexec', '/sbin/shutdown'], ['0', '/sbin/kexec', '-e', 'a b']],
    [{ reboot_command: '/opt/boot' }, [], ['0', '/opt/boot']],
    [{ search_paths: ['/opt/'] }, ['/opt/shutdown'], ['0', '/opt/shutdown', '-r', 'now', 'Reboot initiated by drover']],
  ])('%j', async (args, programs, words) => {
    const { steps, result } = await proposalOf(reboot, { ...args }, host(...programs))
    expect(steps).toMatchObject([{ actions: [{ args: words }], reach: { unlike: { value: 'first' } } }])
    expect(result).toEqual({ rebooted: true, elapsed: 0 })
  })
  it('tells boots apart as it is told, and tests', async () => {
    const args = {
      boot_time_command: 'uptime -s',
      test_command: "test -e '/a b'",
      post_reboot_delay: 2,
      connect_timeout: 0,
    }
    const { steps } = await proposalOf(reboot, args, host('/sbin/shutdown'))
    expect(steps[0]?.reach).toMatchObject({
      unlike: { fact: { key: boot(['uptime', '-s']).key }, value: 'noon' },
      test: [{ do: 'run', argv: ['test', '-e', '/a b'] }],
      settle: 2,
      connectTimeout: 5,
    })
  })
  it('refuses where nothing reboots', async () => {
    expect(await planOf(reboot, {}, host())).toMatchObject({ kind: 'refusal', result: { rebooted: false } })
    expect(await planOf(reboot, { test_command: "'" }, host('/sbin/shutdown'))).toMatchObject({ kind: 'refusal' })
  })
  it.each(SHELLS)('reads the boot with %s', async (...shell) => {
    const words = shell.filter((word) => typeof word === 'string')
    const [first] = await readLocally([boot()], words)
    expect((await readLocally([boot()], words))[0]).toBe(first)
    expect(first).toMatch(/\d+$/)
    const [bad] = await readLocally([boot(['false'])], words)
    expect(bad).toBeInstanceOf(Error)
  })
})

it('waits for a connection without asking the host', async () => {
  const empty = new FakeHost()
  const plan = await proposalOf(waitForConnection, { delay: 2, sleep: 3, timeout: 4 }, empty)
  expect(empty.batches).toEqual([])
  expect(plan).toMatchObject({
    result: { changed: false },
    steps: [{ reach: { delay: 2, sleep: 3, timeout: 4, connectTimeout: 5 } }],
  })
})
