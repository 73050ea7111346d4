import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { stat } from '../../../modules/facts/stat.ts'
import type { Action } from '../../../modules/step.ts'
import { bytes, doAll, perform } from './contract.ts'
import { type LocalSubject, localSubject } from './local-subject.ts'

const programs =
  'awk base64 cat chgrp chmod chown cp date find head ln mkdir mv openssl rm rmdir sed sha256sum stat sync touch'.split(
    ' ',
  )
const bin = mkdtempSync(join(tmpdir(), 'drover-bin-'))
const log = join(bin, 'log')

/** The programs that were started since the last call. */
function started(): readonly string[] {
  const names = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  rmSync(log, { force: true })
  return names.filter((name) => name !== '')
}

let local: LocalSubject
beforeAll(async () => {
  mkdirSync(join(bin, 'bin'))
  for (const name of programs) {
    const real = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    writeFileSync(join(bin, 'bin', name), `#!/bin/sh\necho ${name} >>${log}\nexec ${real} "$@"\n`)
    chmodSync(join(bin, 'bin', name), 0o755)
  }
  local = await localSubject({ preamble: `PATH=${join(bin, 'bin')}:$PATH; export PATH` })
})
afterAll(async () => {
  await local?.close()
  rmSync(bin, { recursive: true, force: true })
})

const me = { owner: String(process.getuid?.()), group: String(process.getgid?.()) }
const text = bytes('some text\n')
const octets = bytes(Buffer.from([0, 1, 2]))
const to = (path: string, more: Partial<Action> = {}): Action =>
  ({ do: 'write', path: local.at(path), content: text, ...more }) as Action

describe('programs that an action starts on the host', () => {
  it.each<[string, () => Action, string]>([
    ['a new file', () => to('f'), 'sha256sum sync mv'],
    ['a new file with a mode', () => to('g', { mode: '0600' }), 'chmod sha256sum sync mv'],
    ['an old file', () => to('f'), 'cp sha256sum sync mv'],
    ['octets', () => to('f', { content: octets }), 'cp base64 sha256sum sync mv'],
    ['an old file, all of it', () => to('f', { mode: '0600', ...me }), 'cp chown chmod sha256sum sync mv'],
    ['a backup', () => to('f', { backup: true }), 'cp sha256sum sync date cp mv'],
    ['mode', () => ({ do: 'attributes', path: local.at('f'), mode: '0600' }), 'chmod'],
    ['owner and group', () => ({ do: 'attributes', path: local.at('f'), ...me }), 'chown'],
    ['a directory', () => ({ do: 'directory', path: local.at('d'), mode: '0700' }), 'mkdir'],
    ['a directory that is there', () => ({ do: 'directory', path: local.at('d'), mode: '0700' }), ''],
    ['a link', () => ({ do: 'link', path: local.at('l'), target: 'f' }), 'ln mv'],
    ['removing a file', () => ({ do: 'remove', path: local.at('f') }), 'rm'],
    ['removing what is below', () => ({ do: 'remove', path: local.at('d'), recursive: true }), 'rm'],
    ['a program', () => ({ do: 'run', argv: ['true'] }), ''],
  ])('%s', async (_name, action, expected) => {
    started()
    await doAll(local.host, action())
    expect(started().toSorted()).toEqual(expected.split(' ').filter(Boolean).toSorted())
  })

  it('fifty writes in one request, compared before and read back', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => local.at(`many ${index}`))
    const facts = paths.map((path) => stat(path))
    const raws = await local.host.read(facts)
    const basis = facts.flatMap((fact, index) => {
      const reading = raws[index]
      return reading?.kind === 'raw' ? [{ fact, raw: reading.raw }] : []
    })
    started()
    const { requests } = local.connection.meter
    const actions = paths.map((path): Action => ({ do: 'write', path, content: text }))
    const done = await perform(local.host, actions, {
      basis,
      readBack: [...facts, ...paths.map((path) => content(path))],
    })
    expect(done.failure).toBeNull()
    expect(local.connection.meter.requests).toBe(requests + 1)
    const names = started()
    expect(names.filter((name) => ['sync', 'mv', 'stat'].includes(name))).toHaveLength(3)
    // Of what the files are to be, and of what the plans were made from.
    expect(names.filter((name) => name === 'sha256sum')).toHaveLength(2)
  })

  it('fifty works of the same tick in one request', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => local.at(`apart ${index}`))
    const facts = paths.map((path) => stat(path))
    const raws = await local.host.read(facts)
    started()
    const { requests } = local.connection.meter
    const works = facts.map((fact, index) => {
      const reading = raws[index]
      const basis = reading?.kind === 'raw' ? [{ fact, raw: reading.raw }] : []
      return perform(local.host, [{ do: 'write', path: paths[index] ?? '', content: text }], {
        basis,
        readBack: [fact],
      })
    })
    for (const [index, done] of (await Promise.all(works)).entries()) {
      expect(done).toMatchObject({ results: [{ status: 0 }], failure: null })
      const [reading] = done.readings
      expect(reading?.kind === 'raw' && facts[index]?.parse(reading.raw)?.type).toBe('file')
    }
    expect(local.connection.meter.requests).toBe(requests + 1)
    const names = started()
    expect(names.filter((name) => ['sha256sum', 'sync', 'mv'].includes(name))).toHaveLength(4)
    expect(names.filter((name) => name === 'stat')).toHaveLength(1)
  })
})
