import { posix } from 'node:path'
import { compressed } from '../facts/compressed.ts'
import { creator, type Creator } from '../facts/creator.ts'
import { found } from '../facts/found.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { unarchived, type Unarchived, type UnarchivedTrouble } from '../facts/unarchived.ts'
import { ARCHIVE_SCRIPT } from '../lib/archive-script.ts'
import { removeStep, statResult, treeOf, writtenEffects } from '../lib/file-effects.ts'
import { nameMatcher } from '../lib/find-filter.ts'
import { hostPath } from '../lib/host-path.ts'
import { predictedStat, withOwnership } from '../lib/ownership.ts'
import { ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { setOwnership } from '../lib/replace-file.ts'
import { defineModule, propose, refuse, type HostState, type Infer } from '../module.ts'
import type { ScriptAction, Step } from '../step.ts'

const args = {
  type: 'object',
  required: ['path'],
  properties: {
    path: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'Files and directories; the last part of a path may be a shell pattern.',
      since: '0.1.0',
    },
    dest: {
      type: 'string',
      format: 'path',
      description:
        'The archive. Only for a single path it may be left out: it is then called like it, with the format behind.',
      since: '0.1.0',
    },
    format: {
      type: 'string',
      enum: ['gz', 'bz2', 'xz', 'tar', 'zip'],
      default: 'gz',
      description:
        'A single file is compressed as it is; all else becomes a tar archive, compressed so, or a zip archive.',
      since: '0.1.0',
    },
    exclude_path: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Paths to leave out, with all that is in them; the last part may be a shell pattern.',
      since: '0.1.0',
    },
    exclusion_patterns: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Shell patterns; files and directories with such names are left out.',
      since: '0.1.0',
    },
    force_archive: {
      type: 'boolean',
      default: false,
      description: 'Makes an archive of a single file, too.',
      since: '0.1.0',
    },
    remove: { type: 'boolean', default: false, description: 'Removes what has been packed.', since: '0.1.0' },
    ...ownershipArgs,
  },
} as const
type Args = Infer<typeof args>

/** Something that goes into the archive. */
interface Entry {
  readonly path: string
  readonly stat: FileStat
}
interface State {
  readonly paths: readonly string[]
  readonly missing: readonly string[]
  readonly tops: readonly Entry[]
  readonly entries: readonly Entry[]
  readonly root: string
  readonly dest: string | null
  readonly at: FileStat | null
  readonly creator: Creator
  readonly kind: 'tar' | 'zip' | 'one'
  /** Whether the archive that is there holds just this; null where there is none, or that cannot be told. */
  readonly holds: boolean | null
}

