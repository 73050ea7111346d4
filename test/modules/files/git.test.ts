import { describe, expect, it } from 'vitest'
import { nothingBrought } from '../../../modules/facts/brought.ts'
import { creator } from '../../../modules/facts/creator.ts'
import {
  gitPlace,
  parseGitPlace,
  parseGitRefs,
  type GitCopy,
  type GitPlace,
  type GitRefs,
} from '../../../modules/facts/git.ts'
import type { Fact } from '../../../modules/fact.ts'
import git from '../../../modules/files/git.ts'
import { gitEnvironment, wantedCommit } from '../../../modules/lib/git-version.ts'
import { ROOT } from '../../../modules/lib/ownership.ts'
import { UnknownFact, type HostState } from '../../../modules/module.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string]

/** What git 2.39 printed of a small repository. */
const LISTED = `ref: refs/heads/main\tHEAD
${A}\tHEAD
${B}\trefs/heads/feature/x
${A}\trefs/heads/main
${C}\trefs/tags/v1
${B}\trefs/tags/v1^{}
${C}\trefs/pull/7/head
`
const REFS = parseGitRefs(Buffer.from(LISTED)) as GitRefs

describe('what a repository has', () => {
  it('is read, tags as the commits that they stand for', () => {
    expect(REFS.branch).toBe('main')
    expect(REFS.refs.get('refs/tags/v1')).toBe(B)
    expect(REFS.refs.get('refs/heads/feature/x')).toBe(B)
  })
  it('is read where git does not tell what HEAD stands for', () => {
    const refs = parseGitRefs(Buffer.from(`${A}\tHEAD\n${A}\trefs/heads/a\n${A}\trefs/heads/master\n`))
    expect(refs).toMatchObject({ branch: 'master' })
  })
  it('may not be had', () => {
    expect(parseGitRefs(Buffer.from("!fatal: '/x' does not appear to be a git repository\n"))).toEqual({
      trouble: "fatal: '/x' does not appear to be a git repository",
    })
  })
})

it.each<[string, object]>([
  ['HEAD', { kind: 'branch', name: 'main', commit: A }],
  ['feature/x', { kind: 'branch', name: 'feature/x', commit: B }],
  ['refs/heads/main', { kind: 'branch', name: 'main', commit: A }],
  ['v1', { kind: 'tag', name: 'v1', commit: B }],
  [C, { kind: 'commit', name: C, commit: C }],
  ['refs/pull/7/head', { kind: 'commit', name: C, commit: C }],
  ['abc1234', { kind: 'commit', name: 'abc1234', commit: 'known here' }],
  ['none', { problem: 'the repository has no none: it has feature/x, main, v1' }],
])('%s is %o', (version, wanted) => {
  expect(wantedCommit(version, REFS, 'known here')).toEqual(wanted)
})

it('reads a working copy', () => {
  const raw = `copy\0false\0${A}\0/srv/r.git\0${B}\0 M a b\nA  c\n\0-${C} lib\n ${C} other (v1)\n+${C} deep/er (x)\n\0`
  expect(parseGitPlace(Buffer.from(raw))).toEqual({
    kind: 'copy',
    bare: false,
    head: A,
    url: '/srv/r.git',
    version: B,
    modified: ['a b', 'c'],
    submodules: ['lib', 'deep/er'],
  })
  expect(parseGitPlace(Buffer.from('trouble\0fatal: detected dubious ownership\n'))).toEqual({
    kind: 'trouble',
    message: 'fatal: detected dubious ownership',
  })
})

it('asks nobody, and knows the keys of hosts', () => {
  const env = gitEnvironment({ accept_hostkey: false, accept_newhostkey: true, key_file: '/k y', ssh_opts: '-p 2' })
  expect(env).toEqual({
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -i '/k y' -o IdentitiesOnly=yes -p 2",
  })
})

const COPY: GitCopy = {
  kind: 'copy',
  bare: false,
  head: A,
  url: 'https://h/r',
  modified: [],
  submodules: [],
  version: A,
}
function hostWith(place: GitPlace, version = 'HEAD', remote: unknown = REFS): HostState {
  const table = new FakeHost([
    [creator(), ROOT],
    [gitPlace('/w', 'origin', version), place],
  ])
  return {
    get: async <T>(fact: Fact<T>): Promise<T> => (fact.kind.name === 'git-remote' ? (remote as T) : table.get(fact)),
  }
}
const REPO = { repo: 'https://h/r', dest: '/w' }

