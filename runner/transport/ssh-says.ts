import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import { hostPatterns, matching } from './ssh-config-hosts.ts'
import { ConnectionError } from './transport.ts'

export interface SshQuestion {
  readonly host: string
  readonly user?: string | undefined
  readonly port?: number | undefined
  readonly args: readonly string[]
}

const run = promisify(execFile)

/** Hosts that the configuration treats alike. */
interface Alike {
  readonly host: string
  readonly text: Promise<string>
  /** Whether ssh has said of a second host what is foretold of it. */
  isSo?: Promise<boolean>
}
const alike = new Map<string, Alike>()
const patterns = new Map<string, ReturnType<typeof hostPatterns>>()

/**
 * Asks `ssh -G`, once for each host or, where the configuration treats many hosts alike, once for all of them: starting a program costs
 * more than shaking hands. Without an ssh program, OpenSSH's defaults hold. Rejects with `ConnectionError` when ssh does not accept the
 * configuration or the arguments.
 */
export async function sshSays(question: SshQuestion): Promise<string> {
  const { host, user, port, args } = question
  const files = JSON.stringify(args)
  const own = patterns.get(files) ?? hostPatterns(args)
  patterns.set(files, own)
  const known = await own
  if (known === null) return ask(question)
  const key = JSON.stringify([user, port, args, matching(known, host)])
  const first = alike.get(key)
  if (first === undefined) {
    const text = ask(question)
    alike.set(key, { host, text })
    return text
  }
  const foretold = first.text.then((text) => renamed(text, first.host, host))
  // That the first could not be asked is told by asking again.
  foretold.catch(() => {})
  if (first.isSo !== undefined) return (await first.isSo) ? foretold : ask(question)
  const text = ask(question)
  first.isSo = Promise.all([text, foretold]).then(
    ([said, expected]) => said === expected,
    () => false,
  )
  return text
}

/** What `ssh -G` says of one host, as it would say it of another. */
const renamed = (text: string, from: string, to: string): string =>
  text
    .split('\n')
    .map((line) =>
      line === `host ${from}`
        ? `host ${to}`
        : line === `hostname ${from.toLowerCase()}`
          ? `hostname ${to.toLowerCase()}`
          : line,
    )
    .join('\n')

/** What `ssh -G` says. */
async function ask({ host, user, port, args }: SshQuestion): Promise<string> {
  const words = [
    '-G',
    ...args,
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ]
  try {
    const { stdout } = await run('ssh', words, { timeout: 30_000, maxBuffer: 1024 * 1024 })
    return stdout
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') return defaults(host, user, port)
    throw new ConnectionError(
      'refused',
      `ssh does not accept the configuration for ${host}: ${(stderr ?? String(error)).trim()} (asked: ssh ${words.join(' ')})`,
    )
  }
}

const defaults = (host: string, user: string | undefined, port: number | undefined): string =>
  [
    `hostname ${host}`,
    `user ${user ?? userInfo().username}`,
    `port ${port ?? 22}`,
    ...['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => `identityfile ~/.ssh/${name}`),
    'userknownhostsfile ~/.ssh/known_hosts',
    'globalknownhostsfile /etc/ssh/ssh_known_hosts',
  ].join('\n')
