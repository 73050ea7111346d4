import { posix } from 'node:path'
import { creator } from '../facts/creator.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { times } from '../facts/times.ts'
import type { TreeEntry } from '../facts/tree.ts'
import { statResult, treeOf } from '../lib/file-effects.ts'
import {
  planAbsent,
  planDirectory,
  planFile,
  planHard,
  planLink,
  planTouch,
  type FilePlan,
  type FileState,
  type FileWanted,
} from '../lib/file-plans.ts'
import { hostPath } from '../lib/host-path.ts'
import { ROOT } from '../lib/ownership.ts'
import { ownershipArgs, ownershipOf } from '../lib/ownership-args.ts'
import { wayTo } from '../lib/parents.ts'
import { linkEnd } from '../lib/replace-file.ts'
import { defineModule, propose, refuse, type HostState } from '../module.ts'

type State = FileState

const TIME =
  "preserve, now, or the host's local time as `YYYYMMDDHHMM.SS`. By default now for `state: touch`, else preserve."

export default defineModule({
  name: 'file',
  summary: 'Make, own, link or remove files and directories.',
  description:
    'Without `state`, only mode, owner and times of what is there are set. A path that is a link is followed, unless `follow` is false or the state is link, hard or absent. ' +
    'For the content of files, see `copy`, `template` and `ini_set`.',
  args: {
    type: 'object',
    required: ['path'],
    properties: {
      path: {
        type: 'string',
        format: 'path',
        aliases: ['dest', 'name'],
        description: 'The file or directory.',
        since: '0.1.0',
      },
      state: {
        type: 'string',
        enum: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
        description:
          'What should be there. A directory is made with its parents, which get the same mode and owner; absent removes a directory with all in it; file fails where there is none.',
        since: '0.1.0',
      },
      src: {
        type: 'string',
        format: 'path',
        description:
          'What a link points to, relative to its directory or absolute; the file that a hard link is another name of.',
        since: '0.1.0',
      },
      recurse: {
        type: 'boolean',
        default: false,
        description: 'Sets mode and owner of all that is in the directory too.',
        since: '0.1.0',
      },
      follow: { type: 'boolean', default: true, description: 'Acts on what a link points to.', since: '0.1.0' },
      force: {
        type: 'boolean',
        default: false,
        description: 'Makes a link to what is not there, and in place of a file or an empty directory.',
        since: '0.1.0',
      },
      access_time: {
        type: 'string',
        pattern: String.raw`^(preserve|now|\d{12}\.\d\d)$`,
        description: `When it was last read: ${TIME}`,
        since: '0.1.0',
      },
      modification_time: {
        type: 'string',
        pattern: String.raw`^(preserve|now|\d{12}\.\d\d)$`,
        description: `When it was last written: ${TIME}`,
        since: '0.1.0',
      },
      ...ownershipArgs,
    },
  },
  returns: {
    path: 'The path, for the states absent, directory and file.',
    dest: 'The path, for the states touch, link and hard.',
    state: 'What is there: file, directory, link or absent.',
    mode: 'Its mode.',
    owner: 'Its owner.',
    group: 'Its group.',
    uid: "The owner's number.",
    gid: "The group's number.",
    size: "A file's size in bytes.",
  },
  examples: [
    { title: 'A directory', task: 'file: { path: /var/tmp/drover/a/b, state: directory, mode: "0750" }' },
    {
      title: 'A link',
      given: 'file: { path: /var/tmp/drover, state: directory }',
      task: 'file: { path: /var/tmp/drover/hosts, src: /etc/hosts, state: link }',
    },
    { title: 'Gone', task: 'file: { path: /var/tmp/drover-old, state: absent }' },
    {
      title: 'All of a directory, directories searchable',
      given: 'file: { path: /var/tmp/drover/tree/deep, state: directory }',
      task: 'file: { path: /var/tmp/drover/tree, state: directory, recurse: true, mode: "u=rwX,g=rX,o=" }',
    },
    {
      title: 'An empty file that keeps its times',
      task: 'file: { path: /var/tmp/drover-stamp, state: touch, access_time: preserve, modification_time: preserve, mode: "0600" }',
    },
  ],
  async observe(host, args): Promise<State> {
    const path = normal(await hostPath(host, args.path))
    // Asked for ahead, so that one batch answers also where nothing is there yet.
    const ahead = args.state === 'absent' ? [] : [wayTo(host, path), host.get(creator())]
    const [at] = await Promise.all([host.get(stat(path)), Promise.allSettled(ahead)])
    const follows = args.follow && args.state !== 'absent' && at?.type === 'link'
    const real = follows ? linkEnd(path, at) : path
    const dated = [args.access_time, args.modification_time].some(
      (time) => time !== undefined && time !== 'now' && time !== 'preserve',
    )
    const [realStat, source, seen] = await Promise.all([
      follows ? host.get(stat(real)) : at,
      args.src === undefined ? null : observeSource(host, await hostPath(host, args.src), path),
      dated && at !== null ? host.get(times(real)) : null,
    ])
    const makes = realStat === null && args.state !== 'absent'
    const emptied = at?.type === 'directory' && args.force && (args.state === 'link' || args.state === 'hard')
    const recurses = args.recurse && realStat?.type === 'directory'
    const symbolic = args.mode !== undefined && /(^|,)[-+=]/.test(args.mode)
    const [way, by, below] = await Promise.all([
      makes ? wayTo(host, real) : { missing: [], blocked: null },
      makes || symbolic || args.state === 'link' ? host.get(creator()) : ROOT,
      (recurses || emptied) && realStat !== null ? treeOf(host, real, realStat) : null,
    ])
    const linked = recurses && args.follow ? await observeLinked(host, below ?? []) : []
    return { path, at, real, realStat, way, creator: by, tree: below, linked, times: seen, source }
  },
  plan(args, state) {
    const asked = args.state ?? (args.recurse ? 'directory' : 'file')
    if (args.recurse && asked !== 'directory') return refuse('recurse needs state: directory', { path: state.path })
    const fallback = args.state === 'touch' ? 'now' : 'preserve'
    const wanted: FileWanted = {
      ownership: ownershipOf(args),
      src: args.src,
      follow: args.follow,
      force: args.force,
      accessTime: args.access_time ?? fallback,
      modificationTime: args.modification_time ?? fallback,
    }
    const plan = planState(asked, state, wanted, args.state !== undefined, args.recurse)
    const name = asked === 'touch' || asked === 'link' || asked === 'hard' ? 'dest' : 'path'
    if ('problem' in plan) return refuse(plan.problem, { [name]: state.path })
    const returned = asked === 'hard' ? { ...statResult(plan.at), state: 'hard' } : statResult(plan.at)
    return propose(plan.steps, {
      [name]: state.path,
      ...(args.src === undefined ? {} : { src: args.src }),
      ...returned,
    })
  },
})

