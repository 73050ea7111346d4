import { type ConnectionDefaults, ConnectionVariableError, endpointOf } from '../inventory/connection-variables.ts'
import type { Play } from '../language/tree.ts'
import type { Scope } from '../template/template.ts'
import type { Endpoint } from '../transport/transport.ts'
import { hideSecrets } from './connection-secrets.ts'
import { evaluate } from './evaluate.ts'
import type { HostRun } from './host-run.ts'
import { type Lineage, nearest } from './lineage.ts'
import type { Redactor } from './redact.ts'

/** Where a task finds a host: by the variables that it sees, then `connection`, `remote_user` and `port`, then the command line. */
export class Endpoints {
  readonly #defaults: ConnectionDefaults
  readonly #redactor: Redactor
  readonly #ofPlay = new Map<HostRun, { readonly moves: number; readonly endpoint: Endpoint }>()

  constructor(defaults: ConnectionDefaults, redactor: Redactor) {
    this.#defaults = defaults
    this.#redactor = redactor
  }

  /** Throws `ConnectionVariableError` or `TemplateError`. */
  of(host: HostRun, lineage: Lineage, scope: Scope): Endpoint {
    const known = this.#ofPlay.get(host)
    const own = lineage.slice(1).some(speaksOfConnection)
    const { moves } = host.vars
    if (!own && known?.moves === moves) return known.endpoint
    const endpoint = this.#find(host, lineage, scope)
    if (!own) this.#ofPlay.set(host, { moves, endpoint })
    return endpoint
  }

  /** Throws `ConnectionVariableError` where it cannot be said how a host is reached; what is not known yet may be later. */
  check(host: HostRun, play: Play, scope: () => Scope): void {
    try {
      this.of(host, [play], scope())
    } catch (error) {
      if (error instanceof ConnectionVariableError) throw error
    }
  }

  #find(host: HostRun, lineage: Lineage, scope: Scope): Endpoint {
    const [connection, user, port] = (['connection', 'remoteUser', 'port'] as const).map((keyword) => {
      const written = nearest(lineage, keyword)
      const value = written === undefined ? undefined : evaluate(written, scope)
      return typeof value === 'string' || value === undefined ? value : JSON.stringify(value)
    })
    const said: ConnectionDefaults = {
      ...this.#defaults,
      ...(connection === undefined ? {} : { connection }),
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port: Number(port) }),
    }
    hideSecrets(scope, this.#redactor)
    const endpoint = endpointOf(host.name, (variable) => scope.get(variable), said)
    if (endpoint.kind === 'ssh' && endpoint.password !== undefined) this.#redactor.add(endpoint.password)
    return endpoint
  }
}

/** Whether a block or task says itself how hosts are reached, for what is in it. */
function speaksOfConnection(node: Lineage[number]): boolean {
  if (node.connection !== undefined || node.remoteUser !== undefined || node.port !== undefined) return true
  const role = node.kind === 'block' ? node.role : undefined
  const written = [node.vars, role?.defaults, role?.vars, role?.useVars, role?.params]
  return written.some((vars) => vars !== undefined && Object.keys(vars.value).some(isConnectionVariable))
}

/** Whether a variable may be about how a host is reached, by its name. */
const isConnectionVariable = (name: string): boolean =>
  /^ansible_(?:connection|host|port|user|password|private_key|ssh_|timeout|host_key_checking)/.test(name)
