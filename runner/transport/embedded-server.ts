import { homedir, userInfo } from 'node:os'
import type { AddressInfo } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import ssh2, { type ServerChannel } from 'ssh2'
import { startChild } from './child-program.ts'
import { makeKeyPair } from './key-pair.ts'

/** An SSH server of this process on the loopback interface, for this process alone: keys made on the spot, the process's own user. */
export interface EmbeddedServer {
  readonly port: number
  readonly user: string
  /** The client's key, in OpenSSH's format. */
  readonly clientKey: string
  /** The host's public key in the wire format. */
  readonly hostKey: Buffer
  close(): void
}

/** Starts one. `loginShell` is what runs commands, given `-c COMMAND` as sshd gives it. */
export async function startEmbeddedServer(
  loginShell: readonly [string, ...string[]] = ['/bin/sh'],
): Promise<EmbeddedServer> {
  const host = makeKeyPair()
  const client = makeKeyPair()
  const server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
    connection.on('authentication', (attempt) => {
      if (attempt.method !== 'publickey' || !attempt.key.data.equals(client.public.getPublicSSH()))
        return attempt.reject(['publickey'])
      if (!attempt.signature || !attempt.blob) return attempt.accept()
      // An error, which the types leave out, is no yes.
      const verified: unknown = client.public.verify(attempt.blob, attempt.signature, attempt.hashAlgo)
      if (verified === true) attempt.accept()
      else attempt.reject(['publickey'])
    })
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        void serve(acceptExec(), [...loginShell, '-c', command])
      })
    })
    connection.on('error', () => {})
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    user: userInfo().username,
    clientKey: client.private,
    hostKey: host.public.getPublicSSH(),
    close: () => void server.close(),
  }
}

async function serve(channel: ServerChannel, argv: readonly [string, ...string[]]): Promise<void> {
  try {
    const program = await startChild(argv, homedir())
    channel.pipe(program.stdin)
    program.stdin.on('error', () => {})
    // One write at a time: when both streams wait for the channel's window, ssh2 goes on with one of them only.
    let turn = Promise.resolve()
    const relay = (from: Readable, to: Writable): void => {
      from.on('data', (chunk: Buffer) => {
        from.pause()
        turn = turn.then(() => written(to, chunk)).then(() => void from.resume())
      })
    }
    relay(program.stdout, channel)
    relay(program.stderr, channel.stderr)
    channel.on('close', () => program.drop())
    const status = await program.ended
    await turn
    channel.exit(status ?? 255)
  } catch (error) {
    channel.stderr.write(`${String(error)}\n`)
    channel.exit(127)
  }
  channel.end()
}

function written(to: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    to.write(chunk, () => resolve())
  })
}
