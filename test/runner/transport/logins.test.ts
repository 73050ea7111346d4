import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect, type ConnectOptions } from '../../../runner/transport/connect.ts'
import type { Connection, SshEndpoint } from '../../../runner/transport/transport.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { marker, processesWith, remaining } from './processes.ts'
import { startSshd, type TestSshd } from './sshd.ts'

const opened: Connection[] = []
const servers: TestSshd[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((connection) => connection.close()))
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

const serve = async (...config: readonly string[]): Promise<TestSshd> => {
  const server = await startSshd({ config })
  servers.push(server)
  return server
}
const open = async (endpoint: SshEndpoint, options?: ConnectOptions): Promise<Connection> => {
  const connection = await connect(endpoint, options)
  opened.push(connection)
  return connection
}
const say = async (connection: Connection, script: string): Promise<string> => {
  const shell = await connection.shell({ kind: 'login' })
  return (await shell.request(script)).stdout.toString()
}

const isRoot = process.getuid?.() === 0

// Users with a password and a login shell each, made for this file and removed in the end.
describe.skipIf(!isRoot || !existsSync('/usr/sbin/useradd'))('users of a real sshd', () => {
  const name = (kind: string): string => `drover${id}${kind}`
  const id = randomBytes(3).toString('hex')
  const password = `it's "$word\\ ${randomBytes(4).toString('hex')}`
  const directory = mkdtempSync(join(tmpdir(), 'drover-shells-'))
  const ash = join(directory, 'ash')
  const script = (file: string, text: string): string => {
    writeFileSync(join(directory, file), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return join(directory, file)
  }
  const shells: Readonly<Record<string, string>> = {
    sh: '/bin/sh',
    bash: '/bin/bash',
    fish: '/usr/bin/fish',
    ash,
    banner: script('banner', 'echo "Welcome!"; printf "no newline \\377\\001"; echo "disk 99%" >&2; exec /bin/sh "$@"'),
    closed: script('closed', 'echo "This account is currently not available."; exit 1'),
  }
  const there = Object.keys(shells).filter((kind) => kind === 'ash' || existsSync(shells[kind] ?? ''))
  beforeAll(() => {
    chmodSync(directory, 0o755)
    symlinkSync('/usr/bin/busybox', ash)
    for (const kind of there)
      execFileSync('useradd', ['-M', '-d', '/', '-s', shells[kind] ?? '', name(kind)], { stdio: 'ignore' })
    execFileSync('chpasswd', { input: there.map((kind) => `${name(kind)}:${password}\n`).join('') })
  })
  afterAll(async () => {
    for (const kind of there) execFileSync('userdel', ['-f', name(kind)], { stdio: 'ignore' })
    rmSync(directory, { recursive: true, force: true })
  })

  const as = (server: TestSshd, kind: string, changes: Partial<SshEndpoint> = {}): SshEndpoint => {
    const { privateKeyFile: _unused, ...endpoint } = server.endpoint({ user: name(kind), password, ...changes })
    return endpoint
  }

  const methods: readonly (readonly [string, readonly string[]])[] = [
    ['password', ['PasswordAuthentication yes']],
    ['keyboard-interactive', ['UsePAM yes', 'KbdInteractiveAuthentication yes']],
  ]
  it.each(methods.filter(([method]) => method === 'password' || existsSync('/etc/pam.d/sshd')))(
    'are let in by %s, and are told when it is wrong',
    async (method, config) => {
      const server = await serve(...config)
      expect(await say(await open(as(server, 'sh')), 'id -un')).toBe(`${name('sh')}\n`)
      const failure = await connect(as(server, 'sh', { password: 'not this one' })).catch((error: Error) => error)
      expect(failure).toMatchObject({ name: 'ConnectionError', reason: 'authentication' })
      const { message } = failure as Error
      expect(message).toMatch(/does not let us in\. Tried: .*password/)
      expect(message).toContain(`The host takes publickey, ${method}`)
      expect(message).not.toContain('not this one')
    },
  )

  it.each(there.filter((kind) => kind !== 'closed'))('have their shell started by a login shell: %s', async (kind) => {
    const banner = join(directory, 'issue')
    writeFileSync(banner, 'Authorised use only \\ $(id) %s\n')
    const server = await serve('PasswordAuthentication yes', `Banner ${banner}`)
    for (const shell of ['/bin/sh', ash]) {
      const connection = await open(as(server, kind), { shell })
      const reply = await (
        await connection.shell({ kind: 'login' })
      ).request(`printf 'a b\\n$(id)'; echo err >&2; exit 3`)
      expect([reply.status, reply.stdout.toString(), reply.stderr.toString()]).toEqual([3, 'a b\n$(id)', 'err\n'])
    }
  })

  it('are refused with what their login shell said', async () => {
    const server = await serve('PasswordAuthentication yes')
    const connection = await open(as(server, 'closed'))
    await expect(say(connection, 'true')).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('currently not available') as string,
    })
  })
})

