import { describe, expect, it } from 'vitest'
import { aptSourceFiles } from '../../../modules/facts/apt-source-files.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { parseSource, sourceFileName } from '../../../modules/lib/apt-sources.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import aptRepository from '../../../modules/packages/apt_repository.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const DIRECTORY = '/etc/apt/sources.list.d'
const REPO = 'deb https://repo.example.org/debian bookworm main'
const FILE = `${DIRECTORY}/repo_example_org_debian.list`

const host = (files: { readonly [path: string]: string }): FakeHost =>
  new FakeHost([
    [creator(), ROOT],
    [aptSourceFiles(), Object.keys(files)],
    ...['/etc', '/etc/apt', DIRECTORY].map((path): Known => [stat(path), predictedStat('directory', {})]),
    ...Object.entries(files).flatMap(([path, text]): readonly Known[] => [
      [stat(path), predictedStat('file', {})],
      [content(path), Buffer.from(text)],
    ]),
  ])

type Files = { readonly [path: string]: string }
const main = { '/etc/apt/sources.list': '# here\ndeb http://deb.example.org/debian bookworm main\n' }

describe('apt_repository', () => {
  it.each<[string, Files, object, { readonly [path: string]: string | null }]>([
    ['a new one', main, { repo: REPO }, { [FILE]: `${REPO}\n` }],
    ['in a file of that name', main, { repo: REPO, filename: 'x.list' }, { [`${DIRECTORY}/x.list`]: `${REPO}\n` }],
    [
      'there, with other blanks',
      { '/a.list': 'deb   https://repo.example.org/debian/ bookworm  main # x\n' },
      { repo: REPO },
      {},
    ],
    ['commented out', { [FILE]: `# ${REPO}\n` }, { repo: REPO }, { [FILE]: `${REPO}\n` }],
    [
      'with another option',
      { [FILE]: `x\n${REPO}\n` },
      { repo: REPO.replace('deb', 'deb [arch=amd64]') },
      { [FILE]: `x\n${REPO.replace('deb', 'deb [arch=amd64]')}\n` },
    ],
    [
      'another component',
      { [FILE]: `${REPO}\n` },
      { repo: `${REPO} contrib` },
      { [FILE]: `${REPO}\n${REPO} contrib\n` },
    ],
    ['gone, with its file', { ...main, [FILE]: `${REPO}\n` }, { repo: REPO, state: 'absent' }, { [FILE]: null }],
    ['gone, the rest stays', { [FILE]: `# mine\n${REPO}\n` }, { repo: REPO, state: 'absent' }, { [FILE]: '# mine\n' }],
    ['nothing to go', main, { repo: REPO, state: 'absent' }, {}],
    [
      'a personal archive, gone',
      { [FILE]: 'deb http://ppa.launchpad.net/own/er/ubuntu jammy main\n' },
      { repo: 'ppa:own/er', state: 'absent' },
      { [FILE]: null },
    ],
  ])('%s', async (_, files, args, expected) => {
    const before = host(files)
    const plan = await proposalOf(aptRepository, { update_cache: false, ...args }, before)
    const written = plan.steps.flatMap(({ actions }) =>
      actions.map((action) =>
        action.do === 'write' && action.content.kind === 'bytes'
          ? [action.path, action.content.bytes.toString()]
          : action.do === 'remove'
            ? [action.path, null]
            : [action.do, ''],
      ),
    )
    expect(Object.fromEntries(written)).toEqual(expected)
    expect((await proposalOf(aptRepository, { update_cache: false, ...args }, before.after(plan))).steps).toEqual([])
  })
  it('fetches the lists after a change, and takes back what that fails with', async () => {
    const plan = await proposalOf(aptRepository, { repo: REPO, update_cache_retries: 1 }, host(main))
    expect(plan.steps.at(-1)?.actions).toMatchObject([
      { do: 'sh', title: 'apt-get update', args: ['1', '12', FILE, 'new'] },
    ])
    expect(plan.result).toMatchObject({ sources_added: [FILE] })
  })
  it.each([
    [{ repo: 'https://x' }, 'Invalid repository'],
    [{ repo: 'deb x y z' }, 'Invalid repository'],
    [{ repo: `${REPO}\ndeb http://evil.example.org/ x main` }, 'Invalid repository'],
    [{ repo: REPO, filename: '../x' }, 'no name of a file'],
    [{ repo: 'ppa:deadsnakes/ppa' }, 'Launchpad'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(aptRepository, args, host(main))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
  it('is only for hosts with apt', async () => {
    expect(
      await planOf(
        aptRepository,
        { repo: REPO },
        new FakeHost([
          [aptSourceFiles(), null],
          [creator(), ROOT],
        ]),
      ),
    ).toMatchObject({
      message: expect.stringContaining('no apt'),
    })
  })
})

it.each([
  ['deb http://archive.canonical.com/ubuntu hardy partner', 'archive_canonical_com_ubuntu'],
  ['deb [arch=amd64] https://download.docker.com/linux/debian bookworm stable', 'download_docker_com_linux_debian'],
  ['deb file:/opt/repository ./', 'file_opt_repository'],
  ['deb-src http://user:pw@ex-ample.org:8080/a/b/ xenial main contrib', 'ex_ample_org_8080_a_b'],
  ['deb cdrom:[Debian GNU]/ stable main', 'cdrom'],
  ['deb http://x.org sid', null],
  ['deb http://x.org sid/ main', null],
])('%s goes into %s', (line, name) => {
  const source = parseSource(line)
  expect(source === null ? null : sourceFileName(source)).toBe(name)
})

it.each(SHELLS)('lists the files with %s', async (...shell) => {
  const [found] = await readLocally(
    [aptSourceFiles()],
    shell.filter((word) => typeof word === 'string'),
  )
  expect(found === null || Array.isArray(found)).toBe(true)
})
