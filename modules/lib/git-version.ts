import type { GitRefs } from '../facts/git.ts'
import { commandLine } from './quote.ts'

/** What is to be checked out. */
export interface GitWanted {
  readonly kind: 'branch' | 'tag' | 'commit'
  /** A branch, a tag, or a commit or ref. */
  readonly name: string
  /** The commit that it is; null where that is known only once it has been fetched. */
  readonly commit: string | null
}

/** What a version means: a branch before a tag, as in Ansible. `local` is the commit that it names in the copy that is there. */
export function wantedCommit(
  version: string,
  { branch, refs }: GitRefs,
  local: string | null,
): GitWanted | { readonly problem: string } {
  if (version === 'HEAD') {
    const head = refs.get('HEAD')
    if (branch !== null)
      return { kind: 'branch', name: branch, commit: refs.get(`refs/heads/${branch}`) ?? head ?? null }
    return head === undefined
      ? { problem: 'the repository has no commits, or its HEAD names a branch that it has not' }
      : { kind: 'commit', name: head, commit: head }
  }
  const name = version.replace(/^refs\/(heads|tags)\//, '')
  const onBranch = version.startsWith('refs/tags/') ? undefined : refs.get(`refs/heads/${name}`)
  if (onBranch !== undefined) return { kind: 'branch', name, commit: onBranch }
  const atTag = version.startsWith('refs/heads/') ? undefined : refs.get(`refs/tags/${name}`)
  if (atTag !== undefined) return { kind: 'tag', name, commit: atTag }
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(version)) return { kind: 'commit', name: version, commit: version }
  const ref = refs.get(version)
  if (ref !== undefined) return { kind: 'commit', name: ref, commit: ref }
  if (/^[0-9a-f]{4,39}$/.test(version)) return { kind: 'commit', name: version, commit: local }
  const known = [...refs.keys()].flatMap((ref) => ref.match(/^refs\/(?:heads|tags)\/(.*)$/)?.[1] ?? [])
  return {
    problem: `the repository has no ${version}: it has ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' and more' : ''}`,
  }
}

/** Variables for git: it asks nobody, and speaks English. */
export function gitEnvironment(args: {
  readonly key_file?: string | undefined
  readonly accept_hostkey: boolean
  readonly accept_newhostkey: boolean
  readonly ssh_opts?: string | undefined
}): { readonly [name: string]: string } {
  const checking = args.accept_hostkey ? ['no'] : args.accept_newhostkey ? ['accept-new'] : []
  const key = args.key_file === undefined ? [] : ['-i', args.key_file, '-o', 'IdentitiesOnly=yes']
  const words = [
    'ssh',
    '-o',
    'BatchMode=yes',
    ...checking.flatMap((how) => ['-o', `StrictHostKeyChecking=${how}`]),
    ...key,
  ]
  const ssh = `${commandLine(words)}${args.ssh_opts === undefined ? '' : ` ${args.ssh_opts}`}`
  return { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: ssh }
}
