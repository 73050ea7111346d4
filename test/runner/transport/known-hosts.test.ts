import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownKeys, refuseHostKey, type HostKeyPolicy } from '../../../runner/transport/host-key.ts'
import {
  fingerprint,
  isAbout,
  keyType,
  knownHostsLine,
  parseKnownHosts,
} from '../../../runner/transport/known-hosts.ts'

const directory = mkdtempSync(join(tmpdir(), 'drover-known-hosts-'))
const at = (name: string): string => join(directory, name)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const publicKey = (name: string): string =>
  readFileSync(at(`${name}.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ')
const wire = (name: string): Buffer => Buffer.from(publicKey(name).split(' ')[1] ?? '', 'base64')
beforeAll(() => {
  for (const [name, type] of [
    ['one', 'ed25519'],
    ['two', 'ed25519'],
    ['ecdsa', 'ecdsa'],
  ] as const) {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', at(name)])
  }
})

describe('a line of known_hosts', () => {
  it.each([
    ['web1', 'web1', true],
    ['web1,10.0.0.1', '10.0.0.1', true],
    ['WEB1', 'web1', true],
    ['web1', 'web10', false],
    ['web*', 'web10', true],
    ['web?', 'web10', false],
    ['web.1', 'webx1', false],
    ['*.example.org,!bad.example.org', 'good.example.org', true],
    ['*.example.org,!bad.example.org', 'bad.example.org', false],
    ['!bad.example.org', 'good.example.org', false],
    ['[web1]:2222', '[web1]:2222', true],
    ['[web1]:2222', 'web1', false],
    ['web1', '[web1]:2222', false],
  ])('%s is about %s: %s', (names, name, answer) => {
    const [known] = parseKnownHosts(`${names} ssh-ed25519 AAAA`, 'f')
    expect(known && isAbout(known, name)).toBe(answer)
  })

  it('is understood as ssh-keygen hashes it, and found by ssh-keygen as we hash it', () => {
    writeFileSync(at('hashed'), `web1,10.0.0.1 ${publicKey('one')}\n[web2]:2222 ${publicKey('two')}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', at('hashed')])
    const lines = parseKnownHosts(readFileSync(at('hashed'), 'utf8'), 'hashed')
    expect(lines.map(({ names }) => names.slice(0, 3))).toEqual(['|1|', '|1|', '|1|'])
    expect(
      lines.map((known) => ['web1', '10.0.0.1', '[web2]:2222', 'web2'].filter((name) => isAbout(known, name))),
    ).toEqual([['web1'], ['10.0.0.1'], ['[web2]:2222']])
    writeFileSync(at('ours'), knownHostsLine('[web3]:2200', wire('one'), true))
    expect(execFileSync('ssh-keygen', ['-F', '[web3]:2200', '-f', at('ours')], { encoding: 'utf8' })).toContain(
      'line 1',
    )
  })

  it('passes over comments, empty lines and what is not understood', () => {
    const text =
      '# web1 ssh-ed25519 AAAA\n\n  \nweb1\n@unknown web1 ssh-ed25519 AAAA\n@revoked web1 ssh-ed25519 AAAA comment\n'
    expect(parseKnownHosts(text, 'f')).toEqual([
      { file: 'f', line: 6, marker: 'revoked', names: 'web1', type: 'ssh-ed25519', key: Buffer.from('AAAA', 'base64') },
    ])
  })

  it('has the fingerprint and type that ssh-keygen shows', () => {
    expect(execFileSync('ssh-keygen', ['-l', '-f', at('ecdsa.pub')], { encoding: 'utf8' })).toContain(
      fingerprint(wire('ecdsa')),
    )
    expect(keyType(wire('ecdsa'))).toBe('ecdsa-sha2-nistp256')
  })
})

const judge = async (lines: string, changes: Partial<HostKeyPolicy> = {}, key = 'one'): Promise<string | undefined> => {
  writeFileSync(at('known'), lines)
  const policy: HostKeyPolicy = {
    checking: 'yes',
    host: 'web1',
    port: 22,
    files: [at('known'), at('none')],
    addTo: at('known'),
    hash: false,
    ...changes,
  }
  return (await refuseHostKey(policy, await knownKeys(policy), wire(key)))?.message
}

describe('a host key', () => {
  it('is taken when it is known, for that port or for the host', async () => {
    expect(await judge(`web1 ${publicKey('one')}\n`)).toBeUndefined()
    expect(await judge(`[web1]:2222 ${publicKey('one')}\n`, { port: 2222 })).toBeUndefined()
    expect(await judge(`web1 ${publicKey('one')}\n`, { port: 2222 })).toBeUndefined()
    expect(await judge(`web1 ${publicKey('two')}\nweb1 ${publicKey('one')}\n`)).toBeUndefined()
  })

  it('is refused when it is not known, with its fingerprint and how to add it', async () => {
    const message = await judge(`web2 ${publicKey('one')}\n`)
    expect(message).toContain(`ssh-ed25519 ${fingerprint(wire('one'))}`)
    expect(message).toContain(`ssh-keyscan web1 >> ${at('known')}`)
    expect(await judge(`web1 ${publicKey('two')}\n`, { port: 2222 })).toContain('is not known')
  })

  it.each(['yes', 'accept-new'] as const)(
    'is refused when it has changed, under %s, with the old line and the way out',
    async (checking) => {
      const message = await judge(`# first\nweb1 ${publicKey('two')}\n`, { checking })
      expect(message).toContain('has changed')
      expect(message).toContain(fingerprint(wire('one')))
      expect(message).toContain(`${at('known')}:2 has ssh-ed25519 ${fingerprint(wire('two'))}`)
      expect(message).toContain(`ssh-keygen -f ${at('known')} -R web1`)
      expect(await judge(`web1 ${publicKey('ecdsa')}\n`, { checking })).toContain('has changed')
    },
  )

  it('is refused when it is revoked, or known by an authority alone', async () => {
    expect(await judge(`web1 ${publicKey('one')}\n@revoked * ${publicKey('one')}\n`)).toContain('is revoked')
    expect(await judge(`@cert-authority * ${publicKey('two')}\n`)).toContain('certificate authority')
  })

  it('is added when it is new and accept-new is set, once, on a line of its own', async () => {
    expect(await judge(`web2 ${publicKey('two')}`, { checking: 'accept-new', port: 2222 })).toBeUndefined()
    expect(readFileSync(at('known'), 'utf8')).toBe(`web2 ${publicKey('two')}\n[web1]:2222 ${publicKey('one')}\n`)
    const policy: HostKeyPolicy = {
      checking: 'accept-new',
      host: 'web1',
      port: 22,
      files: [],
      addTo: at('new/known'),
      hash: true,
    }
    await Promise.all([1, 2, 3].map(() => refuseHostKey(policy, { own: [], portless: [] }, wire('one'))))
    const lines = readFileSync(at('new/known'), 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\|1\|/)
  })

  it('is not looked at when checking is off', async () => {
    expect(await judge(`@revoked web1 ${publicKey('one')}\n`, { checking: 'no' })).toBeUndefined()
  })
})
