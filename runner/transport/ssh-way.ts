import { Duplex } from 'node:stream'
import { startChild } from './child-program.ts'
import type { SshLine } from './ssh-line.ts'
import type { Way } from './ssh-target.ts'

/** A program of the controller whose input and output are the connection: ssh_config(5), ProxyCommand. */
export async function proxyWay(command: string): Promise<Way> {
  const program = await startChild(['/bin/sh', '-c', `exec ${command}`])
  let said = ''
  program.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000)
  })
  const stream = Duplex.from({ readable: program.stdout, writable: program.stdin })
  stream.on('error', () => {})
  return {
    stream,
    explain: () => `ProxyCommand ${command} said: ${said.trim() === '' ? 'nothing' : said.trim()}`,
    release() {
      stream.destroy()
      program.drop()
    },
  }
}

/** Connections to jump hosts that are in use, each shared by all that go through it and closed when the last has gone. */
const jumps = new Map<string, { readonly opening: Promise<SshLine>; users: number }>()

/** A connection through a jump host; `key` says which, `open` opens it where it is not open yet. */
export async function jumpWay(key: string, open: () => Promise<SshLine>, host: string, port: number): Promise<Way> {
  const used = jumps.get(key) ?? { opening: open(), users: 0 }
  jumps.set(key, used)
  used.users++
  let released = false
  const release = (): void => {
    if (released) return
    released = true
    used.users--
    if (used.users > 0) return
    if (jumps.get(key) === used) jumps.delete(key)
    void used.opening.then(
      (line) => line.close(),
      () => {},
    )
  }
  try {
    const line = await used.opening
    void line.closed.finally(() => {
      if (jumps.get(key) === used) jumps.delete(key)
    })
    const stream = await line.forward(host, port)
    return {
      stream,
      release() {
        stream.destroy()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}
