import { posix } from 'node:path'
import type { Creator } from '../facts/creator.ts'
import type { FileStat } from '../facts/stat.ts'
import { stat } from '../facts/stat.ts'
import type { FileTimes } from '../facts/times.ts'
import type { TreeEntry } from '../facts/tree.ts'
import { becomes, stale, type Ownership, type Step } from '../step.ts'
import { removeStep, replacedEffects } from './file-effects.ts'
import { predictedStat } from './ownership.ts'
import { makeDirectory, type Way } from './parents.ts'
import { linkEnd, setOwnership, writeFile, sha256 } from './replace-file.ts'

/** What `file` sees of its path. */
export interface FileState {
  readonly path: string
  readonly at: FileStat | null
  /** Where the path leads, if links are followed: the path itself, or the end of the link that is there. */
  readonly real: string
  readonly realStat: FileStat | null
  readonly way: Way
  readonly creator: Creator
  /** What is below the directory, where that was asked for. */
  readonly tree: readonly TreeEntry[] | null
  /** What links below the directory lead to, where `recurse` follows them: final paths with their stat. */
  readonly linked: readonly TreeEntry[]
  readonly times: FileTimes | null
  /** What `src` names, links followed. */
  readonly source: { readonly path: string; readonly stat: FileStat | null } | null
}
export interface FileWanted {
  readonly ownership: Ownership
  readonly src?: string | undefined
  readonly follow: boolean
  readonly force: boolean
  /** `now`, `preserve` or local time as touch(1) takes it. */
  readonly accessTime: string
  readonly modificationTime: string
}
/** Steps and what is then at the path that counts, or why not. */
export type FilePlan = { readonly steps: readonly Step[]; readonly at: FileStat | null } | { readonly problem: string }

export function planAbsent({ path, at }: FileState): FilePlan {
  if (path === '/') return { problem: 'the root directory is not removed' }
  return { steps: at === null ? [] : [removeStep(path, at)], at: null }
}

export function planDirectory(state: FileState, wanted: FileWanted, recurse: boolean): FilePlan {
  const { real, realStat, way, creator } = state
  if (realStat === null) {
    if (way.blocked !== null) return { problem: `${real} cannot be made: ${way.blocked} is not a directory` }
    const steps = [...way.missing, real].map((directory) => makeDirectory(directory, wanted.ownership, creator))
    return { steps, at: predictedStat('directory', wanted.ownership, creator) }
  }
  if (realStat.type !== 'directory') return { problem: `${real} already exists as a ${realStat.type}` }
  const below = recurse ? [...(state.tree ?? []), ...state.linked] : []
  const steps = [{ path: real, stat: realStat }, ...below].flatMap((entry) =>
    owned(entry.path, entry.stat, wanted.ownership, creator),
  )
  return { steps: [...steps, ...touched(state, wanted)], at: afterSteps(realStat, real, steps) }
}

export function planFile(state: FileState, wanted: FileWanted, explicit: boolean): FilePlan {
  const { path, at, real, realStat, creator } = state
  // A link that leads nowhere is left as it is where no state was asked for.
  if (at !== null && realStat === null && !explicit) return { steps: [], at }
  if (realStat === null)
    return {
      problem: `file (${real}) is absent, cannot continue: state: touch makes an empty one, copy one with content`,
    }
  if (explicit && realStat.type !== 'file') return { problem: `file (${path}) is a ${realStat.type}, cannot continue` }
  const steps = owned(real, realStat, wanted.ownership, creator)
  return { steps: [...steps, ...touched(state, wanted)], at: afterSteps(realStat, real, steps) }
}

export function planTouch(state: FileState, wanted: FileWanted): FilePlan {
  const { real, realStat, way, creator, path } = state
  if (realStat !== null) {
    const steps = owned(real, realStat, wanted.ownership, creator)
    return { steps: [...steps, ...touched(state, wanted)], at: afterSteps(realStat, real, steps) }
  }
  const lacking = way.blocked ?? way.missing[0]
  if (lacking !== undefined) return { problem: `${path} cannot be made: ${lacking} is not a directory` }
  const empty = Buffer.alloc(0)
  const step = writeFile({
    path: real,
    via: path,
    link: state.at,
    stat: null,
    before: null,
    content: { kind: 'bytes', bytes: empty },
    size: 0,
    sha256: sha256(empty),
    ownership: wanted.ownership,
    creator,
  })
  const made = { ...state, realStat: predictedStat('file', wanted.ownership, creator) }
  const dated = [wanted.accessTime, wanted.modificationTime].some((time) => time !== 'now' && time !== 'preserve')
  return { steps: [step, ...(dated ? touched(made, wanted) : [])], at: made.realStat }
}

