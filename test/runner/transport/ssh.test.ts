import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../runner/transport/connect.ts'
import { fingerprint } from '../../../runner/transport/known-hosts.ts'
import type { Connection, SshEndpoint } from '../../../runner/transport/transport.ts'
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'
import { marker, processesWith, remaining } from './processes.ts'
import { children, freePort, startSshd, type TestSshd } from './sshd.ts'

let sshd: TestSshd
let proxy: CuttingProxy
const opened: Connection[] = []
beforeAll(async () => {
  sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] })
  proxy = await startCuttingProxy(sshd.port)
})
afterEach(async () => {
  proxy.freeze(false)
  await Promise.all(opened.splice(0).map((connection) => connection.close()))
  writeFileSync(sshd.knownHostsFile, sshd.knownHosts)
})
afterAll(async () => {
  await proxy?.stop()
  await sshd?.stop()
})

const open = async (endpoint: SshEndpoint): Promise<Connection> => {
  const connection = await connect(endpoint)
  opened.push(connection)
  return connection
}
const say = async (connection: Connection, script: string): Promise<string> => {
  const shell = await connection.shell({ kind: 'login' })
  return (await shell.request(script)).stdout.toString()
}
const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
const through = (changes: Partial<SshEndpoint> = {}): SshEndpoint =>
  sshd.endpoint({ port: proxy.port, hostKeyChecking: 'no', ...changes })

describe('host keys', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('asks for the %s key when that one is known', async (type) => {
    writeFileSync(
      sshd.knownHostsFile,
      sshd.knownHosts
        .split('\n')
        .filter((line) => line.includes(type))
        .join('\n'),
    )
    expect(await say(await open(sshd.endpoint()), 'echo in')).toBe('in\n')
  })

  it('refuses an unknown host, and takes it with accept-new from then on', async () => {
    writeFileSync(sshd.knownHostsFile, '')
    await expect(connect(sshd.endpoint())).rejects.toMatchObject({
      reason: 'host-key',
      message: expect.stringContaining('is not known') as string,
    })
    await open(sshd.endpoint({ hostKeyChecking: 'accept-new' }))
    expect(readFileSync(sshd.knownHostsFile, 'utf8')).not.toBe('')
    await open(sshd.endpoint())
  })

  it('refuses a changed host key', async () => {
    const old = execFileSync('ssh-keygen', ['-y', '-f', sshd.keyFile], { encoding: 'utf8' })
      .split(' ')
      .slice(0, 2)
      .join(' ')
    writeFileSync(sshd.knownHostsFile, `[127.0.0.1]:${sshd.port} ${old}\n`)
    const failure = await connect(sshd.endpoint({ hostKeyChecking: 'accept-new' })).catch((error: Error) => error)
    expect(failure).toMatchObject({ name: 'ConnectionError', reason: 'host-key' })
    expect((failure as Error).message).toContain(`${sshd.knownHostsFile}:1`)
    expect((failure as Error).message).toContain(fingerprint(Buffer.from(old.split(' ')[1] ?? '', 'base64')))
  })
})

describe('logging in', () => {
  it('says what was tried and what the host takes', async () => {
    const stranger = join(sshd.directory, 'stranger')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger])
    await expect(connect(sshd.endpoint({ privateKeyFile: stranger }))).rejects.toMatchObject({
      reason: 'authentication',
      message: expect.stringMatching(new RegExp(`Tried: key ${stranger}.*takes publickey`)) as string,
    })
    await expect(connect(sshd.endpoint({ privateKeyFile: '/nonexistent' }))).rejects.toMatchObject({
      reason: 'authentication',
      message: expect.stringContaining('/nonexistent cannot be read') as string,
    })
  })

  it('opens a key with its passphrase, and says so when it has none or a wrong one', async () => {
    const locked = join(sshd.directory, 'locked')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', locked])
    appendFileSync(join(sshd.directory, 'authorized_keys'), readFileSync(`${locked}.pub`))
    expect(await say(await open(sshd.endpoint({ privateKeyFile: locked, passphrase: 'open sesame' })), 'echo in')).toBe(
      'in\n',
    )
    await expect(connect(sshd.endpoint({ privateKeyFile: locked }))).rejects.toThrow(/has a passphrase.*ssh-add/)
    await expect(connect(sshd.endpoint({ privateKeyFile: locked, passphrase: 'x' }))).rejects.toThrow(
      'passphrase does not open',
    )
  })

  it('uses the keys of an agent', async () => {
    const socket = join(sshd.directory, 'agent')
    const pid = /SSH_AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' }))?.[1]
    try {
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      const { privateKeyFile: _unused, ...endpoint } = sshd.endpoint({
        sshArgs: ['-F', sshd.configFile, '-o', `IdentityAgent=${socket}`],
      })
      expect(await say(await open(endpoint), 'echo in')).toBe('in\n')
    } finally {
      process.kill(Number(pid))
    }
  })
})

