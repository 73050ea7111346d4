import { posix } from 'node:path'
import { creator, type Creator } from '../facts/creator.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import {
  unarchived,
  unarchiveWords,
  type ArchiveSource,
  type Unarchived,
  type UnarchiveOptions,
  type UnarchivedTrouble,
} from '../facts/unarchived.ts'
import { withoutLogin } from '../facts/web.ts'
import { statResult } from '../lib/file-effects.ts'
import { guarded, observeGuards, type Guards } from '../lib/guards.ts'
import { hostPath } from '../lib/host-path.ts'
import { ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { setOwnership } from '../lib/replace-file.ts'
import { curlConfig } from '../lib/web-request.ts'
import { defineModule, propose, refuse, UnknownFact, type Controller, type HostState, type Infer } from '../module.ts'
import { beneath, stale, type ScriptAction, type Step } from '../step.ts'
import { UNARCHIVE_SCRIPT } from '../lib/unarchive-script.ts'

const args = {
  type: 'object',
  required: ['src', 'dest'],
  mutuallyExclusive: [['include', 'exclude']],
  properties: {
    src: {
      type: 'string',
      format: 'path',
      description:
        'The archive: a file of the controller, looked up in `files/`; with `remote_src`, one of the host or a url.',
      since: '0.1.0',
    },
    dest: {
      type: 'string',
      format: 'path',
      description: 'The directory that it is unpacked in; it must be there.',
      since: '0.1.0',
    },
    remote_src: {
      type: 'boolean',
      default: false,
      description: 'Takes `src` from the host, or from a url.',
      since: '0.1.0',
    },
    copy: {
      type: 'boolean',
      default: true,
      description: 'The opposite of `remote_src`, as it was once called.',
      since: '0.1.0',
    },
    creates: {
      type: 'string',
      description: 'A path or pattern: if something is there, nothing is done.',
      since: '0.1.0',
    },
    list_files: {
      type: 'boolean',
      default: false,
      description: 'Returns the names of what is in the archive.',
      since: '0.1.0',
    },
    include: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Members to unpack, in place of all.',
      since: '0.1.0',
    },
    exclude: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Members to leave out; shell patterns.',
      since: '0.1.0',
    },
    keep_newer: {
      type: 'boolean',
      default: false,
      description: 'Leaves files alone that are newer than those in the archive.',
      since: '0.1.0',
    },
    extra_opts: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Further options for tar or unzip, such as `--strip-components=1`.',
      since: '0.1.0',
    },
    decrypt: { type: 'boolean', default: true, description: "For Ansible's sake: accepted.", since: '0.1.0' },
    validate_certs: { type: 'boolean', default: true, description: "Checks the server's certificate.", since: '0.1.0' },
    ...ownershipArgs,
  },
} as const
type Args = Infer<typeof args>

interface State {
  readonly problem: string | null
  readonly guards: Guards
  readonly dest: string
  readonly at: FileStat | null
  readonly creator: Creator | null
  readonly source: ArchiveSource | null
  readonly found: Unarchived | UnarchivedTrouble | null
}

export default defineModule({
  name: 'unarchive',
  summary: 'Unpack an archive on a host.',
  description:
    'tar, plain or compressed with gzip, bzip2, xz or zstd, and zip. What is unpacked is compared with the archive each time, bytes and mode and owner and time, so that a second run changes nothing; of zip, what is ' +
    'there and its bytes. The host needs GNU tar or unzip, and what decompresses. An archive of the controller is streamed to the host to be compared, and once more to be unpacked.',
  args,
  returns: {
    dest: 'The directory.',
    src: 'The archive.',
    handler: 'TgzArchive or ZipArchive.',
    files: 'What is in the archive, with `list_files`.',
    state: 'directory.',
    mode: "The directory's mode.",
    owner: "The directory's owner.",
    group: "The directory's group.",
    uid: "The owner's number.",
    gid: "The group's number.",
  },
  examples: [
    {
      title: 'An archive of the host',
      given:
        '- file: { path: /var/tmp/drover-tool, state: directory }\n- command: tar -C /etc -czf /var/tmp/drover-tool.tgz hosts hostname\n  args: { creates: /var/tmp/drover-tool.tgz }',
      task: 'unarchive: { src: /var/tmp/drover-tool.tgz, dest: /var/tmp/drover-tool, remote_src: true, list_files: true }',
    },
    {
      title: 'One of the controller, for another user',
      given: 'file: { path: /var/tmp/drover-app, state: directory }',
      task: 'unarchive: { src: app.tar.gz, dest: /var/tmp/drover-app, owner: nobody, mode: "u=rwX,g=rX,o=" }',
    },
    {
      title: 'From a url, without the directory that all is in, once',
      task: 'unarchive:\n  src: https://releases.example.org/tool-1.2.tar.gz\n  dest: /opt/tool\n  remote_src: true\n  extra_opts: [--strip-components=1]\n  creates: /opt/tool/bin/tool',
      needs: 'a web server',
    },
  ],
  async observe(host, args, controller): Promise<State> {
    const dest = (await hostPath(host, args.dest)).replace(/(?<=.)\/+$/, '')
    const nothing: State = { problem: null, guards: {}, dest, at: null, creator: null, source: null, found: null }
    const guards = await observeGuards(host, { ...args, stdin_add_newline: false, strip_empty_ends: false })
    if (guards.created === true) return { ...nothing, guards }
    const [at, by, source] = await Promise.all([
      reached(host, dest),
      host.get(creator()),
      sourceOf(host, args, controller),
    ])
    if ('problem' in source) return { ...nothing, problem: source.problem }
    const state = { ...nothing, at: at?.stat ?? null, dest: at?.path ?? dest, creator: by, source }
    if (at?.stat.type !== 'directory') return { ...state, problem: `dest '${dest}' must be an existing dir` }
    const fact = unarchived(source, optionsOf(args, state.dest))
    // Into a directory that has yet to be made, all would be unpacked.
    if (at.stat.inode === 0) return state
    return { ...state, found: await host.get(fact) }
  },
  plan(args, { problem, guards, dest, at, creator, source, found }) {
    const result = { dest, src: args.src }
    const why = guarded({ ...args, stdin_add_newline: false, strip_empty_ends: false }, guards)
    if (why !== null) return propose([], { ...result, msg: `skipped, ${why}` })
    if (problem !== null || source === null || creator === null) return refuse(problem ?? 'there is no archive', result)
    if (found !== null && 'trouble' in found) return refuse(found.trouble, result)
    const lacking = found === null ? null : lackingIn(found, args, creator)
    const drifted = found === null || (lacking !== null && lacking.length > 0) ? [] : drift(found, args, creator)
    const told = {
      ...result,
      ...(found === null ? {} : { handler: found.kind === 'zip' ? 'ZipArchive' : 'TgzArchive' }),
      ...(args.list_files && found !== null ? { files: found.members } : {}),
      ...statResult(at),
    }
    if (lacking !== null && lacking.length === 0) return propose(drifted, told)
    const input = source.from === 'input' ? { input: { path: source.path, size: source.size } } : {}
    const action: ScriptAction = {
      do: 'sh',
      title: `unpack ${withoutLogin(args.src)} in ${dest}`,
      script: UNARCHIVE_SCRIPT,
      args: ['extract', ...unarchiveWords(source, optionsOf(args, dest))],
      ...input,
      ...(source.from === 'url' ? { stdin: Buffer.from(`${source.config}\n`) } : {}),
    }
    const attributes = [
      { name: 'content', before: null, after: `of ${withoutLogin(args.src)}` },
      ...(lacking === null ? [] : [{ name: 'files that differ', before: lacking.length, after: 0 }]),
    ]
    return propose(
      [
        {
          change: { subject: dest, verb: 'update', attributes },
          actions: [action],
          effects: [beneath(dest, 'unknown'), stale(stat(dest))],
        },
      ],
      told,
    )
  },
})

