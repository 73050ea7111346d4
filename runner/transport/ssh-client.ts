import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import pLimit from 'p-limit'
import ssh2, { type Client } from 'ssh2'
import { greeted } from './greeting.ts'
import { Login } from './ssh-auth.ts'
import type { SshTarget, Way } from './ssh-target.ts'
import { ConnectionError } from './transport.ts'
import { writeTogether } from './write-together.ts'

/** A client that is logged in, with what it talks over and the way it took. */
export interface Opened {
  readonly client: Client
  readonly stream: Duplex
  readonly way: Way | undefined
}

/**
 * Hosts that are called at once, and handshakes at once: each of these keeps a core busy for some milliseconds, so that more of them only
 * make all late. A host that is dead or slow to answer keeps nobody from a handshake.
 */
const calling = pLimit(256)
const handshaking = pLimit(64)

/** Times that a login that broke off is tried again: some hosts end the connection of whom they do not let in. */
const MOST_BROKEN_LOGINS = 1

/**
 * Logs in. A host that drops the connection before it has said anything is asked again, a little later: sshd does so when many come at
 * once (sshd_config(5), MaxStartups). Rejects with `ConnectionError` after `connectTimeout` at the latest, the time not counted that the
 * host waits for others' turns.
 */
export async function openClient(target: SshTarget): Promise<Opened> {
  const patience = new Patience(target.connectTimeout)
  let brokenLogins = 0
  for (let attempt = 0; ; attempt++) {
    const login = new Login(target.credentials.attempts)
    const result = await tryOnce(target, login, patience)
    if (!(result instanceof ConnectionError)) return result
    if (result.reason !== 'lost') throw result
    const begun = login.tried.length > 0
    if (begun) brokenLogins++
    const pause = 100 * 2 ** Math.min(attempt, 5) * (0.5 + Math.random())
    if (brokenLogins > MOST_BROKEN_LOGINS || pause >= patience.left)
      throw new ConnectionError(begun ? 'authentication' : 'refused', result.message)
    await sleep(pause)
  }
}

/** When a host has let us in last. */
let lastLogin = -Infinity
/** Times the patience that a host gets at most while others are let in. */
const mostPatience = 6

/**
 * The time that a host has to let us in; it stands still while others have their turn. While others are let in, one that is late is taken
 * for slow and not for dead: hosts may share a machine, which a crowd that logs in keeps busy.
 */
