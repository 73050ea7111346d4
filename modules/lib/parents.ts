import { posix } from 'node:path'
import type { Creator } from '../facts/creator.ts'
import { stat } from '../facts/stat.ts'
import type { HostState } from '../module.ts'
import { beneath, becomes, type Ownership, type Step } from '../step.ts'
import { resolveMode } from './modes.ts'
import { predictedStat } from './ownership.ts'

/** What is on the way to a path. */
export interface Way {
  /** Directories that are not there, outermost first. */
  readonly missing: readonly string[]
  /** Something on the way that is no directory, so that nothing can be below it; null where there is none. */
  readonly blocked: string | null
}

/** Looks at all directories above a path, in one batch. */
export async function wayTo(host: HostState, path: string): Promise<Way> {
  const above = ancestors(path)
  const stats = await Promise.all(above.map((directory) => host.get(stat(directory))))
  const blocked = above.find((_, index) => {
    const found = stats[index]
    return (
      found !== null &&
      found !== undefined &&
      found.type !== 'directory' &&
      (found.type !== 'link' || found.resolved === null)
    )
  })
  return {
    missing: blocked === undefined ? above.filter((_, index) => stats[index] === null) : [],
    blocked: blocked ?? null,
  }
}

/** The directories above a path, outermost first, without the root. */
function ancestors(path: string): readonly string[] {
  const parent = posix.dirname(path)
  return parent === path || parent === '/' || parent === '.' ? [] : [...ancestors(parent), parent]
}

/** The step that makes one directory whose parent is there. */
export function makeDirectory(path: string, ownership: Ownership, by?: Creator): Step {
  const made = predictedStat('directory', ownership, by)
  const mode = ownership.mode === undefined ? {} : { mode: directoryMode(made.mode) }
  const names = (['mode', 'owner', 'group'] as const).filter((name) => ownership[name] !== undefined)
  const attributes = names.map((name) => ({
    name,
    before: null,
    after: name === 'mode' ? made.mode : (ownership[name] ?? null),
  }))
  return {
    change: {
      subject: path,
      verb: 'create',
      attributes: [{ name: 'state', before: 'absent', after: 'directory' }, ...attributes],
    },
    actions: [{ do: 'directory', path, ...ownership, ...mode }],
    effects: [becomes(stat(path), made), beneath(path, 'absent')],
  }
}

/** Five digits: chmod of coreutils leaves a directory's set-id bits alone where it is given fewer. */
export const directoryMode = (mode: string): string => `0${resolveMode(mode, { mode: '0000', directory: true })}`
