import { HostConnection } from './connection.ts'
import { openEmbedded } from './embedded.ts'
import type { Line } from './line.ts'
import { openLocal } from './local.ts'
import { openSsh } from './ssh.ts'
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
  return new HostConnection(await openLine(endpoint), options.shell ?? '/bin/sh')
}

function openLine(endpoint: Endpoint): Promise<Line> | Line {
  switch (endpoint.kind) {
    case 'local':
      return openLocal()
    case 'embedded':
      return openEmbedded()
    case 'ssh':
      return openSsh(endpoint)
  }
}
