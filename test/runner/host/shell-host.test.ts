import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { ShellHost } from '../../../runner/host/shell-host.ts'
import { connect } from '../../../runner/transport/connect.ts'
import type { Connection } from '../../../runner/transport/transport.ts'
import { startSshd, type TestSshd } from '../transport/sshd.ts'
import { hostContract, type Subject } from './contract.ts'
import { runContract } from './run-contract.ts'

const shells = mkdtempSync(join(tmpdir(), 'drover-shells-'))
const ash = join(shells, 'ash')
symlinkSync('/usr/bin/busybox', ash)
let sshd: TestSshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd?.stop()
  rmSync(shells, { recursive: true, force: true })
})

const ways: readonly [string, () => Promise<Connection>][] = [
  ['local, with /bin/sh', () => connect({ kind: 'local' })],
  ['local, with bash', () => connect({ kind: 'local' }, { shell: '/bin/bash' })],
  ['local, with busybox ash', () => connect({ kind: 'local' }, { shell: ash })],
  ['embedded', () => connect({ kind: 'embedded' })],
  ['ssh', () => connect(sshd.endpoint())],
]

for (const [name, open] of ways) {
  const subject = async (): Promise<Subject> => {
    const connection = await open()
    const directory = mkdtempSync(join(tmpdir(), 'drover-host-'))
    return {
      host: new ShellHost(() => connection.shell({ kind: 'login' })),
      directory,
      close: async () => {
        await connection.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
  hostContract(name, subject)
  runContract(name, subject)
}
