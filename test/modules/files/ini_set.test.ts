import { describe, expect, it } from 'vitest'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat } from '../../../modules/facts/stat.ts'
import iniSet from '../../../modules/files/ini_set.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const PATH = '/etc/nova/nova.conf'
const host = (text: string | null, more: readonly Known[] = []) =>
  new FakeHost([
    [creator(), ROOT],
    [stat('/etc'), predictedStat('directory', {})],
    [stat('/etc/nova'), predictedStat('directory', {})],
    ...(text === null
      ? []
      : ([
          [stat(PATH), predictedStat('file', { mode: '0640', group: 'nova' })],
          [content(PATH), Buffer.from(text)],
        ] as Known[])),
    ...more,
  ])

/** The text after a task; null where it plans nothing. Holds each task to the law that a second one plans nothing. */
async function after(text: string | null, args: JsonObject): Promise<string | null> {
  const before = host(text)
  const plan = await proposalOf(iniSet, { path: PATH, ...args }, before)
  expect((await proposalOf(iniSet, { path: PATH, ...args }, before.after(plan))).steps).toEqual([])
  const step = plan.steps.at(-1)
  if (step === undefined) return null
  expect(step.actions).toMatchObject([{ do: 'write', path: PATH }])
  return step.change.text?.after ?? null
}

describe('ini_set', () => {
  it.each<[string, string | null, JsonObject, string | null]>([
    ['sets an option', '[a]\nx = 1\n', { section: 'a', option: 'x', value: '2' }, '[a]\nx = 2\n'],
    ['leaves what is right', '[a]\nx=1\n', { section: 'a', option: 'x', value: '1' }, null],
    ['makes the file', null, { section: 'a', option: 'x', value: '1' }, '[a]\nx = 1\n'],
    [
      'sets many options',
      '[a]\nx = 1\n',
      { section: 'a', options: { x: 2, y: 'z', l: ['p', 'q'] } },
      '[a]\nx = 2\ny = z\nl = p\nl = q\n',
    ],
    ['keeps letters that are not ASCII', '[ä]\nü = à \n', { section: 'ä', option: 'ü', value: 'à☃' }, '[ä]\nü = à☃\n'],
    [
      'writes booleans as Ansible does, texts as they are',
      '',
      { section: 'a', options: { x: true, y: 'yes' } },
      '[a]\nx = True\ny = yes\n',
    ],
    ['removes an option', '[a]\nx = 1\nx = 2\ny = 1\n', { section: 'a', option: 'x', state: 'absent' }, '[a]\ny = 1\n'],
    [
      'removes one value',
      '[a]\nx = 1\nx = 2\n',
      { section: 'a', option: 'x', value: '2', exclusive: false, state: 'absent' },
      '[a]\nx = 1\n',
    ],
    ['removes a section', '[a]\nx = 1\n[b]\n', { section: 'a', state: 'absent' }, '[b]\n'],
    ['removes nothing from no file', null, { section: 'a', option: 'x', state: 'absent' }, null],
    ['adds a section', '[a]\n', { section: 'b' }, '[a]\n\n[b]\n'],
    ['sets a name alone', '[m]\n', { section: 'm', option: 'skip', allow_no_value: true }, '[m]\nskip\n'],
    ['sets before any section', 'x = 1\n[a]\nx = 1\n', { option: 'x', value: '2' }, 'x = 2\n[a]\nx = 1\n'],
    ['reads a last newline of a value as none', '[a]\nx = 1\n', { section: 'a', option: 'x', value: '1\n' }, null],
  ])('%s', async (_, text, args, expected) => {
    expect(await after(text, args)).toBe(expected)
  })

  it.each<[string, JsonObject, string]>([
    ['a value without an option', { section: 'a', value: '1' }, 'value needs an option'],
    ['an option without a value', { section: 'a', option: 'x' }, 'allow_no_value'],
    ['nothing at all', {}, 'one of section, option and options'],
    ['a value that would read as a comment', { section: 'a', option: 'x', value: '1\n# 2' }, 'looks like a comment'],
    ['a name that is a comment', { section: 'a', option: '#x', value: '1' }, "cannot be an option's name"],
    ['a nested value', { section: 'a', options: { x: { y: 1 } } }, 'neither text nor a list'],
    ['a section of two lines', { section: 'a\nb', option: 'x', value: '1' }, 'no name of a section'],
    ['a section that a bracket ends', { section: 'a]\n[b', option: 'x', value: '1' }, 'no name of a section'],
  ])('refuses %s', async (_, args, message) => {
    expect(await planOf(iniSet, { path: PATH, ...args }, host(''))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('refuses a missing file where it may not make one', async () => {
    const plan = await planOf(iniSet, { path: PATH, section: 'a', option: 'x', value: '1', create: false }, host(null))
    expect(plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining('does not exist') })
  })

  it('shows the change of text beside that of the mode, in one step', async () => {
    const { steps } = await proposalOf(
      iniSet,
      { path: PATH, section: 'a', option: 'x', value: '1', mode: '0600', backup: true },
      host(''),
    )
    expect(steps).toMatchObject([
      {
        change: {
          verb: 'update',
          text: { before: '', after: '[a]\nx = 1\n' },
          attributes: [{ name: 'mode', before: '0640', after: '0600' }],
        },
        actions: [{ do: 'write', mode: '0600', backup: true }],
      },
    ])
  })

  it('sets only the mode where the text is right', async () => {
    const { steps } = await proposalOf(
      iniSet,
      { path: PATH, section: 'a', option: 'x', value: '1', owner: '0', mode: 'g-r' },
      host('[a]\nx=1\n'),
    )
    expect(steps.flatMap((step) => step.actions)).toEqual([{ do: 'attributes', path: PATH, mode: '0600' }])
  })

  it('makes missing directories', async () => {
    const known: readonly Known[] = [
      [creator(), ROOT],
      [stat('/etc'), predictedStat('directory', {})],
    ]
    const { steps } = await proposalOf(
      iniSet,
      { path: '/etc/a/b/c.ini', section: 's', option: 'x', value: '1' },
      new FakeHost(known),
    )
    expect(steps.map((step) => [step.actions[0]?.do, step.change.subject])).toEqual([
      ['directory', '/etc/a'],
      ['directory', '/etc/a/b'],
      ['write', '/etc/a/b/c.ini'],
    ])
  })

  it("edits a link's target", async () => {
    const link = { ...predictedStat('link', {}), target: 'real', resolved: '/etc/real' }
    const known: readonly Known[] = [
      [creator(), ROOT],
      [stat('/etc/l'), link],
      [content('/etc/l'), Buffer.from('')],
      [stat('/etc/real'), predictedStat('file', {})],
    ]
    const { steps } = await proposalOf(iniSet, { path: '/etc/l', section: 's' }, new FakeHost(known))
    expect(steps[0]?.actions).toMatchObject([{ do: 'write', path: '/etc/real' }])
    const changed = steps[0]?.effects.map((effect) => (effect.kind === 'becomes' ? effect.fact.key : effect.kind))
    expect(changed).toEqual(
      expect.arrayContaining([content('/etc/l').key, content('/etc/real').key, checksum('/etc/l').key]),
    )
  })

  it('says where the backup is', () => {
    const ran = {
      status: 0,
      stdout: Buffer.from(`${PATH}.1.2026-01-01@00:00:00~`),
      stderr: Buffer.alloc(0),
      start: 0,
      end: 0,
    }
    expect(iniSet.result?.({ backup: true }, { way: { missing: [] } }, [ran])).toEqual({
      backup_file: `${PATH}.1.2026-01-01@00:00:00~`,
    })
  })
})
