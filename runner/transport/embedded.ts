import { dialLocally } from './dial.ts'
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.ts'
import type { Line } from './line.ts'
import { algorithms } from './ssh-algorithms.ts'
import { SshLine } from './ssh-line.ts'
import { ConnectionError } from './transport.ts'

let running: { readonly starting: Promise<EmbeddedServer>; users: number } | undefined

/** Connects to the server in this process, which is started for the first connection and closed after the last. */
export async function openEmbedded(): Promise<Line> {
  running ??= { starting: startEmbeddedServer(), users: 0 }
  const used = running
  used.users++
  let released = false
  const release = async (): Promise<void> => {
    if (released) return
    released = true
    used.users--
    if (used.users > 0) return
    if (running === used) running = undefined
    const server = await used.starting
    server.close()
  }
  try {
    const line = await openServer(await used.starting)
    return {
      meter: line.meter,
      get lost() {
        return line.lost
      },
      start: (command) => line.start(command),
      // The host is this machine.
      dial: (address) => dialLocally(address, line.meter),
      async close() {
        await line.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Connects to an embedded server, whose key is known. */
export function openServer({ port, user, clientKey, hostKey }: EmbeddedServer): Promise<SshLine> {
  return SshLine.open({
    label: `the embedded server (127.0.0.1:${port}, user ${user})`,
    host: '127.0.0.1',
    port,
    user,
    algorithms: algorithms(undefined, []),
    credentials: {
      attempts: [{ label: 'its key', method: { type: 'publickey', username: user, key: clientKey } }],
      notes: [],
    },
    connectTimeout: 10_000,
    aliveTimeout: undefined,
    refuse: async (key) =>
      key.equals(hostKey)
        ? undefined
        : new ConnectionError('host-key', 'the embedded server shows another key than its own'),
    way: undefined,
  })
}
