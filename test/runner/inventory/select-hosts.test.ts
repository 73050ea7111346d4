import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { selectHosts } from '../../../runner/inventory/select-hosts.ts'
import { show, writeFiles } from './files.ts'

function sample() {
  const hosts = `all:
  children:
    g:
      children:
        g2: {hosts: {x2: {}, x1: {}}, children: {g3: {hosts: {x0: {}}}}}
        g4: {hosts: {x5: {}}}
      hosts: {x1: {}, z: {}}
  hosts: {y: {}, x1: {}, "fe80::1": {}}
`
  const cwd = writeFiles({ 'hosts.yml': hosts, list: 'x1\n\ng4\n' })
  return { cwd, inventory: loadInventory(['hosts.yml'], { cwd }).inventory }
}

describe('selectHosts', () => {
  it.each([
    ['g', 'x1 z x2 x5 x0'],
    ['all', 'y x1 fe80::1 z x2 x5 x0'],
    ['*', 'y x1 fe80::1 z x2 x5 x0'],
    ['x*', 'x2 x1 x0 x5'],
    ['g4,g2', 'x5 x2 x1 x0'],
    ['g4:g2', 'x5 x2 x1 x0'],
    ['g*', 'x1 z x2 x5 x0'],
    ['g*[0:2]', 'x1 z x2'],
    ['g[0]', 'x1'],
    ['g[-1]', 'x0'],
    ['g[-5]', 'x1'],
    ['g[-6]', ''],
    ['g[9]', ''],
    ['g[1:3]', 'z x2 x5'],
    ['g[1-3]', 'z x2 x5'],
    ['g[3:]', 'x5 x0'],
    ['y:&g:!x1', ''],
    ['g,&g2', 'x1 x2 x0'],
    ['&g2', 'x1 x2 x0'],
    ['!g', 'y fe80::1'],
    ['!x1:g', 'z x2 x5 x0'],
    ['g:!g2[0]', 'x1 z x5 x0'],
    ['~x[12]', 'x2 x1'],
    ['!~x.*', 'y fe80::1 z'],
    ['y:y', 'y'],
    ['fe80::1', 'fe80::1'],
    ['!fe80::1', 'y x1 z x2 x5 x0'],
    ['fe80::1,y', 'fe80::1 y'],
    ['localhost', 'localhost'],
    ['all,localhost', 'y x1 fe80::1 z x2 x5 x0 localhost'],
  ])('%s', (pattern, hosts) => {
    expect(selectHosts(sample().inventory, pattern)).toEqual({
      hosts: hosts === '' ? [] : hosts.split(' '),
      problems: [],
      warnings: [],
    })
  })

  it('warns of parts that match nothing, with the nearest name', () => {
    const { hosts, warnings } = selectHosts(sample().inventory, 'g3,nope,gg*,x9')
    expect(hosts).toEqual(['x0'])
    expect(warnings.map(show)).toEqual([
      'no host or group matches "nope"',
      'no host or group matches "gg*"',
      'no host or group matches "x9" (did you mean "x2"?)',
    ])
  })

  it('refuses a regular expression that is none', () => {
    expect(selectHosts(sample().inventory, '~x(').problems.map(show)).toEqual([
      expect.stringContaining('"~x(" is not a regular expression'),
    ])
  })

  it('keeps to a limit, from a file too', () => {
    const { inventory, cwd } = sample()
    expect(selectHosts(inventory, 'g', { limit: '!x1' }).hosts).toEqual(['z', 'x2', 'x5', 'x0'])
    expect(selectHosts(inventory, ['g2', 'g4'], { limit: '@list', cwd }).hosts).toEqual(['x1', 'x5'])
    expect(selectHosts(inventory, 'g', { limit: '@nope', cwd }).problems.map(show)).toEqual([
      'the file of --limit @nope cannot be read',
    ])
  })

  it('follows the laws of sets', () => {
    const { inventory } = sample()
    const name = fc.constantFrom('g', 'g2', 'g3', 'g4', 'x0', 'x1', 'x2', 'y', 'z', 'x*', '~.[12]', 'all', 'g[1:2]')
    const pick = (pattern: string) => new Set(selectHosts(inventory, pattern).hosts)
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(pick(`${a}:${b}`)).toEqual(new Set([...pick(a), ...pick(b)]))
        expect(pick(`${a}:&${b}`)).toEqual(new Set([...pick(a)].filter((host) => pick(b).has(host))))
        expect(pick(`${a}:!${b}`)).toEqual(new Set([...pick(a)].filter((host) => !pick(b).has(host))))
        expect(pick(`!${c}:${a}:&${b}`)).toEqual(pick(`${a}:&${b}:!${c}`))
        expect([...pick(`${a}[0]`)]).toEqual(a.endsWith(']') ? [...pick(`${a}[0]`)] : [...pick(a)].slice(0, 1))
      }),
    )
  })
})
