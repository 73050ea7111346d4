import type { Duplex } from 'node:stream'
import type { Algorithms } from 'ssh2'
import type { Credentials } from './ssh-auth.ts'
import type { ConnectionError } from './transport.ts'

/** All that is needed to open an ssh connection, once configuration, inventory and known_hosts have been read. */
export interface SshTarget {
  /** For people: `web1 (10.0.0.5:22, user root)`. */
  readonly label: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly algorithms: Algorithms
  readonly credentials: Credentials
  /** Milliseconds for all attempts together. */
  readonly connectTimeout: number
  readonly aliveTimeout: number | undefined
  /** Says why the host's key is not taken, if it is not. */
  readonly refuse: (key: Buffer) => Promise<ConnectionError | undefined>
  /** The way to the host where it is not a TCP connection. */
  readonly way: (() => Promise<Way>) | undefined
}

export interface Way {
  readonly stream: Duplex
  /** What it has to say about a connection that failed. */
  explain?(): string
  /** Ends what carries the stream, when the connection is over. */
  release(): void
}
