import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineFact, type Fact } from '../../../modules/fact.ts'
import { content } from '../../../modules/facts/content.ts'
import { checksum } from '../../../modules/facts/checksum.ts'
import { type FileStat, stat } from '../../../modules/facts/stat.ts'
import { account } from '../../../modules/facts/account.ts'
import { unit } from '../../../modules/facts/unit.ts'
import { anything, beneath, becomes, type Effect, stale, staleAlone } from '../../../modules/step.ts'
import { isBeneath, Overlay } from '../../../runner/host/overlay.ts'

const file: FileStat = {
  type: 'file',
  mode: '0644',
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 0,
  mtime: 0,
  inode: 0,
  device: 0,
  links: 1,
}
const value = (of: unknown): unknown => ({ kind: 'value', value: of })
const unknown = { kind: 'unknown' }
const text = Buffer.from('text')
const home = defineFact<string, string>({ name: 'home', script: () => '', parse: () => '' })
/** Tells of a path, and has no value where nothing is. */
const size = defineFact<string, number>({ name: 'size', script: () => '', parse: () => 0, path: (path) => path })

describe('the overlay', () => {
  it.each<[string, readonly (readonly Effect[])[], Fact<unknown>, unknown]>([
    ['asks the host for what no step touched', [[becomes(home('a'), 'x')]], home('b'), undefined],
    ['knows what a fact becomes', [[becomes(home('a'), 'x')]], home('a'), value('x')],
    ['goes by the latest step', [[becomes(home('a'), 'x')], [becomes(home('a'), 'y')]], home('a'), value('y')],
    ['does not know an account of a changed file', [[stale(content('/etc/passwd'))]], account('a'), unknown],
    ['asks for accounts that a change leaves alone', [[staleAlone(content('/etc/passwd'))]], account('a'), undefined],
    ['does not know the file itself then', [[staleAlone(content('/etc/passwd'))]], content('/etc/passwd'), unknown],
    ['does not know what is stale', [[becomes(home('a'), 'x')], [stale(home('a'))]], home('a'), unknown],
    ['knows again what becomes known', [[stale(home('a'))], [becomes(home('a'), 'x')]], home('a'), value('x')],
    [
      'leaves alone what an opaque command might have done',
      [[becomes(home('a'), 'x'), anything]],
      home('a'),
      value('x'),
    ],
    ['finds nothing below what is gone', [[beneath('/d', 'absent')]], stat('/d/e/f'), value(null)],
    ['leaves the directory itself to others', [[beneath('/d', 'absent')]], stat('/d'), undefined],
    ['leaves a neighbour alone', [[beneath('/d', 'absent')]], stat('/dd/e'), undefined],
    ['covers everything below the root', [[beneath('/', 'unknown')]], stat('/d'), unknown],
    ['does not know what is below', [[beneath('/d', 'unknown')]], content('/d/f'), unknown],
    ['has no value for what has none when absent', [[beneath('/d', 'absent')]], size('/d/f'), unknown],
    [
      'lets a later step make what was gone',
      [[beneath('/d', 'absent')], [becomes(content('/d/f'), text)]],
      content('/d/f'),
      value(text),
    ],
    [
      'forgets what was below',
      [[becomes(content('/d/f'), text)], [beneath('/d', 'absent')]],
      content('/d/f'),
      value(null),
    ],
    [
      'goes by the latest of what holds below',
      [[beneath('/d', 'absent')], [beneath('/d/e', 'unknown')]],
      stat('/d/e/f'),
      unknown,
    ],
    ['reads nothing where nothing is', [[becomes(stat('/f'), null)]], content('/f'), value(null)],
    ['reads nothing below where nothing is', [[becomes(stat('/f'), null)]], checksum('/f/g'), value(null)],
    [
      'forgets the bytes of what is gone',
      [[becomes(content('/f'), text)], [becomes(stat('/f'), null)]],
      content('/f'),
      value(null),
    ],
    [
      'does not know the bytes of what is there again',
      [[becomes(stat('/f'), null)], [becomes(stat('/f'), file)]],
      content('/f'),
      unknown,
    ],
    ['keeps the bytes of what only changes its mode', [[becomes(stat('/f'), file)]], content('/f'), undefined],
    [
      'knows the bytes that are written with it',
      [[becomes(stat('/f'), null)], [becomes(content('/f'), text), becomes(stat('/f'), file)]],
      content('/f'),
      value(text),
    ],
    [
      'does not know a unit whose file changes',
      [[becomes(content('/etc/systemd/system/a.service'), text)]],
      unit('a.service'),
      unknown,
    ],
    [
      'forgets a unit whose file changes',
      [[becomes(unit('a.service'), null)], [stale(content('/etc/systemd/system/a.service'))]],
      unit('a.service'),
      unknown,
    ],
    [
      'goes by what a step says of a unit that it touches',
      [[becomes(unit('a.service'), null), stale(content('/etc/systemd/system/a.service'))]],
      unit('a.service'),
      value(null),
    ],
    ['knows another unit', [[stale(content('/etc/systemd/system/a.service'))]], unit('b.service'), undefined],
  ])('%s', (_name, steps, fact, expected) => {
    const overlay = new Overlay()
    for (const effects of steps) overlay.lay(effects)
    expect(overlay.lookup(fact)).toEqual(expected)
  })

  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', false],
    ['/ab', '/a', false],
    ['/a', '/', true],
    ['/', '/', false],
    ['/a/b', '/a/', true],
  ])('%s lies beneath %s: %s', (path, directory, expected) => {
    expect(isBeneath(path, directory)).toBe(expected)
  })

  it('answers like a plain model of a tree', () => {
    const paths = ['/a', '/a/b', '/a/b/c', '/ab', '/d'] as const
    const kinds = [content, checksum] as const
    const path = fc.constantFrom(...paths)
    const effect = fc.oneof(
      fc.tuple(fc.constantFrom('becomes', 'stale'), fc.constantFrom(0, 1), path, fc.nat(9)),
      fc.tuple(fc.constantFrom('absent', 'unknown', 'gone'), fc.constant(0), path, fc.constant(0)),
    )
    fc.assert(
      fc.property(fc.array(effect, { maxLength: 12 }), (effects) => {
        const overlay = new Overlay()
        const model = new Map<string, unknown>()
        const below = (directory: string, now: unknown): void => {
          for (const each of paths)
            if (each.startsWith(`${directory}/`)) for (const of of [...kinds, stat]) model.set(of(each).key, now)
        }
        for (const [what, index, at, number] of effects) {
          const fact: Fact<unknown> = kinds[index === 0 ? 0 : 1](at)
          if (what === 'becomes') {
            overlay.lay([becomes(fact, number)])
            model.set(fact.key, value(number))
          } else if (what === 'stale') {
            overlay.lay([stale(fact)])
            model.set(fact.key, unknown)
          } else if (what === 'gone') {
            overlay.lay([becomes(stat(at), null)])
            for (const of of [...kinds, stat]) model.set(of(at).key, value(null))
            below(at, value(null))
          } else {
            const now = what === 'absent' ? 'absent' : 'unknown'
            overlay.lay([beneath(at, now)])
            below(at, now === 'absent' ? value(null) : unknown)
          }
        }
        for (const each of paths)
          for (const of of [...kinds, stat]) expect(overlay.lookup(of(each))).toEqual(model.get(of(each).key))
      }),
      { numRuns: 500 },
    )
  })
})
