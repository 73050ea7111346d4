import { homedir, userInfo } from 'node:os'
import type { AddressInfo } from 'node:net'
import ssh2, { type ServerChannel } from 'ssh2'
import { startChild } from './child-program.ts'

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
  const host = ssh2.utils.generateKeyPairSync('ed25519')
  const client = ssh2.utils.generateKeyPairSync('ed25519')
  const clientKey = parsed(client.public)
  const server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
    connection.on('authentication', (attempt) => {
      if (attempt.method !== 'publickey' || !attempt.key.data.equals(clientKey.getPublicSSH()))
        return attempt.reject(['publickey'])
      if (!attempt.signature || !attempt.blob) return attempt.accept()
      if (clientKey.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true) attempt.accept()
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
    hostKey: parsed(host.public).getPublicSSH(),
    close: () => void server.close(),
  }
}

async function serve(channel: ServerChannel, argv: readonly [string, ...string[]]): Promise<void> {
  try {
    const program = await startChild(argv, homedir())
    channel.pipe(program.stdin)
    program.stdin.on('error', () => {})
    program.stdout.pipe(channel, { end: false })
    program.stderr.pipe(channel.stderr, { end: false })
    channel.on('close', () => program.drop())
    channel.exit((await program.ended) ?? 255)
  } catch (error) {
    channel.stderr.write(`${String(error)}\n`)
    channel.exit(127)
  }
  channel.end()
}

function parsed(text: string): ssh2.ParsedKey {
  const key = ssh2.utils.parseKey(text) as ssh2.ParsedKey | Error
  if (key instanceof Error) throw key
  return key
}
