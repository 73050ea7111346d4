import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Lock } from './lock.ts'
import { address, inNetwork } from './network.ts'
import { labPaths } from './paths.ts'
import { LabError } from './run.ts'

/** What the forwarder's process is told with each listening socket. */
export interface Forward {
  readonly lab: string
  /** The part of the lab that the process belongs to. */
  readonly part: string
  readonly address: string
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const program = fileURLToPath(new URL('forwarder.ts', import.meta.url))

/**
 * Makes each node's SSH port reachable on 127.0.0.1, and gives the ports. The sockets are opened here and handed to a process inside
 * the lab's network: it accepts on this side and connects on the other, and goes on after this process has ended.
 */
export async function startForward(
  lab: string,
  wanted: ReadonlyMap<string, number>,
  lock: Lock,
  part = 'forward',
): Promise<Map<string, number>> {
  const servers = new Map<string, Server>()
  const log = openSync(labPaths(lab).forwardLog, 'a')
  const [command = '', ...words] = inNetwork(lab, [process.execPath, '--import', loader, program])
  const child = spawn(command, words, { detached: true, stdio: ['ignore', log, log, 'ipc', lock.fd] })
  try {
    for (const [node, port] of wanted) servers.set(node, await listen(node, port))
    const answered = new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', () => reject(new LabError(`the forwarder ended at once: see ${labPaths(lab).forwardLog}`)))
      child.on('message', () => resolve())
    })
    for (const [node, server] of servers) child.send({ lab, part, address: address(node) } satisfies Forward, server)
    child.send('begin')
    await answered
    return new Map([...servers].map(([node, server]) => [node, (server.address() as AddressInfo).port]))
  } finally {
    for (const server of servers.values()) server.close()
    if (child.connected) child.disconnect()
    child.unref()
    closeSync(log)
  }
}

function listen(node: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LabError(
          `cannot listen on 127.0.0.1:${port} for ${node} (${error.code}): end the program that uses this port`,
        ),
      ),
    )
    server.listen({ host: '127.0.0.1', port, backlog: 512 }, () => resolve(server))
  })
}
