import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A TCP proxy on the loopback interface that counts what passes and breaks connections on demand. It knows nothing of ssh: bytes are
 * those on the wire.
 */
export interface CuttingProxy {
  readonly port: number
  /** Bytes so far from clients to the target, and back. */
  readonly bytesUp: number
  readonly bytesDown: number
  /** Connections so far. */
  readonly connections: number
  /** Breaks all connections now, as a reset does. New ones are taken as before. */
  cutNow(): void
  /** Breaks all connections when `bytes` more have passed upwards; the last piece is cut short to that. */
  cutAfterBytes(bytes: number): void
  /** Passes nothing on any more, and keeps the connections open: a frozen host, or a pulled cable. `false` lets all through again. */
  freeze(frozen: boolean): void
  /** Refuses this many of the next connections, by a reset before anything is said: as sshd's MaxStartups does. */
  dropNext(connections: number): void
  stop(): Promise<void>
}

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  const counts = { bytesUp: 0, bytesDown: 0, connections: 0 }
  let left = Infinity
  let drops = 0
  let frozen = false
  const cutNow = (): void => {
    left = Infinity
    for (const socket of sockets) socket.resetAndDestroy()
    sockets.clear()
  }
  const server = createServer((client) => {
    counts.connections++
    client.on('error', () => {})
    if (drops > 0) {
      drops--
      client.resetAndDestroy()
      return
    }
    const target = connect(targetPort, '127.0.0.1')
    target.on('error', () => {})
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => {
        sockets.delete(socket)
        const other = socket === client ? target : client
        other.end()
      })
      if (frozen) socket.pause()
    }
    client.on('data', (chunk: Buffer) => {
      const passed = chunk.subarray(0, left)
      counts.bytesUp += passed.length
      left -= passed.length
      target.write(passed)
      if (left <= 0) cutNow()
    })
    target.on('data', (chunk: Buffer) => {
      counts.bytesDown += chunk.length
      client.write(chunk)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get bytesUp() {
      return counts.bytesUp
    },
    get bytesDown() {
      return counts.bytesDown
    },
    get connections() {
      return counts.connections
    },
    cutNow,
    cutAfterBytes(bytes) {
      left = bytes
    },
    freeze(now) {
      frozen = now
      for (const socket of sockets) {
        if (now) socket.pause()
        else socket.resume()
      }
    },
    dropNext(connections) {
      drops = connections
    },
    async stop() {
      cutNow()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
