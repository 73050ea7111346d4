import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { connect } from '../../../runner/transport/connect.ts'
import { transportContract } from './contract.ts'
import { startSshd, type TestSshd } from './sshd.ts'

const directory = mkdtempSync(join(tmpdir(), 'drover-shells-'))
const ash = join(directory, 'ash')
symlinkSync('/usr/bin/busybox', ash)

let sshd: TestSshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(async () => {
  await sshd?.stop()
  rmSync(directory, { recursive: true, force: true })
})

transportContract('local, with /bin/sh', () => connect({ kind: 'local' }), 0)
transportContract('local, with bash', () => connect({ kind: 'local' }, { shell: '/bin/bash' }), 0)
transportContract('local, with busybox ash', () => connect({ kind: 'local' }, { shell: ash }), 0)
transportContract('embedded', () => connect({ kind: 'embedded' }), 2)
transportContract('ssh', () => connect(sshd.endpoint()), 2)
