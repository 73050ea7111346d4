import type { Duplex } from 'node:stream'

/**
 * Has a stream write in one go what is written to it at once: ssh2 gives each packet in three pieces, each of which would else cost a
 * system call, a packet on the wire and a wake-up of the host. Gives the stream.
 */
export function writeTogether<Stream extends Duplex>(stream: Stream): Stream {
  const write = stream.write.bind(stream) as (...args: readonly unknown[]) => boolean
  let corked = false
  stream.write = (...args: readonly unknown[]): boolean => {
    if (!corked) {
      corked = true
      stream.cork()
      process.nextTick(() => {
        corked = false
        stream.uncork()
      })
    }
    return write(...args)
  }
  return stream
}
