import { describe, expect, it } from 'vitest'
import repository from '../../../modules/packages/yum_repository.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { textHost } from '../text-host.ts'

const PATH = '/etc/tools.repo'
const FILE = `# Kept.
[other]
name=Other
baseurl=file:///other

[tools]
# Ours.
name=Tools
baseurl=https://old/
exclude=x
`
const base: JsonObject = { name: 'tools', description: 'Tools', baseurl: 'https://new/', reposdir: '/etc' }

/** The file after a task; null where it plans nothing. A second one has to plan nothing. */
async function after(text: string | null, args: JsonObject): Promise<string | null> {
  const before = textHost(text, PATH)
  const plan = await proposalOf(repository, { ...base, ...args }, before)
  expect((await proposalOf(repository, { ...base, ...args }, before.after(plan))).steps).toEqual([])
  return plan.steps.at(-1)?.change.text?.after ?? null
}

describe('yum_repository', () => {
  it('makes a file', async () => {
    const args = { gpgcheck: true, gpgkey: ['https://a/KEY', 'https://b/KEY'], exclude: ['x', 'y*'], priority: 10 }
    expect(await after(null, args)).toBe(
      '[tools]\nname = Tools\nbaseurl = https://new/\ngpgcheck = 1\ngpgkey = https://a/KEY\n    https://b/KEY\nexclude = x y*\npriority = 10\n',
    )
  })
  it('changes its own section: options that are not given go', async () => {
    expect(await after(FILE, { enabled: false })).toBe(
      FILE.replace('https://old/', 'https://new/').replace('exclude=x', 'enabled=0'),
    )
  })
  it('leaves what is right', async () => {
    expect(await after(FILE, { baseurl: 'https://old/', exclude: 'x' })).toBeNull()
  })
  it('removes its own section', async () => {
    expect(await after(FILE, { state: 'absent' })).toBe(FILE.slice(0, FILE.indexOf('[tools]')))
    expect(await after(null, { state: 'absent' })).toBeNull()
    expect(await after('[other]\nname=x\n', { state: 'absent' })).toBeNull()
  })
  it('removes a file that has no other', async () => {
    const plan = await proposalOf(repository, { ...base, state: 'absent' }, textHost('[tools]\nname=Tools\n', PATH))
    expect(plan.steps).toMatchObject([{ change: { verb: 'remove' }, actions: [{ do: 'remove', path: PATH }] }])
  })
  it('keeps a password out of what it shows', async () => {
    const plan = await proposalOf(repository, { ...base, password: 'geheim' }, textHost(null, PATH))
    expect(plan.steps.at(-1)?.change.secret).toBe(true)
  })
  it.each<[JsonObject, string]>([
    [{ name: 'tools', reposdir: '/etc' }, 'description'],
    [{ name: 'tools', reposdir: '/etc', description: 'Tools' }, 'baseurl, mirrorlist and metalink'],
    [{ ...base, name: 'a]b', file: 'tools' }, 'cannot be the id'],
    [{ ...base, file: '../tools' }, 'cannot be the name of a file'],
  ])('refuses %j', async (args, message) => {
    const plan = planOf(repository, args, textHost(null, '/etc/../tools.repo'))
    expect(await plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
  })
})
