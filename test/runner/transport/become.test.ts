import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quote } from '../../../modules/lib/quote.ts'
import { becomeError } from '../../../runner/transport/become.ts'
import { HostConnection } from '../../../runner/transport/connection.ts'
import { openLocal } from '../../../runner/transport/local.ts'
import type { Become, Connection } from '../../../runner/transport/transport.ts'
import { processesWith, remaining } from './processes.ts'

const canMakeUsers =
  process.getuid?.() === 0 &&
  ['sudo', 'su', 'useradd', 'setpriv'].every(
    (name) => existsSync(`/usr/bin/${name}`) || existsSync(`/usr/sbin/${name}`),
  )

const sudo = (changes: Partial<Become> = {}): Become => ({ kind: 'become', method: 'sudo', user: 'root', ...changes })
const su = (changes: Partial<Become> = {}): Become => ({ kind: 'become', method: 'su', user: 'root', ...changes })

/** A connection whose login user is `user`. */
const connectAs = (user: string): Connection => {
  const line = openLocal()
  const start = (command: string) =>
    line.start(`cd /; exec setpriv --reuid=${user} --regid=${user} --init-groups /bin/sh -c ${quote(command)}`)
  return new HostConnection({ ...line, start }, '/bin/sh')
}

const whoami = async (user: string, identity: Become, script = 'id -un'): Promise<string> => {
  const connection = connectAs(user)
  try {
    const shell = await connection.shell(identity)
    return (await shell.request(script)).stdout.toString().trim()
  } finally {
    await connection.close()
  }
}

// A user who may use sudo with a password, made for this file and removed in the end.
describe.skipIf(!canMakeUsers)('becoming another user', () => {
  const login = `drover${randomBytes(3).toString('hex')}`
  const target = `${login}t`
  const password = `it's "$word\\ ${randomBytes(4).toString('hex')}`
  const sudoers = `/etc/sudoers.d/${login}`
  beforeAll(() => {
    for (const user of [login, target]) {
      execFileSync('useradd', ['-M', '-d', '/', '-s', '/bin/sh', user])
      execFileSync('chpasswd', { input: `${user}:${password}\n` })
    }
    writeFileSync(sudoers, `${login} ALL=(ALL) ALL\n`, { mode: 0o440 })
  })
  afterAll(() => {
    rmSync(sudoers, { force: true })
    for (const user of [login, target]) execFileSync('userdel', [user], { stdio: 'ignore' })
  })

  it('needs no dialogue where sudo asks for no password, and sends the first request along', async () => {
    const connection = connectAs('root')
    try {
      const shell = await connection.shell(sudo({ user: target }))
      expect(connection.meter.roundTrips).toBe(0)
      expect((await shell.request('id -un; echo $HOME; cat')).stdout.toString()).toBe(`${target}\n/\n`)
      expect(connection.meter.roundTrips).toBe(1)
    } finally {
      await connection.close()
    }
  })

  it.each([
    ['sudo', sudo({ password, user: target }), target],
    ['sudo to root', sudo({ password }), 'root'],
    ['sudo with flags', sudo({ password, user: target, flags: ['-E', '-s'] }), target],
    ['su', su({ password, user: target }), target],
    ['su with flags', su({ password, user: target, flags: ['-l', '-s', '/bin/bash'] }), target],
  ])('answers the password prompt of %s', async (_name, identity, user) => {
    expect(await whoami(login, identity)).toBe(user)
  })

  it('does not give a password to a sudo or su that does not ask', async () => {
    expect(await whoami('root', sudo({ password, user: target }), 'id -un; cat')).toBe(target)
    expect(await whoami('root', su({ password, user: target }), 'id -un; cat')).toBe(target)
  })

  it('never shows the password in a command line', async () => {
    const shown = await whoami(login, sudo({ password, user: target }), 'ps -A -ww -o args=')
    expect(shown).toContain('sudo -H -S')
    expect(shown).not.toContain(password.slice(-8))
  })

  it.each<[string, string, Become, RegExp]>([
    ['a password is missing', login, sudo(), /asks for a password.*-K.*ansible_become_password/],
    ['a password is missing for su', login, su({ user: target }), /asks for a password.*-K/],
    ['the password is wrong', login, sudo({ password: 'wrong' }), /did not take the password/],
    ['the password is wrong for su', login, su({ user: target, password: 'wrong' }), /did not take the password/],
    ['there is no such user', 'root', sudo({ user: 'nobody-such' }), /there is no user nobody-such/],
    ['there is no such user for su', 'root', su({ user: 'nobody-such' }), /there is no user nobody-such/],
    ['sudoers does not allow it', target, sudo({ password }), /may not become root/],
  ])('says it when %s', async (_name, user, identity, message) => {
    const failure = await whoami(user, identity).catch((error: Error) => error)
    expect(failure).toMatchObject({ name: 'BecomeError' })
    expect((failure as Error).message).toMatch(message)
    expect((failure as Error).message).not.toContain(password)
  })

  it('ends what runs as the other user, and leaves nothing behind', async () => {
    const connection = connectAs(login)
    const shell = await connection.shell(sudo({ password, user: target }))
    const id = randomBytes(4).readUInt32BE() + 1_000_000
    expect(await shell.request(`sleep ${id}; :`, { timeout: 200 })).toMatchObject({ timedOut: true })
    expect(processesWith(`sleep ${id}`)).toEqual([])
    await connection.close()
    expect(await remaining(() => processesWith(`-u ${target}`))).toEqual([])
  })
})

it.each<[string, string, Become, string]>([
  ['sudo is not there', '/bin/sh: 1: exec: sudo: not found', sudo(), 'sudo is not installed'],
  ['bash finds no sudo', '/bin/sh: line 1: exec: sudo: not found', sudo(), 'sudo is not installed'],
  ['fish finds no sudo', 'fish: Unknown command: sudo', sudo(), 'sudo is not installed'],
  ['a terminal is wanted', 'sudo: sorry, you must have a tty to run sudo', sudo(), 'requiretty'],
  [
    'the user is unknown',
    'sudo: unknown user: joe\nsudo: error initializing audit plugin sudoers_audit',
    sudo({ user: 'joe' }),
    'no user joe',
  ],
  [
    'the user is not in sudoers',
    'ann is not in the sudoers file.  This incident will be reported.',
    sudo(),
    'may not become root',
  ],
  [
    'a command is not allowed',
    'Sorry, user ann is not allowed to execute "/bin/sh" as root on db1.',
    sudo(),
    'may not become root',
  ],
  ['sudo wants a password', 'sudo: a password is required', sudo(), '-K (--ask-become-pass)'],
  [
    'su has no such user',
    'su: user joe does not exist or the user entry does not contain all the required fields',
    su({ user: 'joe' }),
    'no user joe',
  ],
  ['busybox su has no such user', 'su: unknown user joe', su({ user: 'joe' }), 'no user joe'],
  ['the account has no shell', 'This account is currently not available.', su({ user: 'www-data' }), 'become_flags'],
  ['it is something else', 'sudo: the heavens fell', sudo(), 'the heavens fell'],
])('is explained when %s', (_name, output, identity, message) => {
  expect(becomeError(identity, output).message).toContain(message)
})
