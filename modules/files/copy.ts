import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { nothingBrought } from '../facts/brought.ts'
import { creator, type Creator } from '../facts/creator.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { controllerCopySource, hostCopySource, type CopySource } from '../lib/copy-source.ts'
import { statResult } from '../lib/file-effects.ts'
import { bytesSource, destination, observeTargets, planTarget, validateWords, type Target } from '../lib/file-target.ts'
import { hostPath } from '../lib/host-path.ts'
import { BACKUP, ownershipArgs, ownershipOf, VALIDATE } from '../lib/ownership-args.ts'
import { makeDirectory, wayTo, type Way } from '../lib/parents.ts'
import { predictedStat, withOwnership } from '../lib/ownership.ts'
import { defineModule, outputText, propose, refuse, type HostState } from '../module.ts'
import type { Ownership, Step } from '../step.ts'

interface State {
  readonly problem: string | null
  readonly dest: string
  readonly sha1: string | null
  readonly creator: Creator
  readonly way: Way
  /** Directories that hold what is copied, parents first. */
  readonly directories: readonly {
    readonly path: string
    readonly mode: string | undefined
    readonly stat: FileStat | null
  }[]
  readonly targets: readonly Target[]
  /** Whether directories on the way to `dest` may be made. */
  readonly makesWay: boolean
}

