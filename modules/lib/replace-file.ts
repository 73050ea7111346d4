import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { posix } from 'node:path'
import type { Creator } from '../facts/creator.ts'
import type { HostState } from '../module.ts'
import type { Action, AttributeChange, Change, Content, Effect, Ownership, Step } from '../step.ts'
import { checksum } from '../facts/checksum.ts'
import { content } from '../facts/content.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { becomes, stale } from '../step.ts'
import { directoryMode } from './parents.ts'
import { ownershipDrift, predictedStat, withOwnership } from './ownership.ts'

/** A file as it is: under the path that was asked for, and where that leads through links. */
export interface FileBefore {
  readonly path: string
  /** `path` itself, or what it points to where it is a link, also where nothing is there yet. */
  readonly real: string
  /** Of what is at `real`; null where nothing is. */
  readonly stat: FileStat | null
  /** Of the link at `path`, where one is. */
  readonly link: FileStat | null
  /** The bytes; null where nothing is there. */
  readonly before: Buffer | null
}

/** Reads a file that is to be edited, links followed. Rejects where it is a directory, may not be read or is larger than 16 MiB. */
export async function readFile(host: HostState, path: string): Promise<FileBefore> {
  const [at, before] = await Promise.all([host.get(stat(path)), host.get(content(path))])
  if (at?.type !== 'link') return { path, real: path, stat: at, link: null, before }
  const real = linkEnd(path, at)
  return { path, real, stat: await host.get(stat(real)), link: at, before }
}

/** Where writing through a link ends: what it finally points to, or for a broken one what it names. */
export function linkEnd(path: string, link: FileStat): string {
  return link.resolved ?? posix.resolve(posix.dirname(path), link.target ?? '.')
}

export interface Replacement {
  /** The file itself, not a link to it: see `readFile`, whose `real` this is. A link given here is followed. */
  readonly path: string
  /** The path that the user named, where a link leads from it to `path`: facts about it change too. */
  readonly via?: string
  /** The link at `via`: known to lead somewhere once the file is written. */
  readonly link?: FileStat | null
  readonly stat: FileStat | null
  readonly before: Buffer | null
  readonly after: Buffer
  /** Modes may be symbolic. What is unset stays as it is; for a new file, see `creator`. */
  readonly ownership: Ownership
  /** Who makes a new file: decides the owner and mode that are predicted. Root with umask 022 where unset. */
  readonly creator?: Creator
  readonly backup?: boolean
  /** A command that must accept the new file; `%s` stands for its path. */
  readonly validate?: readonly string[]
  readonly secret?: boolean
  /** What changes, for people; the path where unset. */
  readonly subject?: string
}

/** The most bytes of a file that a diff shows, as in Ansible. */
export const DIFF_LIMIT = 104_448

/** The step that gives a file this content and ownership; null where it has both. The write is atomic: see `WriteAction`. */
export function replaceFile(options: Replacement): Step | null {
  const { after, before } = options
  if (options.stat !== null && before !== null && before.equals(after)) return setOwnership(options)
  return writeFile({ ...options, content: { kind: 'bytes', bytes: after }, size: after.length, sha256: sha256(after) })
}

/** The step that sets mode, owner and group of what is there; null where they are right. */
export function setOwnership(
  options: Pick<Replacement, 'path' | 'stat' | 'ownership' | 'creator' | 'subject'>,
): Step | null {
  const { path } = options
  if (options.stat === null) return null
  const { attributes, set } = ownershipDrift(options.stat, options.ownership, options.creator?.umask)
  if (attributes.length === 0) return null
  const link = options.stat.type === 'link'
  const digits = options.stat.type === 'directory' && set.mode !== undefined ? { mode: directoryMode(set.mode) } : {}
  return {
    change: { subject: options.subject ?? path, verb: 'update', attributes },
    actions: [{ do: 'attributes', path, ...(link ? { link } : {}), ...set, ...digits }],
    effects: [becomes(stat(path), withOwnership(options.stat, set))],
  }
}