export default defineModule({
  name: 'archive',
  summary: 'Pack files of a host into an archive.',
  description:
    'An archive that holds just these files, with the same bytes, is left as it is; of a tar archive their modes, owners and times count as well. It is replaced whole or not at all. ' +
    'The host needs GNU tar, or zip and unzip, and what compresses.',
  args,
  returns: {
    dest: 'The archive.',
    arcroot: 'The directory that the names in it start at.',
    state: 'What `path` has become: archive, compress, incomplete where something was missing, or absent.',
    dest_state: 'The same.',
    archived: 'What was packed.',
    missing: 'Paths at which nothing is.',
    expanded_paths: 'The paths, patterns resolved.',
    mode: "The archive's mode.",
    owner: "The archive's owner.",
    group: "The archive's group.",
  },
  examples: [
    {
      title: 'A directory',
      task: 'archive: { path: /etc/ssh, dest: /var/tmp/drover-ssh.tar.gz, exclude_path: ["/etc/ssh/*key*"], mode: "0600" }',
    },
    {
      title: 'A log, compressed and then removed',
      given: 'copy: { dest: /var/tmp/drover-log.1, content: "a line\\n" }',
      task: 'archive: { path: /var/tmp/drover-log.1, format: xz, remove: true }',
    },
  ],
  async observe(host, args): Promise<State> {
    const [paths, excluded, by] = await Promise.all([
      expand(host, args.path),
      expand(host, args.exclude_path),
      host.get(creator()),
    ])
    const stats = await Promise.all(paths.map((path) => host.get(stat(bare(path)))))
    const tops = paths.flatMap((path, index) => {
      const at = stats[index]
      return at === null || at === undefined ? [] : [{ path: bare(path), stat: at }]
    })
    const below = await Promise.all(
      tops.map(async (top) => (top.stat.type === 'directory' ? treeOf(host, top.path, top.stat) : [])),
    )
    const root = commonRoot(paths)
    const [first] = tops
    const single = args.path.length === 1 && tops.length === 1 && first?.stat.type === 'file' && !args.force_archive
    const kind = args.format === 'zip' ? 'zip' : single && args.format !== 'tar' ? 'one' : 'tar'
    const suffix = kind === 'tar' && args.format !== 'tar' ? `tar.${args.format}` : args.format
    const dest =
      args.dest !== undefined
        ? await hostPath(host, args.dest)
        : args.path.length === 1 && paths.length === 1
          ? `${bare(paths[0] ?? '')}.${suffix}`
          : null
    const leftOut = nameMatcher(args.exclusion_patterns, false)
    const outside = (path: string): boolean =>
      path === dest ||
      bare(path) === root ||
      excluded.some((out) => path === bare(out) || path.startsWith(`${bare(out)}/`)) ||
      (args.exclusion_patterns.length > 0 &&
        path
          .slice(root.length)
          .split('/')
          .some((part) => part !== '' && leftOut(part)))
    const entries = [...tops, ...below.flat()].filter(({ path }) => !outside(path))
    const at = dest === null ? null : await host.get(stat(dest))
    return {
      paths,
      missing: paths.filter((_, index) => stats[index] === null),
      tops,
      entries,
      root,
      dest,
      at,
      creator: by,
      kind,
      holds:
        at?.type !== 'file' || dest === null || tops.length === 0
          ? null
          : await holds(host, dest, { kind, root, entries, args }),
    }
  },
  plan(args, state) {
    const { dest, at, creator: by, kind, entries, root, tops, missing } = state
    if (dest === null) return refuse('Error, must specify "dest" when archiving multiple files or trees')
    const made = kind === 'one' ? 'compress' : missing.length > 0 ? 'incomplete' : 'archive'
    const result = {
      dest,
      arcroot: root,
      archived: entries.map(({ path }) => path),
      missing,
      expanded_paths: state.paths,
    }
    if (tops.length === 0) {
      const after = at === null ? 'absent' : 'archive'
      const owned = setOwnership({ path: dest, stat: at, ownership: ownershipOf(args), creator: by })
      return propose(owned === null ? [] : [owned], { ...result, state: after, dest_state: after })
    }
    if (at !== null && at.type !== 'file') return refuse(`${dest} is a ${at.type}, not a file`, result)
    const broken = entries.find(({ path }) => kind === 'zip' && path.includes('\n'))
    if (broken !== undefined)
      return refuse(`the name ${JSON.stringify(broken.path)} cannot be in a zip archive`, result)
    const ownership = ownershipOf(args)
    const then = at === null ? predictedStat('file', ownership, by) : withOwnership(at, ownership, by.umask)
    const told = { ...result, ...statResult({ ...then, uid: -1, gid: -1 }), state: made, dest_state: made }
    const removed: readonly Step[] = args.remove
      ? tops.filter(({ path }) => !dest.startsWith(`${path}/`)).map((top) => removeStep(top.path, top.stat))
      : []
    if (state.holds === true) {
      const owned = setOwnership({ path: dest, stat: at, ownership, creator: by })
      return propose([...(owned === null ? [] : [owned]), ...removed], told)
    }
    const names = entries.map(({ path }) => path.slice(root.length))
    const action: ScriptAction = {
      do: 'sh',
      title: `pack ${dest}`,
      script: ARCHIVE_SCRIPT,
      args: [
        dest,
        root,
        kind,
        args.format === 'tar' || args.format === 'zip' ? '' : args.format,
        args.owner ?? '',
        args.group ?? '',
        args.mode === undefined ? '' : then.mode,
      ],
      stdin: Buffer.from(names.map((name) => `${name}${kind === 'one' ? '\n' : '\0'}`).join('')),
    }
    const change = {
      subject: dest,
      verb: at === null ? 'create' : 'update',
      attributes: [{ name: 'files', before: at === null ? null : 'others', after: entries.length }],
    } as const
    return propose([{ change, actions: [action], effects: writtenEffects(dest) }, ...removed], told)
  },
})

const bare = (path: string): string => posix.normalize(path).replace(/(?<=.)\/+$/, '')

/** Paths with patterns in their last parts resolved; one that matches nothing is gone. */
async function expand(host: HostState, paths: readonly string[]): Promise<readonly string[]> {
  const each = await Promise.all(
    paths.map(async (written) => {
      const path = await hostPath(host, written)
      const name = posix.basename(path)
      if (!/[*?[]/.test(name)) return [path]
      const { entries } = await host.get(found(posix.dirname(path), 1, false))
      const matches = nameMatcher([name], false)
      const hidden = name.startsWith('.')
      return (entries ?? [])
        .map((entry) => entry.path)
        .filter((one) => matches(posix.basename(one)) && (hidden || !posix.basename(one).startsWith('.')))
        .toSorted()
    }),
  )
  return [...new Set(each.flat())]
}

/** The directory that all are in, with a slash at its end. */
function commonRoot(paths: readonly string[]): string {
  const [first = '/', ...others] = paths.map((path) =>
    `${posix.dirname(path.endsWith('/') ? `${path}x` : path)}/`.replace('//', '/'),
  )
  let root = first
  while (others.some((other) => !other.startsWith(root))) root = `${posix.dirname(bare(root))}/`.replace('//', '/')
  return root
}

async function holds(
  host: HostState,
  dest: string,
  { kind, root, entries, args }: Pick<State, 'kind' | 'root' | 'entries'> & { readonly args: Args },
): Promise<boolean | null> {
  const [first] = entries
  if (kind === 'one') return first === undefined ? false : host.get(compressed(dest, first.path, args.format))
  const options = { names: true, stats: false, newer: false, options: [], include: [], exclude: [] }
  const there: Unarchived | UnarchivedTrouble = await host.get(
    unarchived({ from: 'file', path: dest }, { dest: bare(root), ...options }),
  )
  if ('trouble' in there || there.kind !== kind || there.differing.length > 0) return false
  const wanted = new Set(entries.map(({ path }) => path.slice(root.length)))
  const names = there.members.map((name) => name.replace(/\/$/, ''))
  return names.length === wanted.size && names.every((name) => wanted.has(name))
}
