import { describe, expect, it } from 'vitest'
import { rpmManager, type RpmManager } from '../../../modules/facts/package-manager.ts'
import { rpm, rpmArchive, type Rpm } from '../../../modules/facts/rpm.ts'
import { rpmTransaction } from '../../../modules/facts/rpm-transaction.ts'
import { parseEvr } from '../../../modules/lib/rpm-version.ts'
import { UnknownFact } from '../../../modules/module.ts'
import yum from '../../../modules/packages/yum.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { OUTPUT } from '../facts/dnf-output.ts'

const DNF4: RpmManager = { program: 'dnf', generation: 4 }
const BEFORE = ['--setopt=exit_on_lock=1']
const AFTER = ['--setopt=clean_requirements_on_remove=0']

const package_ = (name: string, evr: string): Rpm => ({ name, arch: 'noarch', ...parseEvr(evr) })
const LONG = 'hello-a-name-that-is-far-too-long-for-the-table-of-dnf'
const foreseen = (words: readonly string[], printed: string, options: readonly string[] = []): Known => {
  const fact = rpmTransaction('dnf', [...BEFORE, ...options, ...AFTER, ...words], 30)
  return [fact, fact.parse(Buffer.from(printed))]
}
const NONE = ['greet', 'hello2', 'hello3', 'nope', 'hello-1.0', 'broken', LONG]
/** A host with `hello` in a version, or without. */
const host = (hello: string | null, ...known: readonly Known[]) =>
  new FakeHost([
    [rpmManager(), DNF4],
    [rpm('hello'), hello === null ? [] : [package_('hello', hello)]],
    ...NONE.map((name): Known => [rpm(name), []]),
    ...known,
  ])

/** What dnf is to do, without the options that it always gets. */
async function calls(args: JsonObject, on: FakeHost): Promise<readonly string[]> {
  const { steps } = await proposalOf(yum, args, on)
  return steps
    .flatMap(({ actions }) => actions)
    .map((action) =>
      action.do === 'sh'
        ? action.args
            .slice(2)
            .filter((word) => ![...BEFORE, ...AFTER].includes(word))
            .join(' ')
        : action.do,
    )
}

