import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stat } from '../../../modules/facts/stat.ts'
import type { Action } from '../../../modules/step.ts'
import { bytes, doAll, perform, see } from './contract.ts'
import { type LocalSubject, localSubject } from './local-subject.ts'

const asRoot = process.getuid?.() === 0
const has = (program: string): boolean => {
  try {
    return execFileSync('sh', ['-c', `command -v ${program}`]).length > 0
  } catch {
    return false
  }
}

let local: LocalSubject
let write: (path: string, text: string | Buffer, more?: object) => Action
beforeEach(async () => {
  local = await localSubject()
  write = (path, text, more) => ({ do: 'write', path: local.at(path), content: bytes(text), ...more })
})
afterEach(() => local?.close())

const said = async (script: string): Promise<string> => (await local.sh(script)).stdout.toString()
const files = (): readonly string[] => readdirSync(local.directory).toSorted()

/** A validator that says that it has begun, and waits to be let go on. */
const waits = (then = ':'): { validate: readonly string[] } => {
  return {
    validate: [
      'sh',
      '-c',
      `echo $PPID >"$1/begun"; until [ -e "$1/go" ]; do sleep 0.05; done; ${then}`,
      'sh',
      local.directory,
    ],
  }
}
const begun = async (): Promise<number> => {
  while (!existsSync(local.at('begun')) || readFileSync(local.at('begun')).length === 0) await sleep(10)
  return Number(readFileSync(local.at('begun'), 'utf8'))
}

describe('a write that is ended', () => {
  it('leaves the old file and nothing else when its time is up', async () => {
    await doAll(local.host, write('f', 'old'))
    const done = await perform(local.host, [write('f', 'new', waits())], { timeout: 1000 })
    expect(done.failure?.reason).toBe('timed-out')
    expect(files()).toEqual(['begun', 'f'])
    expect(readFileSync(local.at('f'), 'utf8')).toBe('old')
  })

  it('leaves the old file when the shell is killed in the middle, and the next write goes on', async () => {
    await doAll(local.host, write('f', 'old'))
    const doing = perform(local.host, [write('f', 'new', waits())])
    const outcome = Promise.allSettled([doing])
    // The validator's parent is the subshell of the action; its parent that of the request.
    const action = await begun()
    const parents = [action]
    for (let pid = action; parents.length < 3; parents.push(pid))
      pid = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ')[1])
    for (const pid of parents.toReversed()) process.kill(pid, 'SIGKILL')
    expect(await outcome).toMatchObject([{ reason: { name: 'ConnectionError', reason: 'lost' } }])
    writeFileSync(local.at('go'), '')
    expect(readFileSync(local.at('f'), 'utf8')).toBe('old')
    const stale = files().filter((name) => name.startsWith('.f.drover-'))
    expect(stale).toHaveLength(1)

    await doAll(local.host, write('f', 'new'))
    expect(readFileSync(local.at('f'), 'utf8')).toBe('new')
    // It may be another run's until it is a day old.
    expect(files()).toEqual(expect.arrayContaining(stale))
    utimesSync(local.at(stale[0] ?? ''), 0, 0)
    await doAll(local.host, write('g', ''), write('f', 'newer'))
    expect(files()).toEqual(['begun', 'f', 'g', 'go'])
  })

  it('is whole to whoever looks', async () => {
    const versions = ['a', 'b'].map((letter) => letter.repeat(200_000))
    await doAll(local.host, write('f', versions[0] ?? ''))
    const seen = new Set<string>()
    const writing = new AbortController()
    const looking = (async () => {
      for (; !writing.signal.aborted; await sleep(0)) seen.add(readFileSync(local.at('f'), 'utf8'))
    })()
    for (let round = 0; round < 10; round++) await doAll(local.host, ...versions.map((text) => write('f', text)))
    writing.abort()
    await looking
    expect([...seen].every((text) => versions.includes(text))).toBe(true)
  })

  it('refuses what is no regular file', async () => {
    await local.sh(`mkfifo ${local.at('pipe')}`)
    const done = await perform(local.host, [write('pipe', 'x')])
    expect(done.failure?.message).toMatch(/pipe is not a regular file$/)
    expect(files()).toEqual(['pipe'])
  })

  it('fails where the file of the controller is gone or not what it was', async () => {
    const path = local.at('source')
    writeFileSync(path, 'four')
    const from = (size: number, sha256 = '', name = path): Action =>
      ({ ...write('f', ''), content: { kind: 'file', path: name, size, sha256 } }) as Action
    const gone = await perform(local.host, [from(4, '', `${path}/no`), write('g', '')])
    expect(gone.failure?.message).toMatch(/cannot write .*\/f: .*ENOTDIR/)
    const grown = await perform(local.host, [from(3), write('g', '')])
    expect(grown.failure?.message).toMatch(/cannot write .*more than the 3 bytes/)
    const changed = await perform(local.host, [from(4, '0'.repeat(64)), write('g', '')])
    expect(changed.failure?.message).toMatch(/is not what was sent/)
    expect(files()).toEqual(['source'])
  })
})

