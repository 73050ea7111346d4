import { knownKeys, refuseHostKey, type HostKeyPolicy } from './host-key.ts'
import { algorithms } from './ssh-algorithms.ts'
import { credentials } from './ssh-auth.ts'
import { sshConfig, type SshConfig } from './ssh-config.ts'
import { SshLine } from './ssh-line.ts'
import type { SshTarget } from './ssh-target.ts'
import { jumpWay, proxyWay } from './ssh-way.ts'
import { ConnectionError, type SshEndpoint } from './transport.ts'

/** Milliseconds of silence after which a host is taken for dead, where neither the endpoint nor ssh's configuration says. */
const ALIVE_TIMEOUT = 30_000

/** Opens an ssh connection as OpenSSH would: its configuration, known hosts, agent and jump hosts. What the endpoint says wins. */
export async function openSsh(endpoint: SshEndpoint): Promise<SshLine> {
  const { host, user, port, sshArgs } = endpoint
  return openWith(endpoint, await sshConfig({ host, user, port, args: sshArgs ?? [] }), [])
}

async function openWith(endpoint: SshEndpoint, config: SshConfig, via: readonly string[]): Promise<SshLine> {
  return SshLine.open(await target(endpoint, config, via))
}

/** `via` names the hosts on whose behalf this one is connected to: a jump host that is reached through itself has no end. */
async function target(endpoint: SshEndpoint, config: SshConfig, via: readonly string[]): Promise<SshTarget> {
  const user = endpoint.user ?? config.user
  const port = endpoint.port ?? config.port
  const policy: HostKeyPolicy = {
    checking: endpoint.hostKeyChecking ?? config.hostKeyChecking,
    host: config.hostKeyAlias ?? config.hostName,
    port: config.hostKeyAlias === undefined ? port : 22,
    files: config.knownHostsFiles,
    addTo: config.userKnownHostsFile,
    hash: config.hashKnownHosts,
  }
  const known = policy.checking === 'no' ? { own: [], portless: [] } : await knownKeys(policy)
  const types = [...known.own, ...known.portless].filter(({ marker }) => marker === undefined).map(({ type }) => type)
  return {
    label: `${endpoint.host} (${config.hostName}:${port}, user ${user})`,
    host: config.hostName,
    port,
    user,
    algorithms: algorithms(config.allowed, types),
    credentials: await credentials(endpoint, config, user),
    connectTimeout: endpoint.connectTimeout,
    aliveTimeout: endpoint.aliveTimeout ?? config.aliveTimeout ?? ALIVE_TIMEOUT,
    refuse: (key) => refuseHostKey(policy, known, key),
    way: way(endpoint, config, port, via),
  }
}

function way(endpoint: SshEndpoint, config: SshConfig, port: number, via: readonly string[]): SshTarget['way'] {
  const { proxyCommand, proxyJump, hostName } = config
  if (proxyJump !== undefined) {
    const hops = proxyJump.split(',').map((hop) => hop.trim())
    // What the configuration says of all hosts holds for the jump host too; it does not jump through itself.
    if (hops.some((hop) => via.includes(hop))) return undefined
    return () => throughJump(endpoint, hops, hostName, port, via)
  }
  return proxyCommand === undefined ? undefined : () => proxyWay(proxyCommand)
}

/** Goes through the last of the hops, which is reached through those before it, or as its own configuration says. */
function throughJump(
  endpoint: SshEndpoint,
  hops: readonly string[],
  host: string,
  port: number,
  via: readonly string[],
): ReturnType<typeof jumpWay> {
  const last = hops.at(-1) ?? ''
  const before = hops.slice(0, -1)
  const open = async (): Promise<SshLine> => {
    const hop = jumpEndpoint(last, endpoint)
    const config = await sshConfig({ host: hop.host, user: hop.user, port: hop.port, args: hop.sshArgs ?? [] })
    return openWith(hop, before.length > 0 ? { ...config, proxyJump: before.join(',') } : config, [...via, last])
  }
  const key = JSON.stringify([hops, configFile(endpoint.sshArgs), endpoint.hostKeyChecking])
  return jumpWay(key, open, host, port)
}

/** `[user@]host[:port]` or `ssh://[user@]host[:port]`: ssh_config(5), ProxyJump. A hop has its own configuration and credentials. */
export function jumpEndpoint(
  hop: string,
  { sshArgs, hostKeyChecking, connectTimeout, aliveTimeout }: SshEndpoint,
): SshEndpoint {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?\/?$/.exec(hop) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new ConnectionError('refused', `"${hop}" is no jump host: [user@]host[:port] is meant`)
  return {
    kind: 'ssh',
    host,
    connectTimeout,
    sshArgs: configFile(sshArgs),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
    ...(hostKeyChecking && { hostKeyChecking }),
    ...(aliveTimeout !== undefined && { aliveTimeout }),
  }
}

/** The one option of ssh that holds for its jump hosts too. */
function configFile(args: readonly string[] = []): readonly string[] {
  const index = args.findIndex((arg) => arg.startsWith('-F'))
  if (index < 0) return []
  return args[index] === '-F' ? args.slice(index, index + 2) : args.slice(index, index + 1)
}
