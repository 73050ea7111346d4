import type { Duplex } from 'node:stream'
import type { Address, Connection, Identity, Meter, Shell } from '../../transport/transport.ts'

/** A connection of which it is told how long its shells take to open. */
export class TimedConnection implements Connection {
  readonly #connection: Connection
  readonly #opening: (work: () => Promise<Shell>) => Promise<Shell>

  constructor(connection: Connection, opening: (work: () => Promise<Shell>) => Promise<Shell>) {
    this.#connection = connection
    this.#opening = opening
  }

  get meter(): Meter {
    return this.#connection.meter
  }

  shell(identity: Identity): Promise<Shell> {
    return this.#opening(() => this.#connection.shell(identity))
  }

  dial(address: Address): Promise<Duplex> {
    return this.#connection.dial(address)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}