class Patience {
  readonly #milliseconds: number
  #deadline: number

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
    this.#deadline = performance.now() + milliseconds
  }

  /** Milliseconds, at least one. */
  get left(): number {
    const others = Math.min(lastLogin, this.#deadline + (mostPatience - 2) * this.#milliseconds) + this.#milliseconds
    return Math.max(1, Math.max(this.#deadline, others) - performance.now())
  }

  async turn<T>(limit: typeof calling, work: () => Promise<T>): Promise<T> {
    const since = performance.now()
    return limit(() => {
      this.#deadline += performance.now() - since
      return work()
    })
  }
}

/** One attempt; `lost` is what may be better at the next. */
async function tryOnce(target: SshTarget, login: Login, patience: Patience): Promise<Opened | ConnectionError> {
  const way = await timely(target, patience.left, target.way?.())
  if (way instanceof ConnectionError) return way
  const client = new ssh2.Client()
  const result = await enter(client, target, { login, way, patience })
  if (!(result instanceof ConnectionError)) return { client, stream: result, way }
  // What a client still has to say about its end is known already.
  client.removeAllListeners().on('error', () => {})
  client.destroy()
  way?.release()
  return way?.explain ? new ConnectionError(result.reason, `${result.message} (${way.explain()})`) : result
}

async function timely(
  target: SshTarget,
  milliseconds: number,
  way: Promise<Way> | undefined,
): Promise<Way | ConnectionError | undefined> {
  if (!way) return undefined
  let late = false
  const found = way.then(
    (opened) => {
      if (late) opened.release()
      return opened
    },
    (error: unknown) =>
      error instanceof ConnectionError ? error : new ConnectionError('refused', `${target.label}: ${String(error)}`),
  )
  const patience = new AbortController()
  const waited = sleep(milliseconds, undefined, { signal: patience.signal }).catch(() => undefined)
  const first = await Promise.race([found, waited])
  patience.abort()
  if (first) return first
  late = true
  return timeout(target)
}

const timeout = ({ label, connectTimeout }: SshTarget): ConnectionError =>
  new ConnectionError(
    'timeout',
    `${label} did not answer within ${connectTimeout / 1000} s: is it up, and is nothing dropping packets on the way?`,
  )

interface Entry {
  readonly login: Login
  readonly way: Way | undefined
  readonly patience: Patience
}

/** Calls the host, and shakes hands once it has answered. Gives the stream of a client that is logged in. */
async function enter(client: Client, target: SshTarget, entry: Entry): Promise<Duplex | ConnectionError> {
  const { login, way, patience } = entry
  const called = await patience.turn(calling, () => greeted(way?.stream ?? target, patience.left))
  switch (called.kind) {
    case 'failed':
      return explain(target, login, called.error, false)
    case 'silent':
      return timeout(target)
    case 'closed':
      return dropped(target, login, false)
    case 'answered': {
      const { stream } = called
      const refusal = await patience.turn(handshaking, () => shakeHands(client, target, { ...entry, stream }))
      return refusal ?? stream
    }
  }
}

function shakeHands(
  client: Client,
  target: SshTarget,
  { login, patience, stream }: Entry & { readonly stream: Duplex },
): Promise<ConnectionError | undefined> {
  let refusal: ConnectionError | undefined
  let handshaken = false
  return new Promise((resolve) => {
    const late = (): void => {
      if (patience.left > 1) timer = setTimeout(late, patience.left)
      else resolve(timeout(target))
    }
    let timer = setTimeout(late, patience.left)
    const finish = (error?: ConnectionError): void => {
      clearTimeout(timer)
      resolve(error)
    }
    client.once('ready', () => {
      lastLogin = performance.now()
      finish()
    })
    client.once('handshake', () => {
      handshaken = true
    })
    client.on('error', (error: Error & { level?: string; code?: unknown }) => {
      // An agent that fails is passed over for the next way to log in.
      if (error.level === 'agent') login.tried.push(`(the agent failed: ${error.message})`)
      else finish(refusal ?? explain(target, login, error, handshaken))
    })
    client.once('close', () => finish(refusal ?? dropped(target, login, handshaken)))
    client.once('change password', () =>
      finish(
        new ConnectionError(
          'authentication',
          `${target.label}: the password has expired: log in by hand once to change it`,
        ),
      ),
    )
    try {
      client.connect({
        host: target.host,
        port: target.port,
        username: target.user,
        sock: writeTogether(stream),
        algorithms: target.algorithms,
        authHandler: login.next,
        readyTimeout: 0,
        ...aliveness(target.aliveTimeout),
        hostVerifier: (key: Buffer, verify: (taken: boolean) => void) => {
          void (async (): Promise<void> => {
            try {
              refusal = await target.refuse(key)
            } catch (error) {
              refusal = new ConnectionError(
                'host-key',
                `${target.label}: ${error instanceof Error ? error.message : String(error)}`,
              )
            }
            verify(!refusal)
          })()
        },
      })
    } catch (error) {
      finish(new ConnectionError('refused', `${target.label}: ${String(error)}`))
    }
  })
}

/** Three questions without an answer, and the line is dead. */
function aliveness(timeout: number | undefined): { keepaliveInterval?: number; keepaliveCountMax?: number } {
  return timeout === undefined ? {} : { keepaliveInterval: Math.max(1, Math.floor(timeout / 4)), keepaliveCountMax: 3 }
}

function explain(
  target: SshTarget,
  login: Login,
  error: Error & { level?: string; code?: unknown },
  handshaken: boolean,
): ConnectionError {
  const { label } = target
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return new ConnectionError(
        'unresolved',
        `${label}: the name ${target.host} is not known: check its spelling, ansible_host, or your resolver`,
      )
    case 'ECONNREFUSED':
      return new ConnectionError(
        'refused',
        `${label} refuses connections: is sshd running there, and is the port right?`,
      )
    case 'ETIMEDOUT':
      return timeout(target)
    case 'ECONNRESET':
    case 'EPIPE':
      return dropped(target, login, handshaken)
    default:
  }
  if (error.level === 'client-authentication') return new ConnectionError('authentication', refused(target, login))
  if (/lost before handshake/i.test(error.message)) return dropped(target, login, handshaken)
  if (/too many authentication/i.test(error.message))
    return new ConnectionError(
      'authentication',
      `${refused(target, login)} The host ended the connection after too many attempts (MaxAuthTries): name the right key with ansible_ssh_private_key_file`,
    )
  if (/no matching/i.test(error.message))
    return new ConnectionError(
      'refused',
      `${label} and drover have no algorithm in common: ${error.message}. Old ones are offered where your ssh configuration allows them`,
    )
  return new ConnectionError('refused', `${label}: ${error.message}`)
}

function dropped(target: SshTarget, login: Login, handshaken: boolean): ConnectionError {
  if (login.tried.length > 0)
    return new ConnectionError('lost', `${refused(target, login)} Then it ended the connection`)
  const when = handshaken ? 'before the login' : 'before the handshake'
  return new ConnectionError(
    'lost',
    `${target.label} ended the connection ${when}, again and again: is it an ssh server, and does its MaxStartups allow so many at once?`,
  )
}

function refused({ label, credentials }: SshTarget, { tried, accepted }: Login): string {
  const takes = accepted.length === 0 ? '' : ` The host takes ${accepted.join(', ')}.`
  const notes = credentials.notes.map((note) => ` Note: ${note}.`).join('')
  return `${label} does not let us in. Tried: ${tried.join(', ')}.${takes}${notes}`
}
