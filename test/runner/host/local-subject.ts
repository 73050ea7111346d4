import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShellHost } from '../../../runner/host/shell-host.ts'
import { connect, type ConnectOptions } from '../../../runner/transport/connect.ts'
import type { Connection, Reply, Shell } from '../../../runner/transport/transport.ts'
import type { Subject } from './contract.ts'

export interface LocalSubject extends Subject {
  readonly connection: Connection
  readonly shell: Shell
  at(path: string): string
  /** Runs a script beside the host. */
  sh(script: string): Promise<Reply>
}

export interface LocalOptions extends ConnectOptions {
  /** Put before each script. */
  readonly preamble?: string
  readonly readDeadline?: number
}

/** This machine as a host, with a directory of the test's own. */
export async function localSubject({
  preamble = '',
  readDeadline,
  ...options
}: LocalOptions = {}): Promise<LocalSubject> {
  const connection = await connect({ kind: 'local' }, options)
  const shell = await connection.shell({ kind: 'login' })
  const directory = mkdtempSync(join(tmpdir(), 'drover-host-'))
  const prefixed: Shell = { request: (script, more) => shell.request(`${preamble}\n${script}`, more) }
  return {
    host: new ShellHost(() => Promise.resolve(prefixed), readDeadline === undefined ? {} : { readDeadline }),
    directory,
    connection,
    shell,
    at: (path) => join(directory, path),
    sh: (script) => shell.request(script),
    close: async () => {
      await connection.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
