import { HostConnection } from './connection.ts'
import type { Line } from './line.ts'
import type { Connection, Endpoint } from './transport.ts'

export interface ConnectOptions {
  /** The POSIX shell that runs scripts on the host: an absolute path; `/bin/sh` where unset. */
  readonly shell?: string
}

/**
 * Opens the line to a host. Rejects with `ConnectionError`, within the endpoint's `connectTimeout`. Close the connection in the end: an
 * open one keeps the process alive. A lost one stays lost: connect again.
 */
export async function connect(endpoint: Endpoint, options: ConnectOptions = {}): Promise<Connection> {
  const open = (): Promise<Line> => openLine(endpoint)
  return new HostConnection(await open(), options.shell ?? '/bin/sh', open)
}

/** Each kind is loaded when it is first needed: what needs no ssh need not wait for it to load. */
async function openLine(endpoint: Endpoint): Promise<Line> {
  switch (endpoint.kind) {
    case 'local':
      return (await import('./local.ts')).openLocal()
    case 'embedded':
      return (await import('./embedded.ts')).openEmbedded()
    case 'ssh':
      return (await import('./ssh.ts')).openSsh(endpoint)
  }
}
