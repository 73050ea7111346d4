import { createConnection } from 'node:net'
import { Duplex } from 'node:stream'
import { addressText, type Address } from '../../modules/question.ts'
import { ConnectionError, type Meter } from './transport.ts'

/** A stream from this machine, had within some milliseconds or as soon as the system gives up. Rejects with `ConnectionError`. */
export function dialLocally(address: Address, meter: Meter, within?: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket =
      address.kind === 'unix' ? createConnection(address.path) : createConnection(address.port, address.host)
    const late =
      within === undefined
        ? undefined
        : setTimeout(() => socket.destroy(new Error(`no connection within ${within / 1000} s`)), within)
    const fail = (error: Error): void => {
      clearTimeout(late)
      reject(new ConnectionError('refused', `nothing answers at ${addressText(address)}: ${error.message}`))
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', fail)
      resolve(counted(socket, meter))
    })
  })
}

/** The same stream, with what goes over it counted. */
export function counted(stream: Duplex, meter: Meter): Duplex {
  meter.channels++
  meter.roundTrips++
  const outer = new Duplex({
    // What one side has ended the other may still answer.
    allowHalfOpen: true,
    read() {
      stream.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      meter.bytesSent += chunk.length
      if (stream.write(chunk)) done()
      else stream.once('drain', done)
    },
    final(done) {
      stream.end(done)
    },
    destroy(error, done) {
      stream.destroy()
      done(error)
    },
  })
  stream.on('data', (chunk: Buffer) => {
    meter.bytesReceived += chunk.length
    if (!outer.push(chunk)) stream.pause()
  })
  let ended = false
  stream.on('end', () => {
    ended = true
    outer.push(null)
  })
  stream.on('error', (error) => outer.destroy(error))
  // What was read but not yet taken is still to be had after an end.
  stream.on('close', () => {
    if (!ended) outer.destroy()
  })
  return outer
}
