import type { Host } from '../host/host.ts'
import type { Line } from '../host/line.ts'
import { FactStore, type View } from '../host/store.ts'
import type { Identity } from '../transport/transport.ts'
import { identityKey } from './settings.ts'

/** One way to a host, by one endpoint: its line, and what is known of the host that is found there. */
export class Way {
  readonly line: Line
  readonly store = new FactStore()
  /** The host's state without what check mode predicts: for tasks that `check_mode` turns the other way. */
  readonly actual = new FactStore()
  readonly #hostAs: (identity: Identity) => Host
  readonly #hosts = new Map<string, Host>()

  /** `hostAs` gives what reads and performs as an identity. */
  constructor(line: Line, hostAs: (identity: Identity) => Host) {
    this.line = line
    this.#hostAs = hostAs
  }

  /** The host as an identity, and what that sees in one of the stores. */
  as(identity: Identity, store: FactStore): { readonly host: Host; readonly view: View } {
    const key = identityKey(identity)
    const host = this.#hosts.get(key) ?? this.#hostAs(identity)
    this.#hosts.set(key, host)
    return { host, view: store.as(key, host) }
  }

  /** Forgets what was read of the host. */
  forget(): void {
    this.store.forget()
    this.actual.forget()
  }
}
