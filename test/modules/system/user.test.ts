import { describe, expect, it } from 'vitest'
import { account, accountTools, group, type Account } from '../../../modules/facts/account.ts'
import groupModule from '../../../modules/system/group.ts'
import user from '../../../modules/system/user.ts'
import type { Module, Proposal } from '../../../modules/module.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const ada: Account = {
  name: 'ada',
  uid: 1001,
  gid: 1001,
  comment: 'Ada',
  home: '/home/ada',
  shell: '/bin/sh',
  group: 'ada',
  groups: ['adm', 'ops'],
  shadow: { password: '$6$old', min: 0, max: 99_999, expires: null },
}
const host = (tools: 'shadow' | 'busybox' | 'none' = 'shadow', found: Account | null = ada) =>
  new FakeHost([
    [accountTools(), { kind: tools, homeMode: '0700' }],
    [account('ada'), found],
    [account('bob'), null],
    [account('7'), null],
    [account('1001'), found],
    [account('1002'), { ...ada, name: 'eve', uid: 1002 }],
    [group('5'), null],
    [group('1002'), { name: 'adm', gid: 1002, members: [] }],
    ...(['ada', 'adm', 'ops', 'bob', 'none', 'wheel'] as const).map((name, index): Known => [
      group(name),
      ['bob', 'none'].includes(name) ? null : { name, gid: 1001 + index, members: [] },
    ]),
  ])

/** What is run: command lines; and holds each task to the law that a second one plans nothing. */
async function commands(module: Module, args: JsonObject, on: FakeHost = host()): Promise<readonly string[]> {
  const plan = await proposalOf(module, args, on)
  expect((await proposalOf(module, args, on.after(plan))).steps).toEqual([])
  return lines(plan)
}
const lines = (plan: Proposal) =>
  plan.steps
    .flatMap(({ actions }) => actions)
    .flatMap((action) =>
      action.do === 'run'
        ? [action.argv.join(' ')]
        : action.do === 'sh'
          ? [`${action.script.trim()} <${action.stdin?.toString().trim()}`]
          : [],
    )
    .filter((line) => !/^(?:grep|awk) /.test(line))

describe('user', () => {
  it.each<[JsonObject, readonly string[]]>([
    [{ name: 'bob' }, ['useradd -m bob']],
    [{ name: 'bob', system: true, create_home: false, shell: '/bin/false' }, ['useradd -s /bin/false -M -r bob']],
    [
      {
        name: 'bob',
        uid: 7,
        non_unique: true,
        group: 'wheel',
        groups: 'adm,ops',
        comment: 'B B',
        home: '/srv/b',
        skeleton: '/s',
        umask: '077',
        expires: 86_400,
      },
      ['useradd -u 7 -o -g wheel -G adm,ops -c B B -d /srv/b -e 1970-01-02 -m -k /s -K UMASK=077 bob'],
    ],
    [{ name: 'bob', password: '$6$x' }, ['useradd -m bob', 'exec chpasswd -e <bob:$6$x']],
    [{ name: 'ada' }, []],
    [{ name: 'ada', uid: 7 }, ['usermod -u 7 ada']],
    [{ name: 'ada', uid: 1002, non_unique: true }, ['usermod -u 1002 -o ada']],
    [{ name: 'ada', uid: 1001, home: '/home/ada', shell: '/bin/sh', comment: 'Ada', group: 'ada' }, []],
    [
      { name: 'ada', shell: '/bin/bash', home: '/srv/ada', move_home: true },
      ['usermod -d /srv/ada -m -s /bin/bash ada'],
    ],
    [{ name: 'ada', groups: ['adm'] }, ['usermod -G adm ada']],
    [{ name: 'ada', groups: ['wheel'], append: true }, ['usermod -G adm,ops,wheel ada']],
    [{ name: 'ada', groups: ['adm'], append: true }, []],
    [{ name: 'ada', groups: [] }, ['usermod -G  ada']],
    [{ name: 'ada', group: 'wheel' }, ['usermod -g wheel ada']],
    [{ name: 'ada', password: '$6$new' }, ['exec chpasswd -e <ada:$6$new']],
    [{ name: 'ada', password: '$6$new', update_password: 'on_create' }, []],
    [{ name: 'ada', password: '$6$old' }, []],
    [{ name: 'ada', password_lock: true }, ['usermod -L ada']],
    [{ name: 'ada', password_lock: false }, []],
    [{ name: 'ada', expires: 172_800 }, ['usermod -e 1970-01-03 ada']],
    [{ name: 'ada', expires: -1 }, []],
    [{ name: 'ada', password_expire_max: 90, password_expire_min: 0 }, ['chage -M 90 ada']],
    [{ name: 'ada', state: 'absent' }, ['userdel ada']],
    [{ name: 'ada', state: 'absent', remove: true, force: true }, ['userdel -f -r ada']],
    [{ name: 'bob', state: 'absent' }, []],
  ])('%j', async (args, expected) => {
    expect(await commands(user, args)).toEqual(expected)
  })

  it('makes do with busybox', async () => {
    const args = { name: 'bob', shell: '/bin/sh', groups: ['adm'], create_home: false, system: true }
    expect(await commands(user, args, host('busybox'))).toEqual(['adduser -D -s /bin/sh -H -S bob', 'addgroup bob adm'])
    expect(await commands(user, { name: 'ada', state: 'absent', remove: true }, host('busybox'))).toEqual([
      'deluser --remove-home ada',
    ])
  })

  it('shows no password, also not the old one', async () => {
    const plan = await proposalOf(user, { name: 'ada', password: '$6$new' }, host())
    const shown = JSON.stringify([plan.steps.map(({ change }) => change), plan.result])
    expect(shown).not.toMatch(/\$6\$/)
    expect(shown).toContain('password')
  })

  it('makes a key pair once', async () => {
    const args = { name: 'ada', generate_ssh_key: true, ssh_key_type: 'ed25519' }
    const on = host()
    const plan = await proposalOf(user, args, on)
    expect(plan.steps[0]?.actions).toMatchObject([{ args: ['ada', '/home/ada/.ssh/id_ed25519', 'ed25519', '', ''] }])
    expect((await proposalOf(user, args, on.after(plan))).steps).toEqual([])
  })

  it('returns the number that was chosen', () => {
    const performed = [
      {
        status: 0,
        stdout: Buffer.from('bob:x:1007:1008:B:/home/bob:/bin/sh\n'),
        stderr: Buffer.alloc(0),
        start: 0,
        end: 0,
      },
    ]
    expect(user.result?.({ name: 'bob' }, { found: null }, performed)).toMatchObject({
      uid: 1007,
      group: 1008,
      home: '/home/bob',
    })
  })

  it.each<[JsonObject, FakeHost, string]>([
    [{ name: 'bob', group: 'none' }, host(), 'Group none does not exist'],
    [
      { name: '-r' },
      new FakeHost([
        [accountTools(), { kind: 'shadow' }],
        [account('-r'), null],
        [group('-r'), null],
      ]),
      'can be no name',
    ],
    [{ name: 'bob', uid: 1002 }, host(), "UID '1002' already exists: it is that of the user eve"],
    [{ name: 'ada', uid: 1002 }, host(), "UID '1002' already exists"],
    [{ name: 'bob' }, host('none'), 'neither useradd nor adduser'],
    [{ name: 'ada', shell: '/x' }, host('busybox'), 'without usermod'],
    [{ name: 'ada', password: 'a\nroot:x' }, host(), 'no newline'],
  ])('refuses %j', async (args, on, message) => {
    expect(await planOf(user, args, on)).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
  })
})

