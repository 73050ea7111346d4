import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { report, workplace } from './drover.ts'

/** Two commits on main, the first with a tag, one on another branch, and a submodule; `commit` makes one more. */
const setup = `set -e
git config --global user.name x; git config --global user.email x@x; git config --global init.defaultBranch main
git config --global protocol.file.allow always
mkdir -p /srv && cd /srv
git init -q lib && cd lib && echo lib >lib && git add . && git commit -qm lib && cd ..
git init -q work && cd work && echo 1 >file && git add . && git commit -qm one && git tag -a v1 -m v1
git checkout -qb other && echo other >other && git add . && git commit -qm other && git checkout -q main
git submodule -q add /srv/lib lib && echo 2 >file && git add . && git commit -qm two && cd ..
git clone -q --bare work repo.git && git -C work remote add origin /srv/repo.git
`
const commit = 'cd /srv/work && date +%N >file && git commit -qam more && git push -q origin main && git rev-parse HEAD'

describe.skipIf(!labAvailable)('git', () => {
  let lab: Lab
  let node: LabNode
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    await node.sh(setup)
  })
  afterAll(work.remove)

  const sha = async (of: string): Promise<string> =>
    (await node.sh(`git -C /srv/repo.git rev-parse '${of}^{commit}'`)).trim()
  const git = async (args: object, ...more: readonly string[]) => {
    const task = { name: 'it', git: { repo: '/srv/repo.git', dest: '/srv/checkout', ...args } }
    const playbook = work.file('git.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks: [task] }]))
    const done = await report([playbook, '-i', lab.inventory, ...more])
    const { outcome, message, result, changes } = done.results.get('it @ n1') ?? {}
    return { outcome, message, result, changes }
  }
  /** A check, the run, and the run again. */
  const thrice = async (args: object) => {
    const predicted = await git(args, '--check')
    const done = await git(args)
    expect(done.message).toBeNull()
    expect(predicted).toMatchObject({ outcome: done.outcome, changes: done.changes ?? [] })
    expect(await git(args)).toMatchObject({ outcome: 'ok' })
    return done
  }

  it('follows a branch', async () => {
    const first = await sha('main')
    expect(await thrice({})).toMatchObject({ outcome: 'changed', result: { before: null, after: first } })
    expect(await node.sh('cat /srv/checkout/lib/lib')).toBe('lib\n')
    const next = (await node.sh(commit)).trim()
    expect(await thrice({})).toMatchObject({ outcome: 'changed', result: { before: first, after: next } })
    expect(await node.sh('git -C /srv/checkout status --porcelain --branch')).toBe('## main...origin/main\n')
  })
  it('goes from one version to another', async () => {
    for (const version of ['v1', 'other', await sha('v1'), 'main']) {
      expect(await thrice({ version })).toMatchObject({ outcome: 'changed', result: { after: await sha(version) } })
    }
    const short = (await sha('v1')).slice(0, 9)
    expect(await git({ version: short })).toMatchObject({ outcome: 'changed', result: { after: await sha('v1') } })
    expect(await git({ version: short })).toMatchObject({ outcome: 'ok' })
  })
  it('keeps what was modified, unless it is forced', async () => {
    await node.sh('echo mine >/srv/checkout/file; echo new >/srv/checkout/untracked')
    const refused = await git({ version: 'main' })
    expect(refused).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('Local modifications exist') as string,
    })
    expect(await node.sh('cat /srv/checkout/file')).toBe('mine\n')
    await thrice({ version: 'main', force: true })
    expect(await node.sh('cd /srv/checkout; git diff; cat untracked')).toBe('new\n')
  })
  it('clones with less, over another transport, and bare', async () => {
    await node.sh('rm -rf /srv/checkout')
    await thrice({ repo: 'file:///srv/repo.git', depth: 1, version: 'v1', recursive: false })
    expect(await node.sh('git -C /srv/checkout rev-list --count HEAD')).toBe('1\n')
    await thrice({ repo: 'file:///srv/repo.git', depth: 1, version: 'other', recursive: false })
    await node.sh('rm -rf /srv/checkout')
    await thrice({ bare: true })
    await node.sh(commit)
    await thrice({ bare: true })
    expect((await node.sh('git -C /srv/checkout rev-parse main')).trim()).toBe(await sha('main'))
    await node.sh('rm -rf /srv/checkout')
  })
  it('uses ssh with a key', async () => {
    await node.sh('ssh-keygen -q -t ed25519 -N "" -f /srv/key && cat /srv/key.pub >>/root/.ssh/authorized_keys')
    const args = { repo: 'ssh://root@127.0.0.1/srv/repo.git', key_file: '/srv/key', recursive: false }
    expect(await git(args)).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/cannot be read: .*Host key verification failed/s) as string,
    })
    await thrice({ ...args, accept_newhostkey: true })
    expect(await thrice({ ...args, repo: '/srv/repo.git' })).toMatchObject({ result: { remote_url_changed: true } })
  })
  it.each<[object, string]>([
    [{ version: 'none' }, 'the repository has no none: it has'],
    [{ repo: '/srv/no.git' }, '/srv/no.git cannot be read'],
    [{ dest: '/etc' }, 'neither a git repository nor an empty directory'],
  ])('says what is wrong with %o', async (args, message) => {
    expect(await git(args)).toMatchObject({ outcome: 'failed', message: expect.stringContaining(message) as string })
  })
})
