import { applyPatch } from 'diff'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Change } from '../../../modules/step.ts'
import { drawChange } from '../../../runner/report/diff.ts'
import { styleOf } from '../../../runner/report/style.ts'
import { textChange } from './events.ts'

const plain = styleOf(false)
const numbered = (count: number, prefix = ''): string =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}\n`).join('')

const cases: readonly { readonly name: string; readonly change: Change; readonly lines: readonly string[] }[] = [
  {
    name: 'three lines of context',
    change: textChange('/a', numbered(9), numbered(9).replace('5\n', 'five\n')),
    lines: ['--- /a (before)', '+++ /a (after)', '@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'],
  },
  {
    name: 'a new file',
    change: textChange('/a', null, 'x\ny\n', { attributes: [{ name: 'mode', before: null, after: '0600' }] }),
    lines: ['--- /a (absent)', '+++ /a (after)', '    mode: 0600', '@@ -0,0 +1,2 @@', '+x', '+y'],
  },
  { name: 'a new empty file', change: textChange('/a', null, ''), lines: ['--- /a (absent)', '+++ /a (after)'] },
  {
    name: 'a removed file without a newline at its end',
    change: textChange('/a', 'x', null, { attributes: [{ name: 'owner', before: 'root', after: null }] }),
    lines: [
      '--- /a (before)',
      '+++ /a (absent)',
      '    owner: root',
      '@@ -1 +0,0 @@',
      '-x',
      '\\ No newline at end of file',
    ],
  },
  {
    name: 'a newline that is missing after the change',
    change: textChange('/a', 'x\n', 'x'),
    lines: ['--- /a (before)', '+++ /a (after)', '@@ -1 +1 @@', '-x', '+x', '\\ No newline at end of file'],
  },
  {
    name: 'control characters and line ends of another system',
    change: textChange('/a\n', 'x\r\n', '\u001b[2Jx\u202e\n'),
    lines: ['--- /a⏎ (before)', '+++ /a⏎ (after)', '@@ -1 +1 @@', '-x^M', '+^[[2Jx<U+202E>'],
  },
  {
    name: 'a secret',
    change: textChange('/a', 'old', 'new', {
      secret: true,
      attributes: [{ name: 'mode', before: '0644', after: '0600' }],
    }),
    lines: ['update /a', '    mode: 0644 → 0600', '    content differs (secret, not shown)'],
  },
  {
    name: 'attributes alone, of any type',
    change: {
      subject: 'unit mysql',
      verb: 'update',
      attributes: [
        { name: 'state', before: 'stopped', after: 'started' },
        { name: 'enabled', before: false, after: true },
        { name: 'wants', before: null, after: ['a', 'b'] },
        { name: 'title', before: '', after: 'x\ny' },
      ],
    },
    lines: [
      'update unit mysql',
      '    state: stopped → started',
      '    enabled: false → true',
      '    wants: none → ["a","b"]',
      '    title: "" → x⏎y',
    ],
  },
  {
    name: 'a text that stays with attributes that do not',
    change: textChange('/a', 'x\n', 'x\n', { attributes: [{ name: 'mode', before: '0644', after: '0600' }] }),
    lines: ['update /a', '    mode: 0644 → 0600'],
  },
  { name: 'a command', change: { subject: 'mkswap /swap', verb: 'run' }, lines: ['run mkswap /swap'] },
  {
    name: 'more lines than the limit',
    change: textChange('/a', null, numbered(12)),
    lines: [
      '--- /a (absent)',
      '+++ /a (after)',
      '@@ -0,0 +1,12 @@',
      '+1',
      '+2',
      '+3',
      '+4',
      '… 8 more lines of this diff',
    ],
  },
  {
    name: 'lines longer than the limit',
    change: textChange('/a', null, `${'x'.repeat(1040)}\n`),
    lines: ['--- /a (absent)', '+++ /a (after)', '@@ -0,0 +1 @@', `+${'x'.repeat(40)}… 1,000 more characters`],
  },
  {
    name: 'texts with nothing in common',
    change: textChange('/a', numbered(2000, 'a'), numbered(1500, 'b')),
    lines: [
      '--- /a (before)',
      '+++ /a (after)',
      'too different to compare line by line: 2,000 lines before, 1,500 lines after',
    ],
  },
]

describe('drawChange', () => {
  it.each(cases)('$name', ({ change, lines }) => {
    const limits = { lines: change.subject === '/a' && change.verb === 'create' ? 5 : 400, width: 40 }
    expect(drawChange(change, plain, limits)).toEqual(lines)
  })

  it('draws what patch(1) would apply', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', '  c', '-- d', '++ e', '\\ f'), { maxLength: 20 })
      .map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after)
        const lines = drawChange(textChange('/a', before, after), plain)
        expect(applyPatch(before, `${lines.join('\n')}\n`)).toBe(after)
      }),
    )
  })

  it('never shows a secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (secret) => {
        const shown = drawChange(textChange('path', null, `§${secret}`, { secret: true }), plain).join('\n')
        expect(shown).not.toContain('§')
      }),
    )
  })
})
