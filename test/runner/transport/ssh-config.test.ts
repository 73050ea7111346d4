import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hostPatterns, matching } from '../../../runner/transport/ssh-config-hosts.ts'
import { sshConfig } from '../../../runner/transport/ssh-config.ts'

let directory: string
const at = (name: string): string => join(directory, name)
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drover-ssh-config-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

const names = (domain: string): readonly string[] => Array.from({ length: 20 }, (_, index) => `H${index}.${domain}`)

/** Has `ssh` count how often it is called, which is then what it was. Gives the count. */
function counting(): () => number {
  mkdirSync(at('bin'))
  const log = write('log', '')
  const path = process.env['PATH'] ?? ''
  write('bin/ssh', `#!/bin/sh\necho >>'${log}'\nPATH='${path}' exec ssh "$@"\n`)
  chmodSync(at('bin/ssh'), 0o755)
  vi.stubEnv('PATH', `${at('bin')}${delimiter}${path}`)
  return () => readFileSync(log, 'utf8').length
}

describe('sshConfig', () => {
  it('asks ssh twice for many hosts that are treated alike, and again for those that are not', async () => {
    const calls = counting()
    write('more.conf', 'Host *.b\n  Port 2222\n')
    const config = write(
      'config',
      `Include ${at('*.conf')}\nHost *.a !x.a\n  User alice\nHost *\n  IdentityFile ~/.ssh/%n\n`,
    )
    const about = async (host: string): Promise<unknown> => {
      const { hostName, port, user, identityFiles } = await sshConfig({ host, args: ['-F', config] })
      return [hostName, port, user, identityFiles.map((file) => file.split('/').at(-1))]
    }
    const { user } = await sshConfig({ host: 'other', args: ['-F', config] })
    for (const [domain, port, login] of [
      ['a', 22, 'alice'],
      ['b', 2222, user],
    ] as const)
      expect(await Promise.all(names(domain).map(about))).toEqual(
        names(domain).map((name) => [name.toLowerCase(), port, login, [name]]),
      )
    expect(calls()).toBe(5)
    expect(await about('x.a')).toEqual(['x.a', 22, user, ['x.a']])
    expect(calls()).toBe(6)
  })

  it.each([
    ['the name depends on the name', 'HostName %h.example.org\n', (host: string) => `${host}.example.org`],
    ['more than the name decides', 'Match host d*\n  HostName match.example.org\n', () => 'match.example.org'],
  ])('asks ssh for each host where %s', async (_name, text, hostName) => {
    const config = write('config', text)
    const hosts = ['d1', 'd2', 'd3', 'd4']
    const configs = await Promise.all(hosts.map((host) => sshConfig({ host, args: ['-F', config] })))
    expect(configs.map((each) => each.hostName)).toEqual(hosts.map(hostName))
  })

  it('has all hosts of a bad configuration rejected, each by its name', async () => {
    const args = ['-F', write('config', 'Port nonsense\n')]
    for (const host of ['e1', 'e2', 'e3'])
      await expect(sshConfig({ host, args })).rejects.toThrow(`ssh does not accept the configuration for ${host}: `)
  })
})

describe('hostPatterns', () => {
  it.each<readonly [string, readonly (readonly string[])[] | null]>([
    ['Port 22\n', []],
    [
      'Host a b*\n Port 1\nhost=!c *\n',
      [
        ['a', 'b*'],
        ['!c', '*'],
      ],
    ],
    ['Include none/*.conf\nHost a\n', [['a']]],
    ['Match all\n Port 2\nCanonicalizeHostname no\n', []],
    ['Match user x\n', null],
    ['CanonicalizeHostname yes\n', null],
    ['Host "a b"\n', null],
    ['Include */x\n', null],
  ])('%j: %j', async (text, expected) => {
    expect(await hostPatterns(['-F', write('config', text)])).toEqual(expected)
  })

  it('leaves to ssh what options on the command line decide', async () => {
    expect(await hostPatterns(['-F', 'none', '-o', 'CanonicalizeHostname=yes'])).toBeNull()
    expect(await hostPatterns(['-F', 'none', '-oInclude=x'])).toBeNull()
    expect(await hostPatterns(['-F', 'none', '-o', 'Port=3'])).toEqual([])
  })

  it('tells hosts apart by what means them', () => {
    const patterns = [['*.a', '!x.a'], ['*']]
    expect(['H.a', 'x.a', 'b'].map((host) => matching(patterns, host))).toEqual(['11', '01', '01'])
  })
})
