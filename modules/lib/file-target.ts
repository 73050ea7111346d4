import { posix } from 'node:path'
import type { Creator } from '../facts/creator.ts'
import type { ControllerFile, HostState } from '../module.ts'
import type { Content, Ownership, Step } from '../step.ts'
import { checksum } from '../facts/checksum.ts'
import { content } from '../facts/content.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { words } from './invocation.ts'
import { predictedStat } from './ownership.ts'
import { DIFF_LIMIT, linkEnd, setOwnership, sha256, writeFile } from './replace-file.ts'

/** What a file on the host should hold. */
export interface Source {
  readonly content: Content
  readonly size: number
  readonly sha256: string
  /** The source's own mode, for `mode: preserve`. */
  readonly mode?: string
  /** Reads content that is not at hand. */
  read?(): Promise<Buffer>
}

/** A file on the host beside what it should hold. */
export interface Target {
  readonly path: string
  /** Where writing ends: `path`, or where the link there leads if links are followed. */
  readonly real: string
  /** What is at `path`, links not followed. */
  readonly at: FileStat | null
  /** What is at `real`; null also for a link that is to be replaced. */
  readonly stat: FileStat | null
  readonly sha256: string | null
  /** The old bytes, where they differ and are few enough for a diff. */
  readonly before: Buffer | null
  readonly source: Source
}

export function bytesSource(bytes: Buffer): Source {
  return { content: { kind: 'bytes', bytes }, size: bytes.length, sha256: sha256(bytes) }
}

export function controllerSource(file: ControllerFile & { readonly kind: 'file' }): Source {
  const { path, size, sha256, mode } = file
  return { content: { kind: 'file', path, size, sha256 }, size, sha256, mode, read: () => file.read() }
}

/** Reads what is at each path, all in one batch; then, of what differs and is small, old and new content. */
export async function observeTargets(
  host: HostState,
  wanted: readonly { readonly path: string; readonly source: Source }[],
  follow: boolean,
): Promise<readonly Target[]> {
  return Promise.all(
    wanted.map(async ({ path, source }): Promise<Target> => {
      const asked = [host.get(stat(path)), host.get(checksum(path))] as const
      // Nobody needs the checksum of what is not there, or of what a link that is replaced leads to: it may be unreadable or unknown.
      await Promise.allSettled(asked)
      const at = await asked[0]
      const link = at?.type === 'link'
      const real = link && follow ? linkEnd(path, at) : path
      const there = !link ? at : follow ? await host.get(stat(real)) : null
      const sum = there === null ? null : await asked[1]
      const differs = there === null || sum !== source.sha256
      const shown = differs && there?.type === 'file' && Math.max(there.size, source.size) <= DIFF_LIMIT
      const before = shown ? await host.get(content(real)) : null
      const now =
        differs && source.size <= DIFF_LIMIT && source.read !== undefined ? bytesSource(await source.read()) : {}
      return { path, real, at, stat: there, sha256: sum, before, source: { ...source, ...now } }
    }),
  )
}

export interface TargetOptions {
  readonly ownership: Ownership
  readonly creator: Creator
  /** False leaves a file that is there as it is. */
  readonly force: boolean
  readonly backup: boolean
  readonly validate?: readonly string[] | undefined
}

/** The step that makes a file what it should be; null where it is; a problem where that cannot be. */
export function planTarget(target: Target, options: TargetOptions): Step | null | { readonly problem: string } {
  const { path, real, at, source, creator } = { ...target, ...options }
  const ownership = options.ownership.mode === 'preserve' ? withMode(options.ownership, source.mode) : options.ownership
  if (at !== null && !options.force) return null
  if (target.stat !== null && target.stat.type !== 'file')
    return { problem: `${path} is a ${target.stat.type}, not a file` }
  if (target.stat !== null && target.sha256 === source.sha256)
    return setOwnership({ path: real, stat: target.stat, ownership, creator })
  const replacesLink = at?.type === 'link' && real === path
  const step = writeFile({
    path: real,
    via: path,
    link: at,
    stat: target.stat,
    before: target.before,
    content: source.content,
    size: source.size,
    sha256: source.sha256,
    oldSha256: replacesLink ? null : target.sha256,
    ownership: replacesLink ? whole(ownership, creator) : ownership,
    creator,
    backup: options.backup,
    ...(options.validate === undefined ? {} : { validate: options.validate }),
  })
  if (!replacesLink) return step
  const state = { name: 'state', before: `link to ${at.target ?? ''}`, after: 'file' }
  return { ...step, change: { ...step.change, verb: 'update', attributes: [state, ...(step.change.attributes ?? [])] } }
}

const withMode = (ownership: Ownership, mode: string | undefined): Ownership => ({ ...ownership, mode })

/** All of an ownership, so that nothing is taken over from what a replaced link leads to. */
function whole(wanted: Ownership, creator: Creator): Ownership {
  const { mode } = predictedStat('file', wanted, creator)
  return { mode, owner: wanted.owner ?? String(creator.uid), group: wanted.group ?? String(creator.gid) }
}

/** The whole path of a file for which a directory or a path was given: in the directory, under its own name. */
export async function destination(
  host: HostState,
  dest: string,
  name: string | null,
): Promise<{ readonly path: string; readonly directory: boolean }> {
  const inside = name === null ? null : posix.join(dest, name)
  // Asked for ahead, so that one batch answers for both cases.
  const ahead = [
    host.get(checksum(dest)),
    ...(inside === null ? [] : [host.get(stat(inside)), host.get(checksum(inside))]),
  ]
  const [at] = await Promise.all([host.get(stat(dest.replace(/(?<=.)\/+$/, ''))), Promise.allSettled(ahead)])
  const end = at?.type === 'link' && typeof at.resolved === 'string' ? await host.get(stat(at.resolved)) : at
  const directory = dest.endsWith('/') || end?.type === 'directory'
  return { path: directory && inside !== null ? inside : posix.normalize(dest), directory }
}

/** The words of a `validate` command, or what is wrong with it. */
export function validateWords(
  command: string | undefined,
): { readonly words: readonly string[] | undefined } | { readonly problem: string } {
  if (command === undefined) return { words: undefined }
  return command.includes('%s') ? words(command) : { problem: `validate must contain %s: ${command}` }
}