/** A host that reaches the repository. */
const withRemote = (table: FakeHost): HostState => ({
  get: async <T>(fact: Fact<T>): Promise<T> => (fact.kind.name === 'git-remote' ? (REFS as T) : table.get(fact)),
})

describe('git', () => {
  it.each<[string, object, GitPlace, string, readonly string[]]>([
    ['clones', {}, { kind: 'nothing' }, 'clone', ['commit']],
    ['clones into an empty directory', {}, { kind: 'empty' }, 'clone', ['commit']],
    ['goes on', { version: 'v1' }, COPY, 'update', ['commit']],
    ['sets the url', {}, { ...COPY, url: 'https://old/r' }, 'update', ['url']],
    ['throws changes away', { force: true }, { ...COPY, modified: ['a'] }, 'update', ['modified files']],
    ['brings submodules', {}, { ...COPY, submodules: ['lib'] }, 'update', ['submodules behind']],
  ])('%s', async (_, more, place, verb, names) => {
    const args = { ...REPO, ...more }
    const { steps } = await proposalOf(git, args, hostWith(place, 'version' in more ? String(more.version) : 'HEAD'))
    expect(steps).toHaveLength(1)
    expect(steps[0]?.change.attributes?.map(({ name }) => name)).toEqual(names)
    const [action] = steps[0]?.actions ?? []
    expect(action?.do === 'sh' ? action.args[6] : undefined).toBe(verb)
  })
  it.each<[string, object, GitPlace, object]>([
    ['at the commit', {}, COPY, { before: A, after: A, remote_url_changed: false }],
    ['not to be updated', { update: false }, { ...COPY, head: B }, { before: B, after: B }],
    ['not to be cloned', { clone: false }, { kind: 'nothing' }, { before: null, after: A }],
    ['submodules that nobody wants', { recursive: false }, { ...COPY, submodules: ['lib'] }, { after: A }],
  ])('does nothing: %s', async (_, more, place, result) => {
    const plan = await proposalOf(git, { ...REPO, ...more }, hostWith(place))
    expect(plan.steps).toEqual([])
    expect(plan.result).toMatchObject(result)
  })
  it.each<[string, object, GitPlace, unknown, string]>([
    [
      'local modifications',
      {},
      { ...COPY, modified: ['a', 'b'] },
      REFS,
      'Local modifications exist in the destination: /w (force=no): a, b',
    ],
    ['something else there', {}, { kind: 'other' }, REFS, 'neither a git repository nor an empty directory'],
    ['no git', {}, { kind: 'no git' }, REFS, 'git is not on the host'],
    [
      'no repository',
      { repo: 'https://u:sesame@h/r' },
      { kind: 'nothing' },
      { trouble: 'fatal: no' },
      'https://h/r cannot be read: fatal: no',
    ],
    ['a working copy for a bare one', { bare: true }, COPY, REFS, 'not a bare one'],
  ])('refuses: %s', async (_, more, place, remote, message) => {
    const plan = await planOf(git, { ...REPO, ...more }, hostWith(place, 'HEAD', remote))
    expect(plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) as string })
  })
  it('cannot say in a check whether git comes with a package that would be installed', async () => {
    const host = new FakeHost([
      [creator(), ROOT],
      [gitPlace('/w', 'origin', 'HEAD'), { kind: 'no git' }],
      [nothingBrought(), new UnknownFact('what-packages-bring')],
    ])
    await expect(planOf(git, REPO, host)).rejects.toThrow(UnknownFact)
  })
  it('is where it should be after what it plans', async () => {
    const host = new FakeHost([
      [creator(), ROOT],
      [gitPlace('/w', 'origin', 'HEAD'), { kind: 'nothing' }],
    ])
    const plan = await planOf(git, REPO, withRemote(host))
    expect(await proposalOf(git, REPO, withRemote(host.after(plan)))).toMatchObject({ steps: [] })
  })
})
