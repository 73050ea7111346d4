import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import {
  parsePackages,
  parsePreview,
  pip,
  pipPreview,
  pythonPackages,
  type Pip,
  type PythonPackage,
} from '../../../modules/facts/pip.ts'
import { ROOT } from '../../../modules/lib/ownership.ts'
import { isSatisfied, namesInRequirements, parseRequirement, withVersion } from '../../../modules/lib/pip-words.ts'
import pipModule from '../../../modules/packages/pip.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

/** What pip 23.2 prints. */
const listed =
  '[{"name": "library", "version": "1.1"}, {"name": "Two.Words", "version": "2.0", "editable_project_location": "/srv/two"}]\n'
const packages: readonly PythonPackage[] = [
  { name: 'library', version: '1.1' },
  { name: 'two-words', version: '2.0', editable: '/srv/two' },
]
const report = (...installs: readonly [name: string, version: string][]): string =>
  `${JSON.stringify({ version: '1', install: installs.map(([name, version]) => ({ is_direct: false, metadata: { name, version } })) }, null, 2)}\n\nstatus 0\n`

it('reads what pip prints', () => {
  expect(parsePackages(listed)).toEqual(packages)
  expect(parsePackages('\nTwo_Words==2.0\n-e git+https://x/y#egg=z\n')).toEqual([{ name: 'two-words', version: '2.0' }])
  expect(parsePreview(`WARNING: old\n${report(['Tool', '2.0'])}`)).toEqual({
    problem: null,
    installs: [{ name: 'tool', version: '2.0' }],
  })
  const none =
    'ERROR: Could not find a version that satisfies the requirement nope (from versions: none)\nERROR: No matching distribution found for nope\n\nstatus 1\n'
  expect(parsePreview(none).problem).toBe(
    ' Could not find a version that satisfies the requirement nope (from versions: none); No matching distribution found for nope'.trim(),
  )
})

it.each(SHELLS)('finds pip with %s', async (...shell) => {
  const words = shell.filter((word) => typeof word === 'string')
  const [none, venv] = await readLocally([pip('no-such-pip', ''), pip('', '/no/such/venv')], words)
  expect([none, venv]).toEqual([null, null])
})

it.each([
  ['library', true],
  ['Library>=1.0,<2', true],
  ['library[extra] == 1.1.0', true],
  ['library~=1.0', true],
  ['library>1.1', false],
  ['library!=1.1', false],
  ['tool', false],
  ['./library', false],
  ['library-1.1-py3-none-any.whl', false],
  ['library; python_version < "3"', false],
])('%s is met: %s', (written, met) => expect(isSatisfied(parseRequirement(written), packages)).toBe(met))

it('takes a version apart from the name', () => {
  expect(withVersion(parseRequirement('a'), '1.2').written).toBe('a==1.2')
  expect(withVersion(parseRequirement('a'), '>=1.2, <2').written).toBe('a>=1.2,<2')
})

it('finds names in a list of requirements', () => {
  const text =
    '# c\n-r other.txt\nTool==1.0 \\\n  --hash=sha256:0\nlibrary>=1 # why\n--no-index\nx; python_version<"3"\ngit+https://x/y\n'
  expect(namesInRequirements(text)).toEqual(['tool', 'library', 'x'])
})

const VENV = '/srv/venv'
const ARGV = [`${VENV}/bin/pip`]
const own: Pip = { argv: ARGV, version: '23.2.1', managed: false }
const host = (program: Pip | null, more: readonly Known[] = []) =>
  new FakeHost([
    [creator(), ROOT],
    [pip('', VENV), program],
    [pip('', ''), program],
    [pythonPackages(program?.argv ?? ARGV), packages],
    ...more,
  ])

const deeds = async (args: object, at: FakeHost): Promise<readonly string[]> =>
  (await proposalOf(pipModule, { ...args }, at)).steps.flatMap(({ actions }) =>
    actions.map((action) => (action.do === 'run' ? action.argv.join(' ') : action.do)),
  )
const PIP = `${VENV}/bin/pip`
const preview = (words: readonly string[], ...installs: readonly [string, string][]): Known => [
  pipPreview('', ARGV, words),
  parsePreview(report(...installs)),
]

