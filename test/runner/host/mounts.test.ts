import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Action } from '../../../modules/step.ts'
import { bytes, doAll, perform } from './contract.ts'
import { type LocalSubject, localSubject } from './local-subject.ts'

let local: LocalSubject
const mounted: string[] = []
beforeEach(async () => {
  local = await localSubject()
})
afterEach(async () => {
  for (const path of mounted.splice(0).toReversed()) run('umount', path)
  await local?.close()
})

const run = (program: string, ...words: readonly string[]): Buffer => execFileSync(program, words)

function mount(path: string, ...words: readonly string[]): string {
  mkdirSync(path, { recursive: true })
  run('mount', ...words, path)
  mounted.push(path)
  return path
}
const tmpfs = (path: string, options: string): string => mount(path, '-t', 'tmpfs', '-o', options, 'tmpfs')

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    run('unshare', '-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt')
    return true
  } catch {
    return false
  }
}

describe.runIf(canMount())('file systems', () => {
  it.each([
    ['text', 'x'.repeat(200_000)],
    ['octets', Buffer.alloc(200_000)],
    ['an upload', Buffer.alloc(1_000_000, 1)],
  ])('keeps the old file where there is no room for %s', async (_name, big) => {
    const disk = tmpfs(local.at('full'), 'size=64k')
    const path = `${disk}/f`
    await doAll(local.host, { do: 'write', path, content: bytes('old') })
    const done = await perform(local.host, [{ do: 'write', path, content: bytes(big) }])
    expect(done.failure?.message).toMatch(/cannot write .*is not what was sent: is the disk full\?$/s)
    expect(readdirSync(disk)).toEqual(['f'])
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  it('says so where the file system may not be written', async () => {
    const disk = tmpfs(local.at('ro'), 'ro')
    for (const action of [
      { do: 'write', path: `${disk}/f`, content: bytes('x') },
      { do: 'directory', path: `${disk}/d` },
      { do: 'link', path: `${disk}/l`, target: 'x' },
    ] satisfies Action[]) {
      const done = await perform(local.host, [action])
      expect(done.failure?.message).toMatch(/Read-only file system/)
    }
  })

  it.each(['/bin/sh', '/bin/bash'])('needs nothing of /tmp, with %s', async (shell) => {
    const disk = tmpfs(local.at('tmp'), 'ro,noexec')
    const other = await localSubject({ shell, preamble: `TMPDIR=${disk}; export TMPDIR` })
    try {
      const work: Action[] = [bytes('text'), bytes(Buffer.alloc(100_000)), bytes(Buffer.alloc(400_000))].map(
        (content) => {
          return { do: 'write', path: other.at('f'), content }
        },
      )
      const results = await doAll(other.host, ...work, { do: 'run', argv: ['cat'], stdin: Buffer.alloc(100_000) })
      expect(results.at(-1)?.stdout).toHaveLength(100_000)
    } finally {
      await other.close()
    }
  })

  it.each(['d/mounted', 'd/deep/with space\tand\\back', 'd/new\nline', 'd/a\\040b'])(
    'does not remove what is mounted at %j',
    async (name) => {
      const disk = tmpfs(local.at(name), 'size=64k')
      writeFileSync(`${disk}/precious`, '')
      symlinkSync('d', local.at('link'))
      symlinkSync('.', local.at('way'))
      for (const path of ['d', 'd/', 'way/d', '../' + local.directory.split('/').at(-1) + '/d']) {
        const action: Action = { do: 'remove', path: `${local.directory}/${path}`, recursive: true }
        const done = await perform(local.host, [action])
        expect(done.failure?.message).toMatch(/the filesystem mounted at .* is in .*: unmount it first$/s)
        expect(existsSync(`${disk}/precious`)).toBe(true)
      }
    },
  )

  it('does not remove through a bind mount, nor a mount point, but a neighbour', async () => {
    mkdirSync(local.at('real'))
    writeFileSync(local.at('real/precious'), '')
    mount(local.at('d/bound'), '--bind', local.at('real'))
    mkdirSync(local.at('d/bound2'))
    for (const path of ['d', 'd/bound'])
      expect(
        (await perform(local.host, [{ do: 'remove', path: local.at(path), recursive: true }])).failure,
      ).not.toBeNull()
    await doAll(local.host, { do: 'remove', path: local.at('d/bound2'), recursive: true })
    expect([existsSync(local.at('real/precious')), existsSync(local.at('d/bound2'))]).toEqual([true, false])
  })
})
