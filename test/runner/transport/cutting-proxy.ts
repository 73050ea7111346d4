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
  /** Round trips so far: times that a client spoke after the target had been the last to speak, or first of all. */
  readonly turns: number
  /** Breaks all connections now, as a reset does. New ones are taken as before. */
  cutNow(): void
  /** Breaks all connections when `bytes` more have passed upwards; the last piece is cut short to that. */
  cutAfterBytes(bytes: number): void
  /**
   * Breaks all connections at the `turn`th round trip from now: `before` the target hears of it, or `after`, when its answer comes, which
   * is not passed on. With `forGood`, connections are refused from then on, until `listen`.
   */
  cutAtTurn(turn: number, when: 'before' | 'after', forGood?: boolean): void
  /** True while a cut that was asked for has not come to pass. */
  readonly isCutComing: boolean
  /** Takes connections again after a cut for good; a cut that has not come to pass will not. */
  listen(): Promise<void>
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
  let turns = 0
  let cut: { readonly turn: number; readonly when: 'before' | 'after'; readonly forGood: boolean } | undefined
  let frozen = false
  const cutNow = (): void => {
    left = Infinity
    for (const socket of sockets) socket.resetAndDestroy()
    sockets.clear()
  }
  const cutTurn = (when: 'before' | 'after'): boolean => {
    if (cut?.turn !== turns || cut.when !== when) return false
    if (cut.forGood) server.close()
    cut = undefined
    cutNow()
    return true
  }
  const server = createServer((client) => {
    let speaker: 'client' | 'target' = 'target'
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
      if (speaker === 'target') turns++
      speaker = 'client'
      if (cutTurn('before')) return
      const passed = chunk.subarray(0, left)
      counts.bytesUp += passed.length
      left -= passed.length
      target.write(passed)
      if (left <= 0) cutNow()
    })
    target.on('data', (chunk: Buffer) => {
      // The target speaks first: its greeting answers nothing.
      if (speaker === 'client' && cutTurn('after')) return
      speaker = 'target'
      counts.bytesDown += chunk.length
      client.write(chunk)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    get bytesUp() {
      return counts.bytesUp
    },
    get bytesDown() {
      return counts.bytesDown
    },
    get connections() {
      return counts.connections
    },
    get turns() {
      return turns
    },
    cutNow,
    cutAtTurn(turn, when, forGood = false) {
      cut = { turn: turns + turn, when, forGood }
    },
    cutAfterBytes(bytes) {
      left = bytes
    },
    get isCutComing() {
      return cut !== undefined
    },
    async listen() {
      cut = undefined
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
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
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
