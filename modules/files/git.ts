import { nothingBrought } from '../facts/brought.ts'
import { creator } from '../facts/creator.ts'
import { gitPlace, gitRefs, type GitCopy, type GitPlace, type GitRefs, type GitTrouble } from '../facts/git.ts'
import { stat } from '../facts/stat.ts'
import { withoutLogin } from '../facts/web.ts'
import { GIT_SCRIPT } from '../lib/git-script.ts'
import { gitEnvironment, wantedCommit, type GitWanted } from '../lib/git-version.ts'
import { hostPath } from '../lib/host-path.ts'
import { predictedStat } from '../lib/ownership.ts'
import { defineModule, outputText, propose, refuse, type Infer, type JsonObject, type Plan } from '../module.ts'
import type { Creator } from '../facts/creator.ts'
import { becomes, beneath, stale, type AttributeChange, type ScriptAction } from '../step.ts'

const args = {
  type: 'object',
  required: ['repo', 'dest'],
  properties: {
    repo: {
      type: 'string',
      aliases: ['name'],
      description: 'The repository: a url of git, ssh or https, or a path on the host.',
      since: '0.1.0',
    },
    dest: {
      type: 'string',
      format: 'path',
      description: 'Where it is checked out; made with its parents.',
      since: '0.1.0',
    },
    version: {
      type: 'string',
      default: 'HEAD',
      description: 'A branch, a tag or a commit; HEAD is the branch that the repository itself goes by.',
      since: '0.1.0',
    },
    remote: { type: 'string', default: 'origin', description: 'The name of the remote.', since: '0.1.0' },
    force: {
      type: 'boolean',
      default: false,
      description: 'Throws local modifications away, where there are any.',
      since: '0.1.0',
    },
    update: {
      type: 'boolean',
      default: true,
      description: 'With false, what is there already is left as it is.',
      since: '0.1.0',
    },
    clone: {
      type: 'boolean',
      default: true,
      description: 'With false, nothing is cloned where nothing is.',
      since: '0.1.0',
    },
    bare: { type: 'boolean', default: false, description: 'Makes a bare repository.', since: '0.1.0' },
    depth: { type: 'integer', minimum: 1, description: 'Takes only so many commits of the history.', since: '0.1.0' },
    single_branch: {
      type: 'boolean',
      default: false,
      description: 'Clones the history of the version alone.',
      since: '0.1.0',
    },
    recursive: { type: 'boolean', default: true, description: 'With its submodules.', since: '0.1.0' },
    track_submodules: {
      type: 'boolean',
      default: false,
      description: 'Submodules follow their own branches.',
      since: '0.1.0',
    },
    reference: {
      type: 'string',
      format: 'path',
      description: 'A repository on the host to borrow objects from.',
      since: '0.1.0',
    },
    refspec: { type: 'string', description: 'What is fetched besides.', since: '0.1.0' },
    key_file: { type: 'string', format: 'path', description: 'A private key on the host for ssh.', since: '0.1.0' },
    accept_hostkey: {
      type: 'boolean',
      default: false,
      description: 'Takes any key for that of the repository’s host.',
      since: '0.1.0',
    },
    accept_newhostkey: {
      type: 'boolean',
      default: false,
      description: 'Takes the key of a host that is not known yet.',
      since: '0.1.0',
    },
    ssh_opts: { type: 'string', description: 'Further options for ssh.', since: '0.1.0' },
    umask: { type: 'string', format: 'mode', description: 'The umask for what is made.', since: '0.1.0' },
  },
} as const
type Args = Infer<typeof args>

interface State {
  readonly dest: string
  readonly repo: string
  readonly creator: Creator
  readonly place: GitPlace
  readonly remote: GitRefs | GitTrouble | null
}