describe('yum', () => {
  it.each<[string, JsonObject, FakeHost, readonly string[]]>([
    [
      'installs what is missing, and that only',
      { name: ['hello', 'hello2'] },
      host('1.0-1', foreseen(['install', 'hello2'], OUTPUT.DNF4_OBSOLETE), [
        rpm('hello3'),
        [package_('hello3', '1.0-1')],
      ]),
      ['dnf -y install hello2'],
    ],
    [
      'upgrades',
      { name: 'hello', state: 'latest' },
      host('1.0-1', foreseen(['upgrade', 'hello'], OUTPUT.DNF4_UPGRADE)),
      ['dnf -y upgrade hello'],
    ],
    [
      'upgrades and installs in one transaction',
      { name: ['hello', 'greet'], state: 'latest' },
      host(
        '1.0-1',
        foreseen(['upgrade', 'hello'], OUTPUT.DNF4_UPGRADE),
        foreseen(['install', 'greet', 'hello-1.1-1.noarch'], OUTPUT.DNF4_UPGRADE),
      ),
      ['dnf -y install greet hello-1.1-1.noarch'],
    ],
    [
      'upgrades all',
      { name: '*', state: 'latest', security: true },
      host('1.0-1', [rpm('*'), []], foreseen(['upgrade', '--security'], OUTPUT.DNF4_UPGRADE)),
      ['dnf -y upgrade --security'],
    ],
    [
      'removes',
      { name: ['hello', 'nope'], state: 'absent' },
      host('1.0-1', foreseen(['remove', 'hello'], OUTPUT.DNF4_REMOVE), [rpm('greet'), [package_('greet', '1.0-1')]]),
      ['dnf -y remove hello'],
    ],
    [
      'removes a group without packages',
      { name: '@greetings', state: 'absent' },
      host(null, foreseen(['remove', '@greetings'], OUTPUT.DNF4_GROUP)),
      ['dnf -y remove @greetings'],
    ],
    [
      'goes back where it may',
      { name: ['hello-1.0', LONG], allow_downgrade: true },
      host('1.1-1', foreseen(['install', 'hello-1.0', LONG], OUTPUT.DNF4_DOWNGRADE)),
      [`dnf -y install hello-1.0 ${LONG}`],
    ],
    [
      'uses the repositories that it is told',
      { name: 'hello', enablerepo: 'a,b', disablerepo: '*', disable_gpg_check: true, update_cache: true },
      host(
        null,
        foreseen(['install', 'hello'], OUTPUT.DNF4_INSTALL, [
          '--disablerepo=*',
          '--enablerepo=a',
          '--enablerepo=b',
          '--refresh',
          '--nogpgcheck',
        ]),
      ),
      ['dnf -y --disablerepo=* --enablerepo=a --enablerepo=b --refresh --nogpgcheck install hello'],
    ],
    ['fetches what the repositories have', { update_cache: true }, host(null), ['dnf -y --refresh makecache']],
  ])('%s', async (_, args, on, expected) => {
    expect(await calls(args, on)).toEqual(expected)
  })

  it.each<[string, JsonObject, FakeHost]>([
    ['what is there', { name: 'hello' }, host('1.0-1')],
    ['what is gone', { name: 'hello', state: 'removed' }, host(null)],
    [
      'the newest',
      { name: 'hello', state: 'latest' },
      host('1.1-1', foreseen(['upgrade', 'hello'], OUTPUT.DNF4_NOTHING)),
    ],
    ['what is not there, with update_only', { name: 'hello', state: 'latest', update_only: true }, host(null)],
    ['a group whose packages are there', { name: '@x' }, host(null, foreseen(['install', '@x'], OUTPUT.DNF5_GROUP))],
    [
      'an older url',
      { name: 'http://h/x.rpm' },
      host('1.1-1', [rpmArchive('http://h/x.rpm'), package_('hello', '1.0-1')]),
    ],
    ['a file', { name: '/x.rpm' }, host('1:1.0-1', [rpmArchive('/x.rpm'), package_('hello', '1:1.0-1')])],
  ])('has nothing to do for %s', async (_, args, on) => {
    expect(await calls(args, on)).toEqual([])
  })

  it('installs a newer package of a url', async () => {
    const url = 'https://h/x.rpm'
    const on = host(
      '1.0-1',
      [rpmArchive(url), package_('hello', '1.1-1')],
      foreseen(['install', url], OUTPUT.DNF4_UPGRADE),
    )
    expect(await calls({ name: url }, on)).toEqual([`dnf -y install ${url}`])
  })

  it('does not go back unasked, and says so', async () => {
    const on = host(
      '1.1-1',
      foreseen(['install', 'hello-1.0', LONG], OUTPUT.DNF4_DOWNGRADE),
      [rpm(LONG), []],
      foreseen(['install', LONG], OUTPUT.DNF4_NOTHING),
    )
    expect(await proposalOf(yum, { name: ['hello-1.0', LONG] }, on)).toMatchObject({
      steps: [],
      warnings: [expect.stringContaining('hello stays at 1.1-1, which is newer than 1.0-1')],
    })
  })

  it('shows what comes and goes, and predicts it', async () => {
    const on = host('1.0-1', foreseen(['install', 'greet', LONG], OUTPUT.DNF4_INSTALL))
    const plan = await proposalOf(yum, { name: ['greet', LONG] }, on)
    expect(plan.steps[0]?.change).toMatchObject({
      verb: 'update',
      attributes: [
        { name: 'greet', before: null, after: '1.0-1' },
        { name: 'hello', before: null, after: '1.1-1' },
        { name: LONG, before: null, after: '2.0.0.0.0.0.0.0.0.0.0.0.1-1' },
      ],
    })
    expect((await proposalOf(yum, { name: ['greet', LONG] }, on.after(plan))).steps).toEqual([])
  })

  it('does not foretell twice what an earlier task brings', async () => {
    const on = host(
      null,
      foreseen(['install', 'hello'], OUTPUT.DNF4_INSTALL),
      foreseen(['install', 'hello2'], OUTPUT.DNF4_INSTALL),
    )
    const first = await proposalOf(yum, { name: 'hello' }, on)
    expect((await proposalOf(yum, { name: 'hello2' }, on.after(first))).steps).toEqual([])
  })

  it.each<[JsonObject, FakeHost, string]>([
    [{ name: 'nope' }, host(null, foreseen(['install', 'nope'], OUTPUT.DNF4_MISSING)), 'No match for argument: nope'],
    [{ name: 'broken' }, host(null, foreseen(['install', 'broken'], OUTPUT.DNF4_BROKEN)), 'nothing provides nowhere'],
    [{ name: '/x.rpm' }, host(null, [rpmArchive('/x.rpm'), null]), 'no package in that file'],
    [{ name: 'hello', autoremove: true }, host(null), 'state: absent'],
    [{ name: 'hello' }, new FakeHost([[rpmManager(), null]]), 'neither dnf nor yum'],
  ])('refuses %j', async (args, on, message) => {
    expect(await planOf(yum, args, on)).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
  })
})

describe('yum in a check, after a task that would install a package', () => {
  it.each<[JsonObject, Known]>([
    [{ name: 'hello', state: 'absent' }, foreseen(['remove', 'hello'], OUTPUT.DNF4_NOTHING)],
    [{ name: 'hello', state: 'latest' }, foreseen(['upgrade', 'hello'], OUTPUT.DNF4_MISSING)],
  ])('cannot say what %j would do', async (args, known) => {
    await expect(planOf(yum, args, host('1.0-1', known))).rejects.toThrow(UnknownFact)
  })

  it.each([
    ['remote-release', 'hello', 'repositories-of-packages'],
    ['http://here/hello-1.1-1.noarch.rpm', 'hello', 'repositories-of-packages'],
    ['hello', 'hello', 'refusal'],
  ])('what is nowhere may be in the repository that %s brings: %s', async (name, brought, outcome) => {
    const on = host(
      null,
      [rpm(name), []],
      [rpmArchive(name), package_(brought, '1.1-1')],
      foreseen(['install', name], OUTPUT.DNF4_INSTALL),
      foreseen(['install', 'nope'], OUTPUT.DNF4_MISSING),
    )
    const after = planOf(yum, { name: 'nope' }, on.after(await proposalOf(yum, { name }, on)))
    expect(
      await after.then(
        ({ kind }) => kind,
        ({ message }: UnknownFact) => message,
      ),
    ).toContain(outcome)
  })
})
