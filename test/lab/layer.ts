import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { debs, runAlone } from './image.ts'
import { locked, type Lock } from './lock.ts'
import { cacheLock, labPaths } from './paths.ts'
import { run } from './run.ts'

/** Services that a node may have beyond the image: a script in `layers/`. */
export type Layer = 'mariadb' | 'keystone' | 'swift' | 'octavia' | 'nova' | 'pip' | 'selinux'

const here = dirname(fileURLToPath(import.meta.url))
const builder = join(here, 'build-layer.sh')

/** Builds a layer unless the lab's store has it (about a minute), and gives the image of a node's root with it. */
export async function ensureLayer(lab: string, layer: Layer, lock: Lock): Promise<string> {
  const script = join(here, 'layers', `${layer}.sh`)
  const hash = createHash('sha256').update(readFileSync(builder)).update(readFileSync(script)).digest('hex')
  const { store } = labPaths(lab)
  const image = join(store, 'layers', `${layer}-${hash.slice(0, 12)}.ext4`)
  await locked(cacheLock, async () => {
    if (existsSync(image)) return
    mkdirSync(dirname(image), { recursive: true })
    const part = `${image}.part`
    await run(['cp', '--reflink=always', join(store, 'base.ext4'), part], { lock })
    await runAlone([builder, part, script, debs], lock)
    renameSync(part, image)
  })
  return image
}