export default defineModule({
  name: 'git',
  summary: 'Keep a checkout of a git repository.',
  description:
    'What the repository has is asked first, so that a check tells which commit would be checked out. Tracked files that were changed are an error, unless `force` is set; files that git does not know are left alone. ' +
    'The host needs git. A password in the url is seen by other users of the host while git runs: a key or a credential helper is not.',
  args,
  returns: {
    before: 'The commit that was checked out; null where there was none.',
    after: 'The commit that is checked out then.',
    remote_url_changed: 'Whether the remote has another url now.',
  },
  examples: [
    {
      title: 'A branch, kept up to date',
      given:
        'shell: >-\n  git init -q --bare /srv/drover-tool.git && cd /srv && rm -rf drover-work && git clone -q drover-tool.git drover-work 2>/dev/null && cd drover-work &&\n  git checkout -q -b main && echo 1 >file && git add file && git -c user.name=x -c user.email=x@x commit -qm one && git push -q origin main &&\n  git --git-dir /srv/drover-tool.git symbolic-ref HEAD refs/heads/main\nargs: { creates: /srv/drover-tool.git }',
      task: 'git: { repo: /srv/drover-tool.git, dest: /srv/drover-checkout, version: main }',
    },
    {
      title: 'A tag, without its history',
      task: 'git:\n  repo: https://git.example.org/tool.git\n  dest: /opt/tool\n  version: v1.2\n  depth: 1',
      needs: 'a repository',
    },
  ],
  async observe(host, args): Promise<State> {
    const dest = (await hostPath(host, args.dest)).replace(/(?<=.)\/+$/, '')
    const isPath = args.repo.startsWith('/') || args.repo.startsWith('~')
    const repo = isPath ? await hostPath(host, args.repo) : args.repo
    const [place, by] = await Promise.all([host.get(gitPlace(dest, args.remote, args.version)), host.get(creator())])
    if (place.kind === 'no git') await host.get(nothingBrought())
    const asks = place.kind === 'copy' ? args.update : place.kind === 'nothing' || place.kind === 'empty'
    const remote = asks ? await host.get(gitRefs(repo, withoutLogin(args.repo), gitEnvironment(args))) : null
    return { dest, repo, creator: by, place, remote }
  },
  plan(args, state) {
    const { dest, place, remote } = state
    const before = place.kind === 'copy' ? place.head : null
    const result = { before }
    switch (place.kind) {
      case 'no git':
        return refuse('git is not on the host: install it first (package: { name: git })', result)
      case 'trouble':
        return refuse(`git cannot use ${dest}: ${place.message}`, result)
      case 'other':
        return refuse(`${dest} is there, and is neither a git repository nor an empty directory`, result)
      default:
    }
    if (place.kind === 'copy' && !args.update) return propose([], { ...result, after: before })
    if (remote === null) return refuse('the repository was not asked', result)
    if ('trouble' in remote) return refuse(`${withoutLogin(args.repo)} cannot be read: ${remote.trouble}`, result)
    const wanted = wantedCommit(args.version, remote, place.kind === 'copy' ? place.version : null)
    if ('problem' in wanted) return refuse(wanted.problem, result)
    if (place.kind === 'copy') return planUpdate(args, state, place, wanted)
    if (!args.clone) return propose([], { ...result, after: wanted.commit })
    return steps(
      args,
      state,
      wanted,
      'clone',
      [{ name: 'commit', before: null, after: wanted.commit ?? wanted.name }],
      result,
    )
  },
  result(_args, _state, [done]) {
    return done === undefined || done.status !== 0 ? {} : { after: outputText(done.stdout).trim() }
  },
})

function planUpdate(args: Args, state: State, place: GitCopy, wanted: GitWanted): Plan {
  const { dest, repo } = state
  const moved = place.url !== repo
  const result = { before: place.head, ...(moved ? { remote_url_changed: true } : {}) }
  if (place.bare !== args.bare)
    return refuse(
      `${dest} is ${place.bare ? 'a bare repository' : 'a working copy'}, not ${args.bare ? 'a bare one' : 'a working copy'}`,
      result,
    )
  const modified = args.bare ? [] : place.modified
  if (modified.length > 0 && !args.force)
    return refuse(
      `Local modifications exist in the destination: ${dest} (force=no): ${modified.slice(0, 5).join(', ')}${modified.length > 5 ? ' and more' : ''}`,
      result,
    )
  const submodules = args.recursive && !args.bare ? place.submodules : []
  const current = args.bare ? place.version : place.head
  const differs = wanted.commit === null || wanted.commit !== current
  const attributes: readonly AttributeChange[] = [
    ...(differs ? [{ name: 'commit', before: current, after: wanted.commit ?? wanted.name }] : []),
    ...(moved
      ? [{ name: 'url', before: place.url === null ? null : withoutLogin(place.url), after: withoutLogin(args.repo) }]
      : []),
    ...(modified.length > 0 ? [{ name: 'modified files', before: modified, after: [] }] : []),
    ...(submodules.length > 0 ? [{ name: 'submodules behind', before: submodules, after: [] }] : []),
  ]
  if (attributes.length === 0) return propose([], { ...result, after: place.head, remote_url_changed: false })
  return steps(args, state, wanted, 'update', attributes, result)
}

/** How the script is told yes or no. */
const flag = (on: boolean): string => (on ? 'yes' : '')

function steps(
  args: Args,
  { dest, repo, creator: by }: State,
  wanted: GitWanted,
  verb: 'clone' | 'update',
  attributes: readonly AttributeChange[],
  result: JsonObject,
): Plan {
  const depth = args.depth === undefined ? '' : String(args.depth)
  const action: ScriptAction = {
    do: 'sh',
    title: `${verb} ${withoutLogin(args.repo)} in ${dest}`,
    script: GIT_SCRIPT,
    args: [
      dest,
      repo,
      args.remote,
      wanted.kind,
      wanted.name,
      wanted.commit ?? '',
      verb,
      depth,
      flag(args.bare),
      flag(args.force),
      flag(args.single_branch),
      flag(args.recursive),
      flag(args.track_submodules),
      args.reference ?? '',
      args.refspec ?? '',
    ],
    environment: gitEnvironment(args),
    ...(args.umask === undefined ? {} : { umask: args.umask }),
  }
  const copy: GitCopy = {
    kind: 'copy',
    bare: args.bare,
    head: wanted.commit,
    url: repo,
    modified: [],
    submodules: [],
    version: wanted.commit,
  }
  const fact = gitPlace(dest, args.remote, args.version)
  const made = predictedStat('directory', {}, by)
  return propose(
    [
      {
        change: { subject: dest, verb: verb === 'clone' ? 'create' : 'update', attributes },
        actions: [action],
        effects: [
          beneath(dest, 'unknown'),
          ...(verb === 'clone' ? [becomes(stat(dest), made)] : []),
          wanted.commit === null ? stale(fact) : becomes(fact, copy),
        ],
      },
    ],
    { ...result, ...(wanted.commit === null ? {} : { after: wanted.commit }) },
  )
}
