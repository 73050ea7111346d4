import { deviceByTag, isTag } from '../facts/device-by-tag.ts'
import { disk } from '../facts/disk.ts'
import type { Mount } from '../facts/mounts.ts'
import { signature, type Signature } from '../facts/signature.ts'
import { stat } from '../facts/stat.ts'
import type { HostState } from '../module.ts'
import { normalPath } from './fstab-text.ts'
import { isBind } from './mount-options.ts'

/** What a source stands for on the host: a device, a directory, or neither (`tmpfs`, `server:/export`). */
export interface Source {
  /** As the user writes it, and where it leads: tags looked up, links followed. */
  readonly written: string
  readonly path: string
  /** `major:minor`, of a device. */
  readonly device: string | null
  /** True where it is a tag that no device has, or a path where nothing is. */
  readonly missing: boolean
  readonly signature: Signature | null
}

/** Finds out what a source stands for. */
export async function readSource(host: HostState, written: string, options: string): Promise<Source> {
  const unknown: Source = { written, path: written, device: null, missing: false, signature: null }
  if (isTag(written)) {
    const found = await host.get(deviceByTag(written))
    return found === null ? { ...unknown, missing: true } : { ...(await readSource(host, found, options)), written }
  }
  if (!written.startsWith('/')) return unknown
  const isDevice = written.startsWith('/dev/') && !isBind(options)
  const [at, block, found] = await Promise.all([
    host.get(stat(written)),
    isDevice ? host.get(disk(written)) : null,
    isDevice ? host.get(signature(written)) : null,
  ])
  if (at === null) return { ...unknown, missing: true }
  if (at.type === 'link' && at.resolved) return { ...(await readSource(host, at.resolved, options)), written }
  return { ...unknown, path: normalPath(written), device: block?.device ?? null, signature: found }
}

/** Whether this is what is mounted: the same device, directory or name. */
export function isMountOf(mount: Mount, source: Source, options: string, all: readonly Mount[]): boolean {
  if (isBind(options)) {
    const bound = boundFrom(
      source.path,
      all.filter((one) => one !== mount),
    )
    return bound !== null && mount.device === bound.device && normalPath(mount.root) === bound.root
  }
  if (source.device !== null && source.device !== '' && mount.device === source.device) return true
  const names = [source.written, source.path].map(normalPath)
  return names.includes(normalPath(mount.source))
}

/** The filesystem that a directory is in, and where in it: what a bind mount of the directory shows. */
export function boundFrom(path: string, all: readonly Mount[]): Mount | null {
  const around = all
    .filter((one) => isInside(path, one.target))
    .toSorted((a, b) => a.target.length - b.target.length)
    .at(-1)
  if (!around) return null
  const rest = path.slice(around.target === '/' ? 0 : around.target.length)
  return { ...around, root: normalPath(`${around.root}/${rest}`) }
}

const isInside = (path: string, directory: string): boolean =>
  path === directory || directory === '/' || path.startsWith(`${directory}/`)

/** The mount points inside a directory, which keep it from being unmounted. */
export const mountedBeneath = (all: readonly Mount[], path: string): readonly string[] =>
  all.filter((one) => one.target !== path && isInside(one.target, path)).map((one) => one.target)
