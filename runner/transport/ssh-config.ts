import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { type SshQuestion, sshSays } from './ssh-says.ts'

/** What OpenSSH's configuration says about a host: ssh_config(5). Paths are absolute, times in milliseconds. */
export interface SshConfig {
  readonly hostName: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  /** The agent's socket; undefined where there is none, or none is wanted. */
  readonly identityAgent: string | undefined
  readonly identitiesOnly: boolean
  readonly knownHostsFiles: readonly string[]
  /** Where new host keys go. */
  readonly userKnownHostsFile: string | undefined
  readonly hostKeyChecking: 'yes' | 'accept-new' | 'no'
  readonly hashKnownHosts: boolean
  readonly hostKeyAlias: string | undefined
  readonly proxyJump: string | undefined
  readonly proxyCommand: string | undefined
  readonly connectTimeout: number | undefined
  readonly aliveTimeout: number | undefined
  /** What the user allows, in the names of the protocol; undefined where ssh could not be asked. */
  readonly allowed:
    | {
        readonly kex: readonly string[]
        readonly ciphers: readonly string[]
        readonly macs: readonly string[]
        readonly hostKeys: readonly string[]
      }
    | undefined
}

const answers = new Map<string, Promise<SshConfig>>()

/** Asks ssh once for each question. Rejects with `ConnectionError` when ssh does not accept the configuration or the arguments. */
export function sshConfig(question: SshQuestion): Promise<SshConfig> {
  const key = JSON.stringify([question.host, question.user, question.port, question.args])
  let answer = answers.get(key)
  if (!answer) {
    answer = sshSays(question).then((text) => parseSshConfig(text, question.host))
    answers.set(key, answer)
  }
  return answer
}

/** Reads the output of `ssh -G`: one lower-case keyword and its value a line. `host` is the name that was asked for. */
export function parseSshConfig(text: string, host: string): SshConfig {
  const values = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line.trimEnd()) ?? []
    if (keyword === undefined || value === undefined) continue
    values.set(keyword.toLowerCase(), [...(values.get(keyword.toLowerCase()) ?? []), value])
  }
  const one = (keyword: string): string | undefined => {
    const value = values.get(keyword)?.[0]
    return value === undefined || value === 'none' || value === '' ? undefined : value
  }
  const list = (keyword: string): readonly string[] => shared(one(keyword) ?? '')
  const seconds = (keyword: string): number | undefined => Number(one(keyword) ?? 0) * 1000 || undefined

  const hostName = one('hostname') ?? host
  const user = one('user') ?? userInfo().username
  const port = Number(one('port') ?? 22)
  const expand = tokens({ host, hostName, user, port })
  const files = (keyword: string): readonly string[] => (one(keyword) ?? '').split(' ').filter(Boolean).map(expand)
  const aliveInterval = seconds('serveraliveinterval')
  return {
    hostName,
    port,
    user,
    identityFiles: (values.get('identityfile') ?? []).filter((file) => file !== 'none').map(expand),
    identityAgent: agent(values.get('identityagent')?.[0], expand),
    identitiesOnly: one('identitiesonly') === 'yes',
    knownHostsFiles: [...files('userknownhostsfile'), ...files('globalknownhostsfile')],
    userKnownHostsFile: files('userknownhostsfile')[0],
    hostKeyChecking: checking(one('stricthostkeychecking')),
    hashKnownHosts: one('hashknownhosts') === 'yes',
    hostKeyAlias: one('hostkeyalias'),
    proxyJump: one('proxyjump'),
    proxyCommand: expandOptional(one('proxycommand'), expand),
    connectTimeout: seconds('connecttimeout'),
    aliveTimeout: aliveInterval && aliveInterval * Number(one('serveralivecountmax') ?? 3),
    allowed: values.has('kexalgorithms')
      ? {
          kex: list('kexalgorithms'),
          ciphers: list('ciphers'),
          macs: list('macs'),
          hostKeys: list('hostkeyalgorithms'),
        }
      : undefined,
  }
}

/** Lists of algorithms, which are long and mostly the same for all hosts. */
const lists = new Map<string, readonly string[]>()

function shared(value: string): readonly string[] {
  const list = lists.get(value) ?? (value === '' ? [] : value.split(','))
  lists.set(value, list)
  return list
}

function checking(value: string | undefined): SshConfig['hostKeyChecking'] {
  if (value === 'accept-new') return value
  return value === 'no' || value === 'off' || value === 'false' ? 'no' : 'yes'
}

function agent(value: string | undefined, expand: (text: string) => string): string | undefined {
  if (value === 'none') return undefined
  if (value === undefined || value === '' || value === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'] || undefined
  return value.startsWith('$') ? process.env[value.slice(1).replaceAll(/[{}]/g, '')] : expand(value)
}

const expandOptional = (text: string | undefined, expand: (text: string) => string): string | undefined =>
  text === undefined ? undefined : expand(text)

/** Expands `~/` and the percent tokens of ssh_config(5) that do not depend on a connection. */
function tokens(known: { host: string; hostName: string; user: string; port: number }): (text: string) => string {
  const local = hostname()
  const table: Readonly<Record<string, string>> = {
    '%': '%',
    h: known.hostName,
    n: known.host,
    p: String(known.port),
    r: known.user,
    u: userInfo().username,
    d: homedir(),
    i: String(process.getuid?.() ?? 0),
    l: local,
    L: local.replace(/\..*/, ''),
    k: known.host,
  }
  return (text) => {
    const expanded = text.replaceAll(/%(.)/g, (whole, token: string) => table[token] ?? whole)
    return expanded.startsWith('~/') ? join(homedir(), expanded.slice(2)) : expanded
  }
}
