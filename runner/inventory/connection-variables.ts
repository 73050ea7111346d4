import type { Become, Endpoint, SshEndpoint } from '../transport/transport.ts'
import { Malformed } from './malformed.ts'
import { shellWords } from './shell-words.ts'

/** Gives a variable of the host, evaluated, or undefined; may throw what evaluating throws. */
export type ReadVariable = (name: string) => unknown

/** What the command line, the settings and the play say; a host's variables come before it. */
export interface ConnectionDefaults {
  readonly connection?: string | undefined
  readonly user?: string | undefined
  readonly port?: number | undefined
  readonly password?: string | undefined
  readonly privateKeyFile?: string | undefined
  readonly sshArgs?: readonly string[] | undefined
  readonly hostKeyChecking?: SshEndpoint['hostKeyChecking'] | undefined
  /** Milliseconds; 10 seconds where nobody says. */
  readonly connectTimeout?: number | undefined
  readonly aliveTimeout?: number | undefined
}

export interface BecomeDefaults {
  readonly become?: boolean | undefined
  readonly user?: string | undefined
  readonly method?: string | undefined
  readonly password?: string | undefined
  readonly flags?: string | undefined
}

/** A connection variable with a value that cannot be used. The message names the variable and the host. */
export class ConnectionVariableError extends Error {
  override readonly name = 'ConnectionVariableError'
}

/** Where and how to reach a host, from its `ansible_*` variables over the defaults. Throws `ConnectionVariableError`. */
export function endpointOf(host: string, read: ReadVariable, defaults: ConnectionDefaults = {}): Endpoint {
  const vars = new ConnectionVariables(host, read)
  const connection = vars.text('ansible_connection') ?? defaults.connection ?? 'ssh'
  switch (connection.replace(/^ansible\.(?:builtin|legacy)\./, '')) {
    case 'local':
      return { kind: 'local' }
    case 'embedded':
      return { kind: 'embedded' }
    case 'ssh':
    case 'smart':
    case 'paramiko':
    case 'paramiko_ssh':
      return sshEndpoint(host, vars, defaults)
    default:
      return vars.wrong('ansible_connection', `"${connection}" is not known: use ssh, local or embedded`)
  }
}

/** Whom tasks on a host run as; undefined where they run as the user who logged in. Throws `ConnectionVariableError`. */
export function becomeOf(host: string, read: ReadVariable, defaults: BecomeDefaults = {}): Become | undefined {
  const vars = new ConnectionVariables(host, read)
  if (!(vars.boolean('ansible_become') ?? defaults.become ?? false)) return undefined
  const method = vars.text('ansible_become_method') ?? defaults.method ?? 'sudo'
  const name = method.replace(/^ansible\.(?:builtin|legacy)\./, '')
  if (name !== 'sudo' && name !== 'su')
    return vars.wrong('ansible_become_method', `"${method}" is not known: use sudo or su`)
  const password =
    vars.text(`ansible_${name}_pass`, `ansible_${name}_password`, 'ansible_become_pass', 'ansible_become_password') ??
    defaults.password
  const flags =
    vars.words(`ansible_${name}_flags`, 'ansible_become_flags') ?? vars.split('become_flags', defaults.flags)
  return {
    kind: 'become',
    method: name,
    user: vars.text(`ansible_${name}_user`, 'ansible_become_user') ?? defaults.user ?? 'root',
    ...given({ password, flags }),
  }
}

function sshEndpoint(host: string, vars: ConnectionVariables, defaults: ConnectionDefaults): SshEndpoint {
  const words = [
    vars.words('ansible_ssh_args'),
    vars.words('ansible_ssh_common_args'),
    vars.words('ansible_ssh_extra_args'),
  ]
  const sshArgs = words.some((list) => list !== undefined) ? words.flatMap((list) => list ?? []) : defaults.sshArgs
  return {
    kind: 'ssh',
    host: vars.text('ansible_ssh_host', 'ansible_host') ?? host,
    ...given({
      port: vars.integer(1, 65_535, 'ansible_ssh_port', 'ansible_port') ?? defaults.port,
      user: vars.text('ansible_ssh_user', 'ansible_user') ?? defaults.user,
      password: vars.text('ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password') ?? defaults.password,
      privateKeyFile: vars.text('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.privateKeyFile,
      passphrase: vars.text('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
      sshArgs,
      hostKeyChecking: hostKeyChecking(vars) ?? defaults.hostKeyChecking,
      aliveTimeout: defaults.aliveTimeout,
    }),
    connectTimeout:
      seconds(vars.integer(1, 86_400, 'ansible_ssh_timeout', 'ansible_timeout')) ?? defaults.connectTimeout ?? 10_000,
  }
}

function hostKeyChecking(vars: ConnectionVariables): SshEndpoint['hostKeyChecking'] {
  const names = ['ansible_ssh_host_key_checking', 'ansible_host_key_checking'] as const
  if (vars.text(...names) === 'accept-new') return 'accept-new'
  const checked = vars.boolean(...names)
  return checked === undefined ? undefined : checked ? 'yes' : 'no'
}

function seconds(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count * 1000
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is undefined. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}

/** The first of several names of one variable that is set, as the type that is needed; the one for ssh or sudo alone wins, as in Ansible. An empty text counts as not set. */
class ConnectionVariables {
  readonly #host: string
  readonly #read: ReadVariable

  constructor(host: string, read: ReadVariable) {
    this.#host = host
    this.#read = read
  }

  text(...names: readonly string[]): string | undefined {
    const [name, value] = this.#first(names)
    if (value === undefined || typeof value === 'string') return value
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : this.wrong(name, 'is not a text')
  }

  integer(least: number, most: number, ...names: readonly string[]): number | undefined {
    const [name, value] = this.#first(names)
    if (value === undefined) return undefined
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number
    return this.wrong(name, `${JSON.stringify(value)} is not a whole number from ${least} to ${most}`)
  }

  boolean(...names: readonly string[]): boolean | undefined {
    const [name, value] = this.#first(names)
    if (value === undefined || typeof value === 'boolean') return value
    const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : ''
    if (['yes', 'true', 'on', 'y', 't', '1'].includes(word)) return true
    if (['no', 'false', 'off', 'n', 'f', '0'].includes(word)) return false
    return this.wrong(name, `${JSON.stringify(value)} is neither true nor false`)
  }

  words(...names: readonly string[]): readonly string[] | undefined {
    const [name, value] = this.#first(names)
    if (Array.isArray(value)) return value.map(String)
    if (value === undefined || typeof value === 'string') return this.split(name, value)
    return this.wrong(name, 'is not a text')
  }

  split(name: string, value: string | undefined): readonly string[] | undefined {
    if (value === undefined) return undefined
    try {
      return shellWords(value).map((word) => word.text)
    } catch (error) {
      if (error instanceof Malformed) return this.wrong(name, error.message)
      throw error
    }
  }

  wrong(name: string, what: string): never {
    throw new ConnectionVariableError(`${name} of host "${this.#host}": ${what}`)
  }

  #first(names: readonly string[]): readonly [name: string, value: unknown] {
    for (const name of names) {
      const value = this.#read(name)
      if (value !== undefined && value !== null && value !== '') return [name, value]
    }
    return [names[0] ?? '', undefined]
  }
}