export function planLink(state: FileState, wanted: FileWanted): FilePlan {
  const { path, at, way, creator } = state
  const target = wanted.src ?? (at?.type === 'link' ? at.target : undefined)
  if (target === undefined) return { problem: 'src is required for creating new symlinks' }
  if (at?.type === 'link' && at.target === target) return linkOwnership(state, wanted, at)
  if (!wanted.force && state.source?.stat === null) {
    return {
      problem: `src file does not exist, use "force: true" if you really want to create the link: ${state.source.path}`,
    }
  }
  const obstacle = inTheWay(state, wanted, 'symlink')
  if (obstacle !== null) return { problem: obstacle }
  const lacking = way.blocked ?? way.missing[0]
  if (lacking !== undefined) return { problem: `${path} cannot be made: ${lacking} is not a directory` }
  const { mode: _mode, ...ownership } = wanted.ownership
  const resolved = state.source?.stat ? state.source.path : null
  const made = predictedStat('link', wanted.follow ? {} : ownership, creator, {
    target,
    resolved,
    size: Buffer.byteLength(target),
  })
  const step: Step = {
    change: {
      subject: path,
      verb: at === null ? 'create' : 'update',
      attributes: [
        ...(at?.type === 'link' ? [] : [{ name: 'state', before: at?.type ?? 'absent', after: 'link' }]),
        { name: 'target', before: at?.target ?? null, after: target },
      ],
    },
    actions: [{ do: 'link', path, target }],
    effects: replacedEffects(path, made),
  }
  const cleared = at?.type === 'directory' ? [removeStep(path, at)] : []
  const after = linkOwnership(
    { ...state, at: made, real: linkEnd(path, made), realStat: state.source?.stat ?? null },
    wanted,
    predictedStat('link', {}, creator, made),
  )
  return 'problem' in after ? after : { steps: [...cleared, step, ...after.steps], at: made }
}

/** With `follow`, mode and owner are those of what the link leads to; otherwise the owner is the link's own. */
function linkOwnership(state: FileState, wanted: FileWanted, link: FileStat): FilePlan {
  const { mode: _mode, ...ownership } = wanted.ownership
  if (!wanted.follow) return { steps: owned(state.path, link, ownership, state.creator), at: link }
  return {
    steps: state.realStat === null ? [] : owned(state.real, state.realStat, wanted.ownership, state.creator),
    at: link,
  }
}

export function planHard(state: FileState, wanted: FileWanted): FilePlan {
  const { path, at, way, source, creator } = state
  if (source === null) return { problem: 'src is required for creating new hardlinks' }
  if (source.stat === null) return { problem: `src does not exist: ${source.path}` }
  if (source.stat.type === 'directory') return { problem: `a directory cannot have another name: ${source.path}` }
  // A predicted inode is 0 and says nothing.
  const same = at !== null && at.inode !== 0 && at.inode === source.stat.inode && at.device === source.stat.device
  if (same) {
    const steps = owned(path, at, wanted.ownership, creator)
    return { steps, at: afterSteps(at, path, steps) }
  }
  if (at !== null && at.type !== 'directory' && !wanted.force)
    return { problem: 'Cannot link, file exists at destination: force: true replaces it' }
  const obstacle = inTheWay(state, wanted, 'hard link')
  if (obstacle !== null) return { problem: obstacle }
  const lacking = way.blocked ?? way.missing[0]
  if (lacking !== undefined) return { problem: `${path} cannot be made: ${lacking} is not a directory` }
  const made = { ...source.stat, links: source.stat.links + 1 }
  const step: Step = {
    change: {
      subject: path,
      verb: at === null ? 'create' : 'update',
      attributes: [{ name: 'hard link to', before: null, after: source.path }],
    },
    actions: [{ do: 'link', path, target: source.path, hard: true }],
    effects: [...replacedEffects(path, made), becomes(stat(source.path), made)],
  }
  return {
    steps: [
      ...(at?.type === 'directory' ? [removeStep(path, at)] : []),
      step,
      ...owned(path, made, wanted.ownership, creator),
    ],
    at: made,
  }
}

/** Why what is there may not give way to a link; null where it may. */
function inTheWay({ path, at, tree }: FileState, { force }: FileWanted, kind: string): string | null {
  if (at === null || at.type === 'link') return null
  if (!force) return `refusing to convert from ${at.type} to ${kind} for ${path}: force: true allows it`
  return at.type === 'directory' && tree !== null && tree.length > 0
    ? `the directory ${path} is not empty, refusing to convert it`
    : null
}

function owned(path: string, current: FileStat, ownership: Ownership, creator: Creator): readonly Step[] {
  const step = setOwnership({ path, stat: current, ownership, creator })
  return step === null ? [] : [step]
}

/** The step that sets times; none where they are right. */
function touched({ real, realStat, times }: FileState, { accessTime, modificationTime }: FileWanted): readonly Step[] {
  if (realStat === null) return []
  const wanted = [
    { name: 'atime', flag: '-a', time: accessTime, now: times?.access },
    { name: 'mtime', flag: '-m', time: modificationTime, now: times?.modification },
  ].filter(({ time, now }) => time !== 'preserve' && time !== now)
  if (wanted.length === 0) return []
  return [
    {
      change: {
        subject: real,
        verb: 'update',
        attributes: wanted.map(({ name, time, now }) => ({ name, before: now ?? null, after: time })),
      },
      actions: wanted.map(({ flag, time }) => ({
        do: 'run',
        argv: ['touch', '-c', flag, ...(time === 'now' ? [] : ['-t', time]), '--', posix.resolve('/', real)],
      })),
      effects: [stale(stat(real))],
    },
  ]
}

/** The stat that steps leave at a path. */
function afterSteps(current: FileStat, path: string, steps: readonly Step[]): FileStat {
  const key = stat(path).key
  const last = steps
    .flatMap((step) => step.effects)
    .findLast((effect) => effect.kind === 'becomes' && effect.fact.key === key)
  return last?.kind === 'becomes' ? (last.value as FileStat) : current
}
