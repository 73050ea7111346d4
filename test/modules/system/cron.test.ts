import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { crontab } from '../../../modules/facts/crontab.ts'
import { stat } from '../../../modules/facts/stat.ts'
import cron from '../../../modules/system/cron.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

const host = (text: string) =>
  new FakeHost([
    [crontab(''), text],
    [crontab('bob'), text],
    [creator(), ROOT],
    [stat('/etc'), predictedStat('directory', {})],
    [stat('/etc/cron.d'), predictedStat('directory', {})],
    [stat('/etc/cron.d/f'), predictedStat('file', {})],
    [content('/etc/cron.d/f'), Buffer.from(text)],
  ])

const read = (raw: string) => crontab('bob').parse(Buffer.from(raw))

/** The crontab after a task; null where it plans nothing, as a second one never does. */
async function after(text: string, args: JsonObject): Promise<string | null> {
  const before = host(text)
  const plan = await proposalOf(cron, args, before)
  expect((await proposalOf(cron, args, before.after(plan))).steps).toEqual([])
  return plan.steps[0]?.change.text?.after ?? null
}

describe('cron', () => {
  it.each<[string, string, JsonObject, string | null]>([
    ['adds a job', 'A=b\n', { name: 'x', job: 'run', minute: 5 }, 'A=b\n#Ansible: x\n5 * * * * run\n'],
    ['leaves a job', '#Ansible: x\n* * * * * run\n', { name: 'x', job: 'run' }, null],
    [
      'changes a job',
      '#Ansible: x\n* * * * * run\n1 1 1 1 1 y\n',
      { name: 'x', job: 'go', dow: '1-5' },
      '#Ansible: x\n* * * * 1-5 go\n1 1 1 1 1 y\n',
    ],
    ['takes a word for the times', '', { name: 'x', job: 'run', special_time: 'reboot' }, '#Ansible: x\n@reboot run\n'],
    [
      'disables a job',
      '#Ansible: x\n* * * * * run\n',
      { name: 'x', job: 'run', disabled: true },
      '#Ansible: x\n#* * * * * run\n',
    ],
    [
      'takes over a job without a name',
      'a\n* * * * * run\n',
      { name: 'x', job: 'run' },
      'a\n#Ansible: x\n* * * * * run\n',
    ],
    ['removes a job', 'a\n#Ansible: x\n* * * * * run\nb\n', { name: 'x', state: 'absent' }, 'a\nb\n'],
    ['removes nothing', 'a\n', { name: 'x', state: 'absent' }, null],
    ['sets a variable', 'a\n', { name: 'PATH', env: true, job: '/bin' }, 'PATH="/bin"\na\n'],
    ['changes a variable', 'a\nPATH=/x\n', { name: 'PATH', env: true, value: '/bin' }, 'a\nPATH="/bin"\n'],
    [
      'sets a variable after another',
      'A=1\nB=2\n',
      { name: 'C', env: true, job: '3', insertafter: 'A' },
      'A=1\nC="3"\nB=2\n',
    ],
    ['removes a variable', 'A=1\nB=2\n', { name: 'A', env: true, state: 'absent' }, 'B=2\n'],
    [
      'names the user in a file',
      '',
      { name: 'x', job: 'run', user: 'bob', cron_file: 'f' },
      '#Ansible: x\n* * * * * bob run\n',
    ],
  ])('%s', async (_, text, args, expected) => {
    expect(await after(text, args)).toBe(expected)
  })

  it("gives another user's crontab to crontab, on standard input", async () => {
    const plan = await proposalOf(cron, { name: 'x', job: 'run', user: 'bob', backup: true }, host(''))
    expect(plan.steps[0]?.actions).toMatchObject([
      { args: ['bob', 'backup'], stdin: Buffer.from('#Ansible: x\n* * * * * run\n') },
    ])
    expect(plan.result).toEqual({ jobs: ['x'], envs: [] })
  })

  it.each<[JsonObject, string]>([
    [{ name: 'x' }, "specify 'job'"],
    [{ name: 'x', job: 'a\nb' }, 'line breaks'],
    [{ name: 'x', job: 'a', special_time: 'daily', hour: '1' }, 'special time'],
    [{ name: 'x', job: 'a', hour: '1 2' }, 'no time'],
    [{ name: 'x', job: 'a', cron_file: 'f' }, 'user='],
    [{ name: 'X', env: true, job: 'a', insertafter: 'Y' }, "'Y' not found"],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(cron, args, host(''))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('reads what crontab says', () => {
    expect(read('text\na\n\nb\n\n')).toBe('a\n\nb\n')
    expect(read('empty\n')).toBe('')
    expect(() => read('none\n')).toThrow('install cron')
    expect(() => read('error\nmust be privileged to use -u\n')).toThrow('must be privileged')
  })
})