describe('group', () => {
  it.each<[JsonObject, readonly string[]]>([
    [{ name: 'bob' }, ['groupadd bob']],
    [{ name: 'bob', gid: 5, system: true, non_unique: true }, ['groupadd -r -g 5 -o bob']],
    [{ name: 'adm' }, []],
    [{ name: 'adm', gid: 1002 }, []],
    [{ name: 'adm', gid: 5 }, ['groupmod -g 5 adm']],
    [{ name: 'adm', state: 'absent' }, ['groupdel adm']],
    [{ name: 'adm', state: 'absent', force: true }, ['groupdel -f adm']],
    [{ name: 'bob', state: 'absent' }, []],
  ])('%j', async (args, expected) => {
    expect(await commands(groupModule, args)).toEqual(expected)
  })
  it('makes do with busybox', async () => {
    expect(await commands(groupModule, { name: 'bob', gid: 5 }, host('busybox'))).toEqual(['addgroup -g 5 bob'])
    expect(await planOf(groupModule, { name: 'adm', gid: 5 }, host('busybox'))).toMatchObject({ kind: 'refusal' })
  })
  it('refuses a number that another group has', async () => {
    expect(await planOf(groupModule, { name: 'bob', gid: 1002 }, host())).toMatchObject({
      message: "GID '1002' already exists: it is that of the group adm",
    })
    expect(await commands(groupModule, { name: 'bob', gid: 1002, non_unique: true })).toEqual([
      'groupadd -g 1002 -o bob',
    ])
  })
})

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('facts of accounts with %s', (_, shell) => {
  it('reads users and groups', async () => {
    const [root, none, daemon] = await readLocally([account('root'), account('no-such-user'), account('daemon')], shell)
    expect(root).toMatchObject({ name: 'root', uid: 0, gid: 0, home: '/root', group: 'root' })
    expect(none).toBeNull()
    expect(daemon).toMatchObject({ uid: 1, shadow: { password: '*' } })
    expect(await readLocally([group('root'), group('0'), group('no-such')], shell)).toMatchObject([
      { gid: 0 },
      { name: 'root' },
      null,
    ])
    expect(await readLocally([accountTools()], shell)).toMatchObject([
      { kind: 'shadow', homeMode: expect.stringMatching(/^0[0-7]{3}$/) },
    ])
  })
})
