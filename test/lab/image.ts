import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loopsOf } from './disks.ts'
import { locked } from './lock.ts'
import { cache, cacheLock } from './paths.ts'
import type { Lock } from './lock.ts'
import { run } from './run.ts'

/** Packages that were downloaded. */
export const debs = join(cache, 'debs')
const here = dirname(fileURLToPath(import.meta.url))
const builder = join(here, 'build-image.sh')

/** Names the image by all that goes into it, so that a change of that builds a new one. */
function imageFile(): string {
  const hash = createHash('sha256')
  for (const file of [builder, ...filesBelow(join(here, 'guest'))])
    hash.update(file.slice(here.length)).update(readFileSync(file))
  return join(cache, `store-${hash.digest('hex').slice(0, 12)}.xfs`)
}

function filesBelow(dir: string): string[] {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true })
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).toSorted()
}

/** Builds the image unless it is there (one to three minutes), and gives its path. */
export function ensureImage(): Promise<string> {
  return locked(cacheLock, async (lock) => {
    const image = imageFile()
    if (existsSync(image)) return image
    await removeImages()
    const part = `${image}.part`
    await runAlone([builder, part, debs], lock)
    renameSync(part, image)
    return image
  })
}

/** Runs what builds something in mount and pid namespaces of its own, which end with this process. */
export async function runAlone(argv: readonly string[], lock: Lock): Promise<void> {
  const alone = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ]
  const env = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' }
  await run([...alone, ...argv], { lock, show: true, env })
}

/** Removes what the cache has of images that no lab uses, half-built ones too. */
async function removeImages(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  for (const name of readdirSync(cache)) {
    const file = join(cache, name)
    if (name.startsWith('store-') && (await loopsOf(file)).length === 0) rmSync(file, { recursive: true })
  }
}

/** Removes all that the cache has; images that another lab uses stay. */
export function purgeCache(): Promise<void> {
  return locked(cacheLock, async () => {
    await removeImages()
    rmSync(debs, { recursive: true, force: true })
  })
}
