import { describe, expect, it } from 'vitest'
import { checksum } from '../../../modules/facts/checksum.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { digest } from '../../../modules/facts/digest.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import type { Fact } from '../../../modules/fact.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { HostState } from '../../../modules/module.ts'
import getUrl from '../../../modules/network/get_url.ts'
import uri from '../../../modules/network/uri.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const HASH = 'a'.repeat(64)
const FILE: FileStat = { ...predictedStat('file', {}), size: 5, inode: 7 }
const known: readonly Known[] = [
  [creator(), ROOT],
  [stat('/d'), predictedStat('directory', {})],
  [stat('/d/there'), FILE],
  [checksum('/d/there'), HASH],
  [digest('/d/there', 'sha256'), HASH],
]

/** A host from which a web server can be asked; what was asked stands in `asked`. */
function webHost(answers: { readonly [kind: string]: unknown }) {
  const table = new FakeHost(known)
  const asked: string[] = []
  const host: HostState = {
    get: async <T>(fact: Fact<T>): Promise<T> => {
      const answer = answers[fact.kind.name]
      if (answer === undefined) return table.get(fact)
      asked.push(fact.key)
      return answer as T
    },
  }
  return { host, asked }
}
const answer = (status: number, headers: object = {}) => ({
  status,
  reason: 'R',
  headers,
  url: '',
  body: Buffer.alloc(0),
  cookies: {},
  cookieText: '',
  redirected: false,
})

describe('get_url', () => {
  const url = 'http://u:secret@h/there'

  it('asks nobody where the file is there', async () => {
    const { host, asked } = webHost({})
    for (const more of [{}, { checksum: `sha256:${HASH}` }]) {
      const { steps } = await proposalOf(getUrl, { url, dest: '/d/there', ...more }, host)
      expect(steps).toEqual([])
    }
    expect(asked).toEqual([])
  })
  it('sets the mode of what is there', async () => {
    const { steps } = await proposalOf(getUrl, { url, dest: '/d/there', mode: '0600' }, webHost({}).host)
    expect(steps.map(({ actions }) => actions)).toEqual([[{ do: 'attributes', path: '/d/there', mode: '0600' }]])
  })
  it.each([
    ['leaves what is the same', HASH, 0],
    ['replaces what differs', 'b'.repeat(64), 1],
  ])('with force, %s', async (_, sha256, count) => {
    const { host } = webHost({ 'web-digest': { status: 200, size: 9, sha256 } })
    const { steps } = await proposalOf(getUrl, { url, dest: '/d/there', force: true }, host)
    expect(steps).toHaveLength(count)
    expect(steps.flatMap((step) => step.change.attributes ?? []).filter(({ name }) => name === 'size')).toEqual(
      count === 0 ? [] : [{ name: 'size', before: 5, after: 9 }],
    )
  })
  it('says what would be downloaded, without the password', async () => {
    const { host, asked } = webHost({ web: answer(200, { 'content-length': '12' }) })
    const { steps, result } = await proposalOf(getUrl, { url, dest: '/d/new', mode: '0640' }, host)
    expect(steps[0]?.change).toEqual({
      subject: '/d/new',
      verb: 'create',
      attributes: [
        { name: 'content', before: null, after: 'from http://h/there' },
        { name: 'size', before: null, after: 12 },
      ],
    })
    expect(result).toMatchObject({ size: 12, mode: '0640' })
    expect(JSON.stringify([steps.map(({ change }) => change), asked])).not.toContain('secret')
  })
  it.each<[string, object, object, string]>([
    ['what is not there', {}, { web: answer(404) }, 'HTTP Error 404'],
    ['no server', {}, { web: { trouble: 'curl: (7) Failed' } }, 'Request failed: http://h/there: curl: (7)'],
    ['no directory', { dest: '/none/x' }, {}, 'Destination /none does not exist'],
    ['another protocol', { url: 'gopher://h/' }, {}, 'no url'],
    [
      'checksums that name others',
      { checksum: 'sha256:http://h/SUMS' },
      { web: answer(200) },
      'Unable to find a checksum',
    ],
  ])('refuses: %s', async (_, args, answers, message) => {
    const plan = await planOf(getUrl, { url, dest: '/d/new', ...args }, webHost({ ...answers }).host)
    expect(plan).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) as string })
  })
})

describe('uri', () => {
  it('asks at once what only reads, and has nothing left to do', async () => {
    const { host, asked } = webHost({ web: answer(200) })
    const { steps, result } = await proposalOf(uri, { url: 'http://h/' }, host)
    expect([steps, result['status'], asked.length]).toEqual([[], 200, 1])
  })
  it.each<[string, object]>([
    ['a method that changes something', { method: 'post' }],
    ['a body', { body: 'x' }],
    ['a file to write', { dest: '/d/x' }],
  ])('leaves to the run: %s', async (_, args) => {
    const { host, asked } = webHost({ web: answer(200) })
    const { steps } = await proposalOf(
      uri,
      { url: 'http://h/', ...args, url_password: 'sesame', url_username: 'u' },
      host,
    )
    expect(asked).toEqual([])
    const [action] = steps[0]?.actions ?? []
    const { stdin, ...seen } = action?.do === 'sh' ? action : { stdin: undefined }
    expect(stdin?.toString()).toContain('user = "u:sesame"')
    expect(JSON.stringify(seen)).not.toContain('sesame')
  })
  it('asks nothing where that is not needed', async () => {
    const { host, asked } = webHost({ web: answer(200) })
    const { steps, result } = await proposalOf(uri, { url: 'http://h/', creates: '/d/there' }, host)
    expect([steps, asked, result['msg']]).toEqual([[], [], "skipped, since '/d/there' exists"])
  })
})