describe('what a file has beside its bytes', () => {
  it('gets a new time, also when it becomes empty', async () => {
    for (const text of ['new', '']) {
      await doAll(
        local.host,
        write('f', 'old'),
        { do: 'attributes', path: local.at('f'), mtime: 1000 },
        write('f', text),
      )
      expect((await see(local.host, stat(local.at('f'))))?.mtime).toBeGreaterThan(1_000_000_000)
    }
  })

  it.runIf(has('setfacl'))('keeps its ACL', async () => {
    await doAll(local.host, write('f', 'old'))
    await local.sh(`setfacl -m u:1:rw- ${local.at('f')}`)
    const before = await said(`getfacl -cp ${local.at('f')}`)
    await doAll(local.host, write('f', 'new'))
    expect(await said(`getfacl -cp ${local.at('f')}`)).toBe(before)
    expect(before).toMatch(/^user:\w+:rw-/m)
  })

  it.runIf(has('setfattr'))('keeps its extended attributes', async () => {
    await doAll(local.host, write('f', 'old'))
    await local.sh(`setfattr -n user.note -v kept ${local.at('f')}`)
    await doAll(local.host, write('f', 'new', { mode: '0600' }))
    expect(await said(`getfattr -d ${local.at('f')}`)).toContain('user.note="kept"')
  })

  it('is never wider open than it will be', async () => {
    await doAll(local.host, write('f', 'old', { mode: '0644' }))
    const doing = perform(local.host, [write('f', 'secret', { mode: '0600', ...waits() })])
    await begun()
    const temporary = files().find((name) => name.startsWith('.f.')) ?? ''
    expect(statSync(local.at(temporary)).mode & 0o777).toBe(0o600)
    writeFileSync(local.at('go'), '')
    expect((await doing).failure).toBeNull()
  })
})

/** A PATH with these programs missing. */
const without = (...missing: readonly string[]): string => {
  const bin = local.at('bin')
  mkdirSync(bin, { recursive: true })
  for (const name of [
    'awk',
    'base64',
    'openssl',
    'sha256sum',
    'shasum',
    'mv',
    'rm',
    'cp',
    'sync',
    'touch',
    'stat',
    'chmod',
    'chown',
    'cat',
    'head',
    'id',
    'find',
  ]) {
    if (missing.includes(name)) continue
    const path = execFileSync('sh', ['-c', `command -v ${name} || :`], { encoding: 'utf8' }).trim()
    if (path !== '') symlinkSync(path, `${bin}/${name}`)
  }
  return `PATH=${bin}; export PATH`
}

describe('hosts that lack something', () => {
  it.each([
    ['base64', ['base64']],
    ['base64 and openssl', ['base64', 'openssl']],
    ['sha256sum', ['sha256sum']],
    ['sha256sum and openssl', ['sha256sum', 'openssl']],
  ])('writes without %s', async (_name, missing) => {
    const other = await localSubject({ preamble: without(...missing) })
    try {
      for (const size of [0, 1, 2, 3, 56, 57, 58, 5000]) {
        const octets = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) % 256))
        await doAll(other.host, { do: 'write', path: other.at('f'), content: bytes(octets) })
        expect(readFileSync(other.at('f')).equals(octets)).toBe(true)
      }
    } finally {
      await other.close()
    }
  })

  it('keeps mode and owner where cp knows no attributes', async () => {
    const preamble = without('cp')
    writeFileSync(local.at('bin/cp'), '#!/bin/sh\nexit 1\n')
    chmodSync(local.at('bin/cp'), 0o755)
    const other = await localSubject({ preamble })
    try {
      const owner = asRoot ? { owner: '1', group: '2' } : {}
      const path = other.at('f')
      const given: Action = { do: 'write', path, content: bytes('old'), mode: '4751', ...owner }
      await doAll(other.host, given, { do: 'write', path, content: bytes('new') })
      expect(await see(other.host, stat(path))).toMatchObject({ mode: '4751', ...(asRoot ? { uid: 1, gid: 2 } : {}) })
    } finally {
      await other.close()
    }
  })
})