function optionsOf(args: Args, dest: string): UnarchiveOptions {
  const { owner, group, mode, include, exclude } = args
  return {
    dest,
    names: args.list_files,
    stats: [owner, group, mode].some((wanted) => wanted !== undefined),
    owner,
    group,
    mode,
    newer: args.keep_newer,
    options: args.extra_opts,
    include,
    exclude,
  }
}

async function reached(
  host: HostState,
  path: string,
): Promise<{ readonly path: string; readonly stat: FileStat } | null> {
  const at = await host.get(stat(path))
  if (at?.type !== 'link') return at === null ? null : { path, stat: at }
  const end = at.resolved
  const found = typeof end === 'string' ? await host.get(stat(end)) : null
  return typeof end === 'string' && found !== null ? { path: end, stat: found } : null
}

async function sourceOf(
  host: HostState,
  args: Args,
  controller: Controller,
): Promise<ArchiveSource | { readonly problem: string }> {
  if (args.remote_src || !args.copy) {
    if (/^(https?|ftp):\/\//i.test(args.src)) return { from: 'url', config: urlConfig(args) }
    const path = await hostPath(host, args.src)
    const at = await reached(host, posix.normalize(path))
    if (at === null) return { problem: `Source '${args.src}' does not exist` }
    // An archive that has yet to be made holds nobody knows what.
    if (at.stat.inode === 0) throw new UnknownFact(`unarchived:${path}`)
    return { from: 'file', path: at.path }
  }
  const file = await controller.file(args.src, { decrypt: false })
  if (file?.kind === 'file') return { from: 'input', path: file.path, size: file.size, sha256: file.sha256 }
  return {
    problem:
      file === null
        ? `Could not find or access '${args.src}' on the controller. If it is on the host or a url, say remote_src: true`
        : `${args.src} is a directory, not an archive`,
  }
}

function urlConfig(args: Args): string {
  const request = {
    method: 'GET',
    follow: 'all',
    timeout: 10,
    agent: 'ansible-httpget',
    proxy: true,
    netrc: true,
  } as const
  const verify = args.validate_certs
  return curlConfig({ ...request, url: args.src, verify, protocols: ['http', 'https', 'ftp'] }).join('\n')
}

/** What of the archive is not there as it should be, without what arguments or the user's rights make differ in any case. */
function lackingIn({ differing, times, stats }: Unarchived, args: Args, creator: Creator): Unarchived['differing'] {
  const root = creator.uid === 0
  const ignored = new Set([
    ...(root && args.owner === undefined ? [] : ['Uid']),
    ...(root && args.group === undefined ? [] : ['Gid']),
    ...(root && args.mode === undefined ? [] : ['Mode']),
  ])
  const there = new Map(stats.map(({ path, stat: { mtime } }) => [path, mtime]))
  const isNewer = (name: string): boolean => {
    const [own, other] = [
      times.get(name),
      [...there].find(([path]) => path.endsWith(`/${name.replace(/^\.\//, '')}`))?.[1],
    ]
    return args.keep_newer && own !== undefined && other !== undefined && other > own
  }
  return differing.filter(({ name, what }) => !ignored.has(what) && !isNewer(name))
}

/** Steps for the members that have not the owner, group or mode that was asked for. */
function drift({ stats }: Unarchived, args: Args, creator: Creator): readonly Step[] {
  return stats.flatMap(
    ({ path, stat: current }) => setOwnership({ path, stat: current, ownership: ownershipOf(args), creator }) ?? [],
  )
}
