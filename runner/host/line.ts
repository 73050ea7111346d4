import type { Duplex } from 'node:stream'
import type { Address } from '../../modules/question.ts'
import { totalOf } from '../transport/line.ts'
import {
  type Connection,
  ConnectionError,
  type Endpoint,
  type Identity,
  type Meter,
  type Shell,
} from '../transport/transport.ts'

/** Opens a connection; the transport's `connect`, or a test's own. */
export type Connect = (endpoint: Endpoint) => Promise<Connection>

/** The line to one host: opened when first needed, opened again after it was lost, closed once. */
export class Line {
  readonly endpoint: Endpoint
  readonly #connect: Connect
  #connection: Promise<Connection> | undefined
  readonly #past: Meter[] = []
  #closed = false

  constructor(endpoint: Endpoint, connect: Connect) {
    this.endpoint = endpoint
    this.#connect = connect
  }

  /** The shell of an identity. Rejects with `ConnectionError` or `BecomeError`. */
  async shell(identity: Identity): Promise<Shell> {
    return (await this.#connected()).shell(identity)
  }

  /** Resolves when the line is open. Rejects with `ConnectionError`. */
  async open(): Promise<void> {
    await this.#connected()
  }

  /** A stream to a service of the host. Rejects with `ConnectionError`. */
  async dial(address: Address): Promise<Duplex> {
    return (await this.#connected()).dial(address)
  }

  async #connected(): Promise<Connection> {
    if (this.#closed) throw new ConnectionError('lost', 'the run is over')
    return (this.#connection ??= this.#open())
  }

  #open(): Promise<Connection> {
    const opening = this.#connect(this.endpoint)
    opening.catch(() => {
      // A line that was given up meanwhile has another connection by now, which would be lost with nobody to close it.
      if (this.#connection === opening) this.#connection = undefined
    })
    return opening
  }

  /** Gives up a connection that was lost; the next request opens another. */
  async drop(): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    await this.#end(connection)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.drop()
  }

  async #end(opening: Promise<Connection> | undefined): Promise<void> {
    const connection = await opening?.catch(() => undefined)
    if (connection === undefined) return
    this.#past.push(connection.meter)
    await connection.close()
  }

  /** What went over the wire so far, all connections together. */
  async meter(): Promise<Meter> {
    const connection = await this.#connection?.catch(() => undefined)
    return totalOf(connection === undefined ? this.#past : [...this.#past, connection.meter])
  }
}
