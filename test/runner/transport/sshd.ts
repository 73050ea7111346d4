import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SshEndpoint } from '../../../runner/transport/transport.ts'

/** A real OpenSSH server for one test file: loopback, a free port, keys and configuration of its own in a temporary directory. */
export interface TestSshd {
  readonly port: number
  readonly directory: string
  /** The user who runs the tests, and may log in with `keyFile`. */
  readonly user: string
  readonly keyFile: string
  readonly knownHostsFile: string
  /** An ssh_config with this server's known_hosts and nothing of the user's own. */
  readonly configFile: string
  /** The lines of known_hosts for its host keys. */
  readonly knownHosts: string
  /** An endpoint that connects to it; `port` may be a proxy's. */
  endpoint(changes?: Partial<SshEndpoint>): SshEndpoint
  /** The line of an inventory for a host that it stands for; `port` may be a proxy's. */
  inventoryLine(host: string, port?: number): string
  /** What the server has logged. */
  log(): string
  /** The server's process id: stop it (SIGSTOP) to freeze the listener. */
  readonly pid: number
  /** Ends it with all its connections, and removes the directory. */
  stop(): Promise<void>
}

export interface TestSshdOptions {
  /** Further lines of sshd_config. */
  readonly config?: readonly string[]
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[]
}

export async function startSshd({ config = [], hostKeyTypes = ['ed25519'] }: TestSshdOptions = {}): Promise<TestSshd> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-sshd-'))
  const at = (name: string): string => join(directory, name)
  const { username } = userInfo()
  keygen(at('id'), 'ed25519')
  for (const type of hostKeyTypes) keygen(at(`host_${type}`), type)
  const port = await freePort()
  // sshd started by root separates privileges in this directory, and will not start without it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  writeFileSync(at('authorized_keys'), readFileSync(at('id.pub')))
  chmodSync(at('authorized_keys'), 0o600)
  writeFileSync(
    at('sshd_config'),
    [
      ...config,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeyTypes.map((type) => `HostKey ${at(`host_${type}`)}`),
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // Debian's bash reads ~/.bashrc for every command that sshd starts, unless another shell seems to be around it: what the user of the machine has there is not to count.
      'SetEnv SHLVL=1',
      // Unlike with other options, the last one counts.
      config.find((line) => line.startsWith('MaxStartups')) ?? 'MaxStartups 200:30:400',
    ].join('\n') + '\n',
  )
  const knownHosts = hostKeyTypes
    .map(
      (type) =>
        `[127.0.0.1]:${port} ${readFileSync(at(`host_${type}.pub`), 'utf8')
          .split(' ')
          .slice(0, 2)
          .join(' ')}\n`,
    )
    .join('')
  writeFileSync(at('known_hosts'), knownHosts)
  writeFileSync(
    at('ssh_config'),
    `UserKnownHostsFile ${at('known_hosts')}\nGlobalKnownHostsFile /dev/null\nIdentityFile ${at('none')}\nIdentityAgent none\n`,
  )

  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGCONT')
      for (const pid of children(server.pid ?? 0)) end(pid)
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    rmSync(directory, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + 10_000; !log.includes('Server listening'); await sleep(10)) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`sshd did not start:\n${log}`)
    }
  }
  const keyFile = at('id')
  const configFile = at('ssh_config')
  const endpoint = (changes: Partial<SshEndpoint> = {}): SshEndpoint => ({
    kind: 'ssh',
    host: '127.0.0.1',
    port,
    user: username,
    privateKeyFile: keyFile,
    sshArgs: ['-F', configFile],
    connectTimeout: 10_000,
    ...changes,
  })
  return {
    port,
    directory,
    user: username,
    keyFile,
    knownHostsFile: at('known_hosts'),
    configFile,
    knownHosts,
    endpoint,
    inventoryLine: (host, at = port) =>
      `${host} ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=${at} ansible_user=${username} ansible_ssh_private_key_file=${keyFile} ansible_host_key_checking=false ansible_ssh_common_args="-F ${configFile} -o StrictHostKeyChecking=no"\n`,
    log: () => log,
    pid: server.pid ?? 0,
    stop,
  }
}

function keygen(file: string, type: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', file])
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The connections' processes of a server: its direct children. */
export function children(parent: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []))
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}
