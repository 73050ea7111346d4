import { checksum } from '../facts/checksum.ts'
import { content } from '../facts/content.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { tree, type TreeEntry } from '../facts/tree.ts'
import { UnknownFact, type HostState } from '../module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { beneath, becomes, stale, type Effect, type Step } from '../step.ts'

/** What is known once nothing is at a path, nor below it. */
const goneEffects = (path: string): readonly Effect[] => [
  becomes(stat(path), null),
  becomes(content(path), null),
  becomes(checksum(path), null),
  beneath(path, 'absent'),
]

/** What is known once something else than before is at a path, but not its content. */
export const replacedEffects = (path: string, now: FileStat): readonly Effect[] => [
  becomes(stat(path), now),
  stale(content(path)),
  stale(checksum(path)),
]

/** What is known once a host's own program has written a file at a path: nothing. */
export const writtenEffects = (path: string): readonly Effect[] => [
  stale(stat(path)),
  stale(content(path)),
  stale(checksum(path)),
]

/** The step that removes what is at a path, a directory with all that is in it. */
export function removeStep(path: string, current: FileStat): Step {
  const directory = current.type === 'directory'
  return {
    change: { subject: path, verb: 'remove', attributes: [{ name: 'state', before: current.type, after: 'absent' }] },
    actions: [{ do: 'remove', path, ...(directory ? { recursive: true } : {}) }],
    effects: goneEffects(path),
  }
}

/** What Ansible returns of a file. Place-holders of a prediction are left out. */
export function statResult(found: FileStat | null): JsonObject {
  if (found === null) return { state: 'absent' }
  return {
    state: found.type,
    mode: found.mode,
    owner: found.owner,
    group: found.group,
    ...(found.type === 'directory' ? {} : { size: found.size }),
    ...(found.uid < 0 ? {} : { uid: found.uid }),
    ...(found.gid < 0 ? {} : { gid: found.gid }),
  }
}

/** What is below a directory. Of one that is only predicted (its inode is a place-holder), nobody can say: rejects with `UnknownFact`. */
export async function treeOf(host: HostState, path: string, directory: FileStat): Promise<readonly TreeEntry[]> {
  const fact = tree(path)
  if (directory.inode === 0) throw new UnknownFact(fact.key)
  return (await host.get(fact)) ?? []
}