export default defineModule({
  name: 'copy',
  summary: 'Copy files and directories to a host.',
  description:
    'From the controller, or with `remote_src` from the host itself. A directory whose name ends in `/` is copied without the directory itself. Only files whose checksum differs are sent. ' +
    'A file is replaced whole or not at all.',
  args: {
    type: 'object',
    required: ['dest'],
    requiredOneOf: [['src', 'content']],
    mutuallyExclusive: [['src', 'content']],
    properties: {
      src: {
        type: 'string',
        format: 'path',
        description: 'The file or directory to copy: absolute, or looked up in `files/` beside the playbook or role.',
        since: '0.1.0',
      },
      content: { type: 'string', description: 'The content itself, in place of `src`.', since: '0.1.0' },
      dest: {
        type: 'string',
        format: 'path',
        description:
          'Where to: a path, or a directory that is there or whose name ends in `/`, which is made if it is missing.',
        since: '0.1.0',
      },
      remote_src: {
        type: 'boolean',
        default: false,
        description: 'Takes `src` from the host itself; files of up to 16 MiB.',
        since: '0.1.0',
      },
      decrypt: {
        type: 'boolean',
        default: true,
        description: 'Decrypts a `src` that ansible-vault encrypted; with false, it is copied as it is.',
        since: '0.1.0',
      },
      directory_mode: {
        type: 'string',
        format: 'mode',
        description: 'The mode of directories that are made.',
        since: '0.1.0',
      },
      force: {
        type: 'boolean',
        default: true,
        description: 'With false, a file that is there is left as it is.',
        since: '0.1.0',
      },
      follow: {
        type: 'boolean',
        default: false,
        description: 'Writes to what a link at `dest` leads to; with false, a file takes the place of the link.',
        since: '0.1.0',
      },
      local_follow: {
        type: 'boolean',
        default: true,
        description: 'Links in `src` are always followed: only true is possible.',
        since: '0.1.0',
      },
      checksum: { type: 'string', description: 'The SHA-1 that the source must have.', since: '0.1.0' },
      backup: BACKUP,
      validate: VALIDATE,
      ...ownershipArgs,
      mode: {
        ...ownershipArgs.mode,
        description: `${ownershipArgs.mode.description} \`preserve\` takes the source's.`,
      },
    },
  },
  returns: {
    dest: 'The file, or the directory copied to.',
    src: 'What was copied.',
    checksum: "The file's SHA-1.",
    state: 'file or directory.',
    mode: "The file's mode.",
    owner: "The file's owner.",
    group: "The file's group.",
    uid: "The owner's number.",
    gid: "The group's number.",
    size: "A file's size in bytes.",
    backup_file: 'Where the old file was kept.',
  },
  examples: [
    {
      title: 'A text',
      task: 'copy: { content: "server ntp1 iburst\\n", dest: /var/tmp/drover-chrony.conf, mode: "0644" }',
    },
    { title: 'Keep what is there', task: 'copy: { content: "first\\n", dest: /var/tmp/drover-once, force: false }' },
    {
      title: 'A file of the host itself',
      task: 'copy: { src: /etc/hosts, dest: /var/tmp/drover-hosts, remote_src: true, mode: preserve }',
    },
    {
      title: 'Into a directory that is made',
      task: 'copy: { src: /etc/hostname, dest: /var/tmp/drover-copies/, remote_src: true, directory_mode: "0750" }',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const dest = await hostPath(host, args.dest)
    const src = args.src
    const source: CopySource =
      src === undefined
        ? { kind: 'file', name: '', source: bytesSource(Buffer.from(args.content ?? '')) }
        : args.remote_src
          ? await hostCopySource(host, await hostPath(host, src))
          : await controllerCopySource(controller, src, args.decrypt)
    const nothing = {
      dest,
      sha1: null,
      directories: [],
      targets: [],
      makesWay: false,
      way: { missing: [], blocked: null },
    }
    const [by, placed] = await Promise.all([
      host.get(creator()),
      source.kind === 'problem' ? null : place(host, source, src, dest),
      // Asked for ahead, so that one batch answers also where nothing is there yet.
      Promise.allSettled([wayTo(host, dest)]),
    ])
    if (source.kind === 'problem') return { ...nothing, creator: by, problem: source.problem }
    if (placed === null || 'problem' in placed) return { ...nothing, creator: by, problem: placed?.problem ?? null }
    const [targets, stats] = await Promise.all([
      observeTargets(host, placed.files, args.follow),
      Promise.all(placed.directories.map(({ path }) => host.get(stat(path)).then((at) => directoryAt(host, at)))),
    ])
    const absent = placed.directories.length > 0 ? stats[0] === null : targets[0]?.stat === null
    const way = absent
      ? await wayTo(host, placed.directories[0]?.path ?? targets[0]?.real ?? placed.dest)
      : { missing: [], blocked: null }
    if (way.missing.length > 0 && !placed.makesWay) await host.get(nothingBrought())
    return {
      problem: null,
      dest: placed.dest,
      sha1: source.kind === 'file' ? (source.sha1 ?? sha1(targets[0])) : null,
      creator: by,
      way,
      directories: placed.directories.map((directory, index) => ({ ...directory, stat: stats[index] ?? null })),
      targets,
      makesWay: placed.makesWay,
    }
  },
  plan(args, state) {
    const { dest, creator, way } = state
    const validate = validateWords(args.validate)
    const result = { dest, ...(args.src === undefined ? {} : { src: args.src }) }
    if (state.problem !== null) return refuse(state.problem, result)
    if ('problem' in validate) return refuse(validate.problem, result)
    if (!args.local_follow)
      return refuse('local_follow: false is not possible: links in src are always followed', result)
    if (args.checksum !== undefined && args.checksum !== state.sha1)
      return refuse(`the source has the checksum ${state.sha1 ?? '(of a directory)'}, not ${args.checksum}`, result)
    if (way.blocked !== null) return refuse(`${dest} cannot be made: ${way.blocked} is not a directory`, result)
    if (way.missing.length > 0 && !state.makesWay)
      return refuse(`Destination directory ${posix.dirname(dest)} does not exist`, result)

    const ownership = ownershipOf(args)
    const owner: Ownership = { owner: args.owner, group: args.group }
    const steps: Step[] = way.missing.map((path) =>
      makeDirectory(path, directoryOwnership(owner, args.directory_mode), creator),
    )
    for (const directory of state.directories) {
      if (directory.stat === null)
        steps.push(makeDirectory(directory.path, directoryOwnership(owner, args.directory_mode), creator))
      else if (directory.stat.type !== 'directory')
        return refuse(`${directory.path} is a ${directory.stat.type}, not a directory`, result)
    }
    for (const target of state.targets) {
      const step = planTarget(target, {
        ownership,
        creator,
        force: args.force,
        backup: args.backup,
        validate: validate.words,
      })
      if (step !== null && 'problem' in step) return refuse(step.problem, result)
      if (step !== null) steps.push(step)
    }
    if (state.sha1 === null) return propose(steps, { ...result, state: 'directory' })
    return propose(steps, {
      ...result,
      checksum: state.sha1,
      ...statResult(finalStat(state.targets[0], ownership, creator)),
    })
  },
  result(args, state, performed) {
    const write = performed.at(-1)
    return args.backup && state.sha1 !== null && write !== undefined && write.stdout.length > 0
      ? { backup_file: outputText(write.stdout) }
      : {}
  },
})

const sha1 = (target: Target | undefined): string | null =>
  target?.source.content.kind === 'bytes' ? createHash('sha1').update(target.source.content.bytes).digest('hex') : null

const directoryOwnership = (owner: Ownership, mode: string | undefined): Ownership => ownershipOf({ ...owner, mode })

/** What counts for a directory: where a link leads. */
const directoryAt = async (host: HostState, at: FileStat | null): Promise<FileStat | null> =>
  at?.type === 'link' && typeof at.resolved === 'string' ? host.get(stat(at.resolved)) : at

interface Placed {
  readonly dest: string
  readonly makesWay: boolean
  readonly directories: readonly { readonly path: string; readonly mode: string | undefined }[]
  readonly files: readonly { readonly path: string; readonly source: Target['source'] }[]
}

/** Where on the host each part of the source goes. */
async function place(
  host: HostState,
  source: Exclude<CopySource, { readonly kind: 'problem' }>,
  src: string | undefined,
  dest: string,
): Promise<Placed | { readonly problem: string }> {
  if (source.kind === 'file') {
    const { path, directory } = await destination(host, dest, src === undefined ? null : source.name)
    if (directory && src === undefined) return { problem: 'can not use content with a dir as dest' }
    return { dest: path, makesWay: dest.endsWith('/'), directories: [], files: [{ path, source: source.source }] }
  }
  const root = src?.endsWith('/')
    ? posix.normalize(dest).replace(/(?<=.)\/$/, '')
    : posix.join(dest, posix.basename(src ?? ''))
  return {
    dest: posix.normalize(dest),
    makesWay: true,
    directories: [
      { path: root, mode: undefined },
      ...source.directories.map(({ name, mode }) => ({ path: posix.join(root, name), mode })),
    ],
    files: source.files.map((file) => ({ path: posix.join(root, file.name), source: file.source })),
  }
}

/** What is at the path of a single file in the end. */
function finalStat(target: Target | undefined, ownership: Ownership, creator: Creator): FileStat | null {
  if (target === undefined) return null
  const wanted = ownership.mode === 'preserve' ? ownershipOf({ ...ownership, mode: target.source.mode }) : ownership
  const made =
    target.stat === null ? predictedStat('file', wanted, creator) : withOwnership(target.stat, wanted, creator.umask)
  return { ...made, size: target.source.size }
}