describe('ssh_config', () => {
  it('gives address, port, user and key of a name', async () => {
    const config = join(sshd.directory, 'named')
    writeFileSync(
      config,
      `Host web\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${sshd.user}\n IdentityFile ${sshd.keyFile}\n UserKnownHostsFile ${sshd.knownHostsFile}\n IdentityAgent none\n`,
    )
    const endpoint: SshEndpoint = { kind: 'ssh', host: 'web', sshArgs: ['-F', config], connectTimeout: 10_000 }
    expect(await say(await open(endpoint), 'echo $SSH_CONNECTION')).toContain(` 127.0.0.1 ${sshd.port}`)
    writeFileSync(config, `Nonsense yes\n`)
    await expect(connect({ ...endpoint, host: 'other' })).rejects.toThrow(
      /does not accept the configuration.*nonsense/is,
    )
  })

  it('goes through a ProxyCommand, which ends with the connection', async () => {
    const id = marker()
    const program = join(sshd.directory, 'proxy.mjs')
    writeFileSync(
      program,
      `import { connect } from 'node:net'\nconst socket = connect(process.argv[3], process.argv[2])\nprocess.stdin.pipe(socket).pipe(process.stdout)\n`,
    )
    const command = `ProxyCommand=${process.execPath} ${program} %h %p ${id}`
    const connection = await open(sshd.endpoint({ sshArgs: ['-F', sshd.configFile, '-o', command] }))
    expect(await say(connection, 'echo in')).toBe('in\n')
    expect(processesWith(id)).not.toEqual([])
    await connection.close()
    expect(await remaining(() => processesWith(id))).toEqual([])
  })

  it('goes through jump hosts, over one connection to each for all', async () => {
    const jump = await startSshd({ config: ['AllowTcpForwarding yes'] })
    try {
      const config = join(sshd.directory, 'jumping')
      writeFileSync(
        config,
        `Host bastion\n HostName 127.0.0.1\n Port ${jump.port}\n IdentityFile ${jump.keyFile}\n UserKnownHostsFile ${jump.knownHostsFile}\n` +
          `Host target\n HostName 127.0.0.1\n Port ${sshd.port}\n IdentityFile ${sshd.keyFile}\n UserKnownHostsFile ${sshd.knownHostsFile}\n ProxyJump bastion\n` +
          `Host far\n HostName 127.0.0.1\n Port ${sshd.port}\n IdentityFile ${sshd.keyFile}\n UserKnownHostsFile ${sshd.knownHostsFile}\n ProxyJump bastion,target\n` +
          `Host *\n IdentityAgent none\n User ${sshd.user}\n`,
      )
      const endpoint = (host: string): SshEndpoint => ({
        kind: 'ssh',
        host,
        sshArgs: ['-F', config],
        connectTimeout: 10_000,
      })
      const connections = await Promise.all(['target', 'target', 'target', 'far'].map((host) => open(endpoint(host))))
      expect(await Promise.all(connections.map((connection, index) => say(connection, `echo ${index}`)))).toEqual([
        '0\n',
        '1\n',
        '2\n',
        '3\n',
      ])
      expect(children(jump.pid)).toHaveLength(1)
      await Promise.all(connections.map((connection) => connection.close()))
      expect(await remaining(() => children(jump.pid))).toEqual([])
    } finally {
      await jump.stop()
    }
  })
})