function planState(
  asked: 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch',
  state: State,
  wanted: FileWanted,
  explicit: boolean,
  recurse: boolean,
): FilePlan {
  switch (asked) {
    case 'absent':
      return planAbsent(state)
    case 'directory':
      return planDirectory(state, wanted, recurse)
    case 'file':
      return planFile(state, wanted, explicit)
    case 'touch':
      return planTouch(state, wanted)
    case 'link':
      return planLink(state, wanted)
    case 'hard':
      return planHard(state, wanted)
  }
}

const normal = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/, '')

/** What a link's `src` names, seen from the link's directory, links followed. */
async function observeSource(
  host: HostState,
  src: string,
  path: string,
): Promise<{ readonly path: string; readonly stat: FileStat | null }> {
  const whole = normal(posix.resolve(posix.dirname(path), src))
  const found = await host.get(stat(whole))
  if (found?.type !== 'link') return { path: whole, stat: found }
  return {
    path: whole,
    stat: found.resolved === null || found.resolved === undefined ? null : await host.get(stat(found.resolved)),
  }
}

/** What the links in a tree lead to, each once; links that lead nowhere are left out. */
async function observeLinked(host: HostState, below: readonly TreeEntry[]): Promise<readonly TreeEntry[]> {
  const links = await Promise.all(
    below.filter((entry) => entry.stat.type === 'link').map((entry) => host.get(stat(entry.path))),
  )
  const inside = new Set(below.map(({ path }) => path))
  const ends = [...new Set(links.flatMap((link) => link?.resolved ?? []))].filter((path) => !inside.has(path))
  const stats = await Promise.all(ends.map((path) => host.get(stat(path))))
  return ends.flatMap((path, index) => {
    const found = stats[index]
    return found === null || found === undefined ? [] : [{ path, stat: found }]
  })
}
