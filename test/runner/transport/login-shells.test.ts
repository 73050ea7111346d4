import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { HostConnection } from '../../../runner/transport/connection.ts'
import { startEmbeddedServer } from '../../../runner/transport/embedded-server.ts'
import { openServer } from '../../../runner/transport/embedded.ts'

const directory = mkdtempSync(join(tmpdir(), 'drover-login-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const script = (name: string, text: string): [string, string] => {
  writeFileSync(join(directory, name), text)
  return ['/bin/sh', join(directory, name)]
}
const chatty = script(
  'chatty',
  'echo "Welcome! 1"; printf "no newline"; echo "warning: disk 99%" >&2; exec /bin/sh "$@"\n',
)
const closed = script('closed', 'echo "This account is currently not available."; exit 1\n')
const shells: [string, ...string[]][] = [
  ['/bin/sh'],
  ['/bin/bash', '-l'],
  ['/usr/bin/fish'],
  ['/bin/csh'],
  ['/bin/zsh'],
  chatty,
]

it.each(shells.filter(([file]) => existsSync(file)))(
  'a shell is started by the login shell %s %s, whatever that prints',
  async (...loginShell) => {
    const server = await startEmbeddedServer(loginShell.filter(Boolean) as [string, ...string[]])
    const connection = new HostConnection(await openServer(server), '/bin/sh')
    try {
      const shell = await connection.shell({ kind: 'login' })
      const reply = await shell.request('echo out; echo err >&2; exit 3')
      expect({ ...reply, stdout: reply.stdout.toString(), stderr: reply.stderr.toString() }).toMatchObject({
        status: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      })
      const become = await connection
        .shell({ kind: 'become', method: 'su', user: 'no such; `user` "$(echo x)" \\ %s! \'q\'' })
        .catch((error: Error) => error)
      expect((become as Error).name).toBe('BecomeError')
    } finally {
      await connection.close()
      server.close()
    }
  },
)

it('says what a login shell said that lets nobody in', async () => {
  const server = await startEmbeddedServer(closed)
  const connection = new HostConnection(await openServer(server), '/bin/sh')
  try {
    const shell = await connection.shell({ kind: 'login' })
    await expect(shell.request('true')).rejects.toMatchObject({
      name: 'ConnectionError',
      reason: 'refused',
      message: expect.stringContaining('currently not available') as string,
    })
  } finally {
    await connection.close()
    server.close()
  }
})