const isRoot = process.getuid?.() === 0
it.skipIf(!isRoot)('serves more identities than sshd allows sessions, one after the other', async () => {
  const connection = await open(sshd.endpoint())
  const users = ['root', 'daemon', 'bin', 'sys', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy', 'backup']
  for (const user of [...users, ...users]) {
    const shell = await connection.shell({ kind: 'become', method: 'sudo', user })
    expect((await shell.request('id -un')).stdout.toString()).toBe(`${user}\n`)
  }
})

describe('a line that fails', () => {
  it('is told apart: refused, unresolved, no ssh server, silent', async () => {
    await expect(connect(sshd.endpoint({ port: await freePort() }))).rejects.toMatchObject({ reason: 'refused' })
    await expect(connect(sshd.endpoint({ host: 'no-such-host.invalid' }))).rejects.toMatchObject({
      reason: 'unresolved',
    })
    const silent: Server = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = silent.address() as AddressInfo
      await expect(connect(sshd.endpoint({ port, connectTimeout: 300 }))).rejects.toMatchObject({ reason: 'timeout' })
    } finally {
      silent.close()
    }
  })

  it('is tried again where the host drops it before the handshake', async () => {
    proxy.dropNext(3)
    expect(await say(await open(through()), 'echo in')).toBe('in\n')
    proxy.dropNext(1_000)
    await expect(connect(through({ connectTimeout: 500 }))).rejects.toMatchObject({ reason: 'refused' })
    proxy.dropNext(0)
  })

  it.each(['before', 'after'] as const)(
    'is opened again where it breaks at any round trip of the login (%s)',
    async (when) => {
      // Until a login is over before it is cut.
      let turn = 0
      for (let used = 2; used === 2; turn++) {
        const connections = proxy.connections
        proxy.cutAtTurn(turn + 1, when)
        const connection = await open(through())
        await proxy.listen()
        used = proxy.connections - connections
        // What an open one says now and then would be counted too.
        await connection.close()
        expect(used).toBeLessThanOrEqual(2)
      }
      expect(turn).toBeGreaterThan(3)
    },
  )

  it('rejects the requests under way and all later ones when it is cut, and leaves no shell on the host', async () => {
    const connection = await open(through())
    const shell = await connection.shell({ kind: 'login' })
    const pid = (await shell.request('echo $$')).stdout.toString().trim()
    const lost = { name: 'ConnectionError', reason: 'lost' }
    const pending = shell.request('sleep 1; echo not').catch((error: unknown) => error)
    proxy.cutNow()
    expect(await pending).toMatchObject(lost)
    await expect(shell.request('true')).rejects.toMatchObject(lost)
    await expect(connection.shell({ kind: 'become', method: 'sudo', user: 'root' })).rejects.toMatchObject(lost)
    expect(
      await remaining(() =>
        execFileSync('sh', ['-c', `kill -0 ${pid} 2>/dev/null && echo ${pid} || :`], { encoding: 'utf8' })
          .split('\n')
          .filter(Boolean),
      ),
    ).toEqual([])
  })

  it('is waited for longer than its time as long as other hosts let us in', async () => {
    proxy.freeze(true)
    const connectTimeout = 1500
    const slow = open(through({ connectTimeout }))
    const until = performance.now() + connectTimeout * 1.3
    while (performance.now() < until) await open(sshd.endpoint())
    proxy.freeze(false)
    expect(await say(await slow, 'echo in')).toBe('in\n')
  })

  it('is let go of where the host hangs at the end', async () => {
    const before = sockets()
    const connection = await open(sshd.endpoint())
    await say(connection, 'true')
    const serving = children(sshd.pid)
    for (const pid of serving) process.kill(pid, 'SIGSTOP')
    try {
      await connection.close()
      await expect.poll(sockets).toBe(before)
    } finally {
      for (const pid of serving) process.kill(pid, 'SIGCONT')
    }
  })

  it('is cut within a request, too', async () => {
    const connection = await open(through())
    const shell = await connection.shell({ kind: 'login' })
    await shell.request('true')
    proxy.cutAfterBytes(2_000)
    await expect(shell.request(`: ${'x'.repeat(100_000)}`)).rejects.toMatchObject({ reason: 'lost' })
  })

  it('is lost when the host has been silent for the alive time-out', async () => {
    const connection = await open(through({ aliveTimeout: 400 }))
    const shell = await connection.shell({ kind: 'login' })
    await shell.request('true')
    proxy.freeze(true)
    await expect(shell.request('true')).rejects.toMatchObject({
      reason: 'lost',
      message: expect.stringContaining('not answered') as string,
    })
  })
})
