import { join } from 'node:path'
import { Lock } from './lock.ts'
import { runtime } from './paths.ts'

/**
 * Waits until no other suite's hosts swap, and keeps it so until this process ends: all containers share the kernel's one table of swap
 * areas. To be awaited before the suites of a file are defined.
 */
export async function holdSwap(): Promise<void> {
  await Lock.take(join(runtime, 'swap'))
}
