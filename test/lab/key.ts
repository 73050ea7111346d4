import { chmodSync, existsSync, rmSync } from 'node:fs'
import type { Lock } from './lock.ts'
import { run } from './run.ts'

/** Makes a key pair for ssh, unless it is there. */
export async function makeKey(file: string, lock: Lock): Promise<void> {
  if (existsSync(`${file}.pub`)) return
  rmSync(file, { force: true })
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'drover-lab', '-f', file], { lock })
  chmodSync(file, 0o600)
}
