import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FetchAction } from '../../../modules/step.ts'
import type { Performed, Work } from '../../../runner/host/host.ts'
import { localSubject, type LocalSubject } from './local-subject.ts'

let subject: LocalSubject
beforeEach(async () => {
  subject = await localSubject()
})
afterEach(() => subject.close())

const digest = (name: string, bytes: Buffer): string => createHash(name).update(bytes).digest('hex')
const bytes = randomBytes(3_000_000)
const fetch = (
  sha256: string | null,
  more: Partial<FetchAction> = {},
  work: Partial<Work> = {},
): Promise<Performed> => {
  const action: FetchAction = { do: 'fetch', path: subject.at('from'), to: subject.at('a/b/to'), sha256, ...more }
  return subject.host.perform({ actions: [action], basis: [], readBack: [], environment: {}, ...work })
}

it('brings a file over, with the directories on the way', async () => {
  writeFileSync(subject.at('from'), bytes)
  const done = await fetch(digest('sha256', bytes))
  expect(readFileSync(subject.at('a/b/to')).equals(bytes)).toBe(true)
  expect(statSync(subject.at('a/b/to')).mode & 0o777).toBe(0o666 & ~process.umask())
  expect(readdirSync(subject.at('a/b'))).toEqual(['to'])
  expect(done).toMatchObject({ kind: 'performed', failure: null })
  const stdout = done.kind === 'performed' ? done.results[0]?.stdout.toString() : undefined
  expect(JSON.parse(stdout ?? '')).toEqual({
    size: bytes.length,
    sha1: digest('sha1', bytes),
    sha256: digest('sha256', bytes),
  })
})

it('keeps the mode of what it replaces', async () => {
  writeFileSync(subject.at('from'), 'new')
  writeFileSync(subject.at('to'), 'old', { mode: 0o640 })
  await fetch(null, { to: subject.at('to') })
  expect([readFileSync(subject.at('to'), 'utf8'), statSync(subject.at('to')).mode & 0o777]).toEqual(['new', 0o640])
})

it('keeps nothing of a file that is not what it was', async () => {
  writeFileSync(subject.at('from'), bytes)
  expect(await fetch(digest('sha256', Buffer.from('other')))).toEqual({ kind: 'moved' })
  expect(readdirSync(subject.at('a/b'))).toEqual([])
})

it.each<[string, () => void, Partial<FetchAction>, string]>([
  ['a file that is not there', () => {}, {}, 'No such file'],
  ['a directory', () => mkdirSync(subject.at('from')), {}, 'Is a directory'],
  ['a place that cannot be', () => writeFileSync(subject.at('from'), 'x'), { to: '/dev/null/to' }, '/dev/null'],
])('says why it cannot: %s', async (_, make, more, message) => {
  make()
  const done = await fetch(null, more)
  expect(done).toMatchObject({ kind: 'performed', failure: { message: expect.stringContaining(message) as string } })
})

it('ends when its time is up, and keeps nothing', async () => {
  await subject.sh(`mkfifo ${subject.at('from')}`)
  const done = await fetch(null, {}, { timeout: 300 })
  expect(done).toMatchObject({ kind: 'performed', failure: { reason: 'timed-out' } })
  expect(readdirSync(subject.at('a/b'))).toEqual([])
})
