import type { Duplex, Readable, Writable } from 'node:stream'
import type { Address } from '../../modules/question.ts'
import type { ConnectionError, Meter } from './transport.ts'

/** A way to start programs on one host: an ssh connection or the controller itself. What differs between transports, and no more. */
export interface Line {
  /**
   * Starts a command line by the user's login shell, whatever that is; see `loginCommand`. Rejects with `ConnectionError`.
   * The round trips that this takes are counted by the line.
   */
  start(command: string): Promise<Program>
  /** `Connection.dial`; what goes over the stream is counted by the line. */
  dial(address: Address): Promise<Duplex>
  readonly meter: Meter
  /** Why the line broke, from then on. */
  readonly lost: ConnectionError | undefined
  /** Ends the line. Never rejects. */
  close(): Promise<void>
}

/** A running program with its three streams. */
export interface Program {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /**
   * The exit status, 128 + n for signal n or null where none came. Comes when all output has been read, or shortly after the program
   * has ended, where something else keeps its output open. Never rejects.
   */
  readonly ended: Promise<number | null>
  /** Lets go of the program at once: nothing more is read from it or sent to it. */
  drop(): void
}

export function newMeter(): Meter {
  return { roundTrips: 0, requests: 0, channels: 0, bytesSent: 0, bytesReceived: 0, connects: 0 }
}

/** What several lines counted, together. */
export function totalOf(meters: readonly Meter[]): Meter {
  const total = newMeter()
  for (const meter of meters) {
    total.roundTrips += meter.roundTrips
    total.requests += meter.requests
    total.channels += meter.channels
    total.bytesSent += meter.bytesSent
    total.bytesReceived += meter.bytesReceived
    total.connects += meter.connects
  }
  return total
}

/** How long after a program's end its last output may still come, in milliseconds. */
const AFTERMATH = 500

/** `Program.ended`, from the two things that tell it: its end, and that of its output. */
export function programEnd(
  onExit: (give: (status: number | null) => void) => void,
  onClose: (give: (status: number | null) => void) => void,
): Promise<number | null> {
  return new Promise((resolve) => {
    let ended: number | null = null
    onExit((status) => {
      ended = status
      setTimeout(() => resolve(status), AFTERMATH).unref()
    })
    onClose((status) => resolve(status ?? ended))
  })
}
