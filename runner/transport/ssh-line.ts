import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { addressText, type Address } from '../../modules/question.ts'
import { counted } from './dial.ts'
import { newMeter, programEnd, type Line, type Program } from './line.ts'
import { openClient, type Opened } from './ssh-client.ts'
import type { SshTarget, Way } from './ssh-target.ts'
import { ConnectionError } from './transport.ts'

/** An open ssh connection. */
export class SshLine implements Line {
  readonly meter = { ...newMeter(), connects: 1 }
  lost: ConnectionError | undefined
  readonly #label: string
  readonly #client: Client
  readonly #stream: Duplex
  readonly #way: Way | undefined
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>

  /** Rejects with `ConnectionError`. */
  static async open(target: SshTarget): Promise<SshLine> {
    return new SshLine(target, await openClient(target))
  }

  private constructor({ label, aliveTimeout }: SshTarget, { client, stream, way }: Opened) {
    this.#label = label
    this.#client = client
    this.#stream = stream
    this.#way = way
    client.on('error', (error: Error & { level?: string }) => {
      const dead = error.level === 'client-timeout'
      const why = dead ? `it has not answered for ${(aliveTimeout ?? 0) / 1000} s` : error.message
      this.lost ??= new ConnectionError('lost', `the connection to ${label} was lost: ${why}`)
    })
    this.closed = new Promise((resolve) => {
      client.once('close', () => {
        this.lost ??= new ConnectionError('lost', `the connection to ${label} was lost: the other end closed it`)
        way?.release()
        resolve()
      })
    })
  }

  async start(command: string): Promise<Program> {
    const channel = await this.#ask<ClientChannel>('a further session (sshd_config, MaxSessions)', (give) =>
      this.#client.exec(command, give),
    )
    this.meter.channels++
    // The channel's opening and the program's start: ssh2 asks for the second when the first has been granted.
    this.meter.roundTrips += 2
    this.meter.bytesSent += Buffer.byteLength(command)
    return program(channel)
  }

  /** A connection from the host to another one. */
  forward(host: string, port: number): Promise<Duplex> {
    return this.#ask<Duplex>(`a connection to ${host}:${port}`, (give) =>
      this.#client.forwardOut('127.0.0.1', 0, host, port, give),
    )
  }

  async dial(address: Address): Promise<Duplex> {
    if (address.kind === 'tcp') return counted(await this.forward(address.host, address.port), this.meter)
    const stream = await this.#ask<Duplex>(`a connection to ${addressText(address)}`, (give) =>
      this.#client.openssh_forwardOutStreamLocal(address.path, give),
    )
    return counted(stream, this.meter)
  }

  async close(): Promise<void> {
    this.lost ??= new ConnectionError('lost', `the connection to ${this.#label} is closed`)
    this.#client.end()
    await Promise.race([this.closed, sleep(2_000, undefined, { ref: false })])
    // `Client.destroy` leaves alone what has been ended: a host that hangs would keep this process from its end.
    this.#stream.destroy()
    this.#way?.release()
  }

  #ask<T>(what: string, ask: (give: (error: Error | undefined, result: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        const why = error instanceof Error ? error.message : String(error)
        reject(this.lost ?? new ConnectionError('refused', `${this.#label} did not grant ${what}: ${why}`))
      }
      if (this.lost) return reject(this.lost)
      try {
        ask((error, result) => (error ? fail(error) : resolve(result)))
      } catch (error) {
        fail(error)
      }
    })
  }
}

function program(channel: ClientChannel): Program {
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: programEnd(
      (give) =>
        channel.on('exit', (status: number | null, signal?: string) =>
          give(status ?? 128 + (constants.signals[`SIG${signal ?? ''}` as NodeJS.Signals] ?? 0)),
        ),
      (give) => channel.once('close', () => give(null)),
    ),
    drop() {
      channel.close()
      channel.destroy()
    },
  }
}