it('lets all in, later, where sshd takes few at once', async () => {
  const server = await serve('MaxStartups 1:100:1')
  const proxy = await startCuttingProxy(server.port)
  try {
    const endpoint = server.endpoint({ port: proxy.port, hostKeyChecking: 'no', connectTimeout: 60_000 })
    const connections = await Promise.all(Array.from({ length: 8 }, () => open(endpoint)))
    expect(await Promise.all(connections.map((connection, index) => say(connection, `echo ${index}`)))).toEqual(
      connections.map((_, index) => `${index}\n`),
    )
    expect(proxy.connections).toBeGreaterThan(8)
  } finally {
    await Promise.all(opened.splice(0).map((connection) => connection.close()))
    await proxy.stop()
  }
}, 90_000)

/** The processes with which a server serves its connections. */
const connectionsOf = ({ pid }: TestSshd): readonly string[] =>
  execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim().startsWith(`${pid} `))

describe('a host that grants few sessions', () => {
  it.skipIf(!isRoot)('serves one identity after the other with one', async () => {
    const server = await serve('MaxSessions 1')
    const connection = await open(server.endpoint())
    for (const user of ['daemon', 'bin', 'daemon']) {
      expect(await say(connection, 'id -un')).toBe(`${server.user}\n`)
      const shell = await connection.shell({ kind: 'become', method: 'sudo', user })
      expect((await shell.request('id -un')).stdout.toString()).toBe(`${user}\n`)
    }
  })

  it('ends what takes too long with two, and goes on in the same shell', async () => {
    const server = await serve('MaxSessions 2')
    const connection = await open(server.endpoint())
    const shell = await connection.shell({ kind: 'login' })
    const word = marker()
    const pid = await say(connection, 'echo $$')
    expect(await shell.request(`sleep ${word}; :`, { timeout: 300 })).toMatchObject({ timedOut: true })
    expect(processesWith(word)).toEqual([])
    expect(await say(connection, 'echo $$')).toBe(pid)
  })

  it('ends what takes too long with one, over a second connection that is kept for it', async () => {
    const server = await serve('MaxSessions 1')
    const connection = await open(server.endpoint())
    const shell = await connection.shell({ kind: 'login' })
    const word = marker()
    const pid = await say(connection, 'echo $$')
    for (let turn = 0; turn < 2; turn++) {
      expect(await shell.request(`sleep ${word}; :`, { timeout: 300 })).toMatchObject({ timedOut: true })
      expect(processesWith(word)).toEqual([])
      expect(await say(connection, 'echo $$')).toBe(pid)
    }
    expect(connection.meter.connects).toBe(2)
    expect(connectionsOf(server)).toHaveLength(2)
    await connection.close()
    expect(await remaining(() => connectionsOf(server))).toEqual([])
  })

  it('ends with one what ignores signals, and what is under way when the connection is closed', async () => {
    const server = await serve('MaxSessions 1')
    const connection = await open(server.endpoint())
    const shell = await connection.shell({ kind: 'login' })
    const word = marker()
    const stubborn = shell.request(`(trap "" TERM; exec sleep ${word})`)
    const failure = stubborn.catch((error: unknown) => error)
    await expect.poll(() => processesWith(word)).toHaveLength(1)
    await connection.close()
    expect(await failure).toMatchObject({ reason: 'lost' })
    expect(processesWith(word)).toEqual([])
    expect(await remaining(() => connectionsOf(server))).toEqual([])
  })

  it('says so where it grants none', async () => {
    const server = await serve('MaxSessions 0')
    const connection = await open(server.endpoint())
    await expect(say(connection, 'true')).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/did not grant a further session \(sshd_config, MaxSessions\)/) as string,
    })
  })
})

/** Bytes that this process holds, on its heap and beside it. */
const held = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

it('takes 200 MB over one channel, whole, without holding them', async () => {
  const server = await serve()
  const connection = await open(server.endpoint())
  const shell = await connection.shell({ kind: 'login' })
  await shell.request('true')
  const [size, piece] = [200 * 1024 * 1024, 64 * 1024]
  const hash = createHash('sha256')
  const before = held()
  let most = 0
  const pieces = function* (): Generator<Buffer> {
    for (let sent = 0; sent < size; sent += piece) {
      const bytes = Buffer.alloc(piece, `${sent} of ${size}\n`)
      hash.update(bytes)
      most = Math.max(most, held() - before)
      yield bytes
    }
  }
  const channels = connection.meter.channels
  const reply = await shell.request('sha256sum', { upload: { stream: Readable.from(pieces()), size } })
  expect(reply.stdout.toString()).toBe(`${hash.digest('hex')}  -\n`)
  expect(connection.meter.channels).toBe(channels)
  expect(most).toBeLessThan(size / 2)
}, 120_000)