describe('pip', () => {
  it.each<[string, object, readonly Known[], readonly string[]]>([
    ['installs what is missing', { name: ['tool', 'library'] }, [], [`${PIP} install tool`]],
    ['in a version', { name: 'library', version: '2.0' }, [], [`${PIP} install library==2.0`]],
    [
      'with options',
      { name: 'tool', extra_args: "--find-links '/a b'" },
      [],
      [`${PIP} install --find-links /a b tool`],
    ],
    ['finds it all there', { name: ['library>=1', 'Two_Words'] }, [], []],
    [
      'always installs what is forced',
      { name: 'library', state: 'forcereinstall' },
      [],
      [`${PIP} install -U --force-reinstall library`],
    ],
    [
      'upgrades what has a newer one',
      { name: 'library', state: 'latest' },
      [preview(['-U', 'library'], ['library', '2.0'])],
      [`${PIP} install -U library`],
    ],
    ['upgrades nothing else', { name: 'library', state: 'latest' }, [preview(['-U', 'library'])], []],
    [
      'asks pip what a list comes to',
      { requirements: '/r.txt' },
      [preview(['-r', '/r.txt'], ['tool', '1.0'])],
      [`${PIP} install -r /r.txt`],
    ],
    ['a list that is met', { requirements: '/r.txt' }, [preview(['-r', '/r.txt'])], []],
    ['what is worked on', { name: '/srv/two', editable: true }, [], []],
    ['removes', { name: ['library', 'tool'], state: 'absent' }, [], [`${PIP} uninstall -y library`]],
    [
      'removes what a list names',
      { requirements: '/r.txt', state: 'absent' },
      [[content('/r.txt'), Buffer.from('library\n')]],
      [`${PIP} uninstall -y library`],
    ],
    ['has nothing to remove', { name: 'tool', state: 'absent' }, [], []],
  ])('%s', async (_, args, more, expected) => {
    expect(await deeds({ virtualenv: VENV, ...args }, host(own, more))).toEqual(expected)
  })
  it('makes the environment', async () => {
    const args = {
      name: 'tool',
      virtualenv: VENV,
      virtualenv_command: 'python3 -m venv',
      virtualenv_site_packages: true,
    }
    expect(await deeds(args, host(null))).toEqual([
      `python3 -m venv --system-site-packages ${VENV}`,
      `${PIP} install tool`,
    ])
  })
  it('has nothing to remove where there is no environment', async () => {
    expect(await deeds({ name: 'tool', virtualenv: VENV, state: 'absent' }, host(null))).toEqual([])
  })
  it('says which versions come and go', async () => {
    const known = preview(['-U', 'library'], ['library', '2.0'], ['new', '1.0'])
    const { steps } = await proposalOf(
      pipModule,
      { name: 'library', state: 'latest', virtualenv: VENV },
      host(own, [known]),
    )
    expect(steps[0]?.change.attributes).toEqual([
      { name: 'library', before: '1.1', after: '2.0' },
      { name: 'new', before: null, after: '1.0' },
    ])
  })
  it.each<[object, Pip | null, string]>([
    [{ name: 'tool' }, null, 'pip needs to be installed'],
    [{ name: 'tool' }, { ...own, managed: true }, 'PEP 668'],
    [{ name: ['a', 'b'], version: '1' }, own, 'ambiguous'],
    [{ name: 'a==1', version: '1' }, own, 'conflicts'],
    [{ name: '--index-url=http://evil.example.org' }, own, 'extra_args'],
    [{ name: 'a', extra_args: "'" }, own, 'into words'],
  ])('refuses %j', async (args, program, message) => {
    expect(await planOf(pipModule, { ...args }, host(program))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
  it('says what pip says', async () => {
    const no: Known = [
      pipPreview('', ARGV, ['-U', 'nope']),
      parsePreview('ERROR: No matching distribution found for nope\n'),
    ]
    expect(await planOf(pipModule, { name: 'nope', state: 'latest', virtualenv: VENV }, host(own, [no]))).toMatchObject(
      {
        message: 'pip: No matching distribution found for nope',
      },
    )
  })
})
