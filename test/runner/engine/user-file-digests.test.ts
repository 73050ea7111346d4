import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { digests } from '../../../runner/engine/user-file-digests.ts'

const directory = mkdtempSync(join(tmpdir(), 'drover-digests-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test.each([
  ['nothing', 0],
  ['a small one', 5],
  ['one that is read once', 100_000],
  ['one that is read by threads', 65 * 1024 * 1024],
])('of %s, and again when it has changed', async (name, size) => {
  const path = join(directory, name)
  for (const start of ['one', 'other']) {
    const bytes = Buffer.concat([Buffer.from(start), Buffer.alloc(size)])
    writeFileSync(path, start)
    truncateSync(path, bytes.length)
    const hex = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex')
    expect(await digests(path)).toEqual({ sha1: hex('sha1'), sha256: hex('sha256') })
  }
})

test('of a file that is not there, or no file', async () => {
  await expect(digests(join(directory, 'never'))).rejects.toMatchObject({ code: 'ENOENT' })
})
