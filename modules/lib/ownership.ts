import type { Creator } from '../facts/creator.ts'
import type { FileStat } from '../facts/stat.ts'
import type { AttributeChange, Ownership } from '../step.ts'
import { resolveMode } from './modes.ts'

/** Who makes files where a module did not ask: the usual case, root with the usual umask. */
export const ROOT: Creator = { uid: 0, gid: 0, owner: 'root', group: 'root', umask: '0022', home: '/root' }

/** What of a wanted ownership an existing file lacks: changes to show, and what an action has to set. Both empty: nothing. */
export interface OwnershipDrift {
  readonly attributes: readonly AttributeChange[]
  readonly set: Ownership
}

/** Compares: digits with ids, anything else with names; a symbolic mode by what it makes of the mode there is. */
export function ownershipDrift(current: FileStat, wanted: Ownership, umask?: string): OwnershipDrift {
  const attributes: AttributeChange[] = []
  const set: { mode?: string; owner?: string; group?: string } = {}
  if (wanted.mode !== undefined && current.type !== 'link') {
    const mode = wantedMode(wanted.mode, current, umask)
    if (mode !== current.mode) {
      attributes.push({ name: 'mode', before: current.mode, after: mode })
      set.mode = mode
    }
  }
  if (wanted.owner !== undefined && !isOwner(wanted.owner, current.uid, current.owner)) {
    attributes.push({ name: 'owner', before: current.owner, after: wanted.owner })
    set.owner = wanted.owner
  }
  if (wanted.group !== undefined && !isOwner(wanted.group, current.gid, current.group)) {
    attributes.push({ name: 'group', before: current.group, after: wanted.group })
    set.group = wanted.group
  }
  return { attributes, set }
}

const wantedMode = (mode: string, current: FileStat, umask?: string): string =>
  resolveMode(mode, {
    mode: current.mode,
    directory: current.type === 'directory',
    ...(umask === undefined ? {} : { umask }),
  })

const isOwner = (wanted: string, id: number, name: string): boolean =>
  /^\d+$/.test(wanted) ? Number(wanted) === id : wanted === name

/** A file's stat after its ownership was set. */
export function withOwnership(current: FileStat, set: Ownership, umask?: string): FileStat {
  const owner = set.owner === undefined ? null : idAndName(set.owner, current.uid, current.owner)
  const group = set.group === undefined ? null : idAndName(set.group, current.gid, current.group)
  return {
    ...current,
    ...(set.mode === undefined ? {} : { mode: wantedMode(set.mode, current, umask) }),
    ...(owner === null ? {} : { uid: owner.id, owner: owner.name }),
    ...(group === null ? {} : { gid: group.id, group: group.name }),
  }
}

/** Id and name of a wanted owner, as far as they are known: -1 for the id of a name that the host was not asked for. */
function idAndName(wanted: string, id: number, name: string): { readonly id: number; readonly name: string } {
  if (isOwner(wanted, id, name)) return { id, name }
  if (wanted === '0' || wanted === 'root') return { id: 0, name: 'root' }
  return /^\d+$/.test(wanted) ? { id: Number(wanted), name: wanted } : { id: -1, name: wanted }
}

/**
 * What is predicted of something that will be new at a path. The mode without a wanted one is what the umask leaves of 0666, or of 0777
 * for a directory. Inode, device and time are place-holders (0): a real run reads them back.
 */
export function predictedStat(
  type: 'file' | 'directory' | 'link',
  wanted: Ownership,
  by: Creator = ROOT,
  details: Partial<FileStat> = {},
): FileStat {
  const free = ~Number.parseInt(by.umask, 8)
  const mode = type === 'link' ? 0o777 : (type === 'directory' ? 0o777 : 0o666) & free
  const made: FileStat = {
    type,
    mode: mode.toString(8).padStart(4, '0'),
    uid: by.uid,
    gid: by.gid,
    owner: by.owner,
    group: by.group,
    size: 0,
    mtime: 0,
    inode: 0,
    device: 0,
    links: type === 'directory' ? 0 : 1,
  }
  return withOwnership({ ...made, ...details }, wanted, by.umask)
}