export interface FileWrite extends Omit<Replacement, 'after'> {
  readonly content: Content
  readonly size: number
  readonly sha256: string
  /** The new text for the diff, where `content` is a file of the controller. */
  readonly after?: Buffer
  /** The old content's, where `before` was not read. */
  readonly oldSha256?: string | null
}

/** The step that writes a file whose content is known to differ. `before` may be null for a file that was not read. */
export function writeFile(options: FileWrite): Step {
  const at = options.stat
  const path = at?.type === 'link' ? linkEnd(options.path, at) : options.path
  const old = at?.type === 'link' ? null : at
  const drift = old === null ? null : ownershipDrift(old, options.ownership, options.creator?.umask)
  const fresh = predictedStat('file', options.ownership, options.creator)
  const ownership = drift?.set ?? {
    ...options.ownership,
    ...(options.ownership.mode === undefined ? {} : { mode: fresh.mode }),
  }
  const write: Action = {
    do: 'write',
    path,
    content: options.content,
    ...ownership,
    ...(options.backup && at !== null ? { backup: true } : {}),
    ...(options.validate === undefined ? {} : { validate: options.validate }),
  }
  const next: FileStat = {
    ...(old === null ? fresh : withOwnership(old, ownership)),
    type: 'file',
    size: options.size,
    mtime: 0,
    inode: 0,
    links: 1,
  }
  return {
    change: describe(options, old, drift?.attributes ?? created(options.ownership, fresh)),
    actions: [write],
    effects: written(options, path, next),
  }
}

function created(wanted: Ownership, fresh: FileStat): readonly AttributeChange[] {
  const names = (['mode', 'owner', 'group'] as const).filter((name) => wanted[name] !== undefined)
  return names.map((name) => ({ name, before: null, after: name === 'mode' ? fresh.mode : (wanted[name] ?? null) }))
}

function describe(options: FileWrite, old: FileStat | null, ownership: readonly AttributeChange[]): Change {
  const after = options.content.kind === 'bytes' ? options.content.bytes : options.after
  const before = old === null ? Buffer.alloc(0) : options.before
  const shown = after !== undefined && before !== null && isText(before) && isText(after)
  const digests: readonly AttributeChange[] = [
    { name: 'size', before: old?.size ?? null, after: options.size },
    {
      name: 'sha256',
      before: options.oldSha256 ?? (options.before === null ? null : sha256(options.before)),
      after: options.sha256,
    },
  ]
  const attributes = [...(shown ? [] : digests.filter((change) => change.before !== change.after)), ...ownership]
  return {
    subject: options.subject ?? options.path,
    verb: options.stat === null ? 'create' : 'update',
    ...(shown ? { text: { before: old === null ? null : before.toString(), after: after.toString() } } : {}),
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(options.secret ? { secret: true } : {}),
  }
}

/** What is known of a written file: under its own path, and under the link that led to it. */
function written(options: FileWrite, path: string, next: FileStat): readonly Effect[] {
  const paths = [...new Set([path, options.path, ...(options.via === undefined ? [] : [options.via])])]
  const bytes = options.content.kind === 'bytes' ? options.content.bytes : options.after
  return [
    becomes(stat(path), next),
    ...(options.stat === null && options.via !== undefined && options.via !== path
      ? [linked(options.via, path, options.link)]
      : []),
    ...paths.flatMap((name) => [
      bytes === undefined ? stale(content(name)) : becomes(content(name), bytes),
      becomes(checksum(name), options.sha256),
    ]),
  ]
}

/** A link that led nowhere leads somewhere now. One that did lead somewhere stays as it is. */
const linked = (via: string, path: string, link: FileStat | null | undefined): Effect =>
  link?.type === 'link' ? becomes(stat(via), { ...link, resolved: path }) : stale(stat(via))

/** Whether bytes can be shown in a diff: UTF-8 without NUL, and not too many. */
function isText(bytes: Buffer): boolean {
  return bytes.length <= DIFF_LIMIT && !bytes.includes(0) && isUtf8(bytes)
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
