import { describe, expect, test } from 'vitest'
import { compileExpression, compileTemplate } from '../../../runner/template/compile.ts'

/** `name@offset`, with `?` behind the guarded ones. */
const shown = (template: { references: readonly { name: string; guarded: boolean; offset: number }[] }): string =>
  template.references.map(({ name, guarded, offset }) => `${name}@${offset}${guarded ? '?' : ''}`).join(' ')

describe('references of a template', () => {
  test.each([
    ['no', ''],
    ['{{ a }} {{ b.c[d] }}', 'a@3 b@11 d@15'],
    ["{{ a.b | default('x') }}", 'a@3?'],
    ['{{ a | int | default(b) }}', 'a@3 b@21'],
    ['{{ a is defined }}{{ b is not undefined }}', 'a@3? b@21?'],
    ['{{ a is defined and a.x and b }}', 'a@3? a@20? b@28'],
    ['{{ a is undefined or a.x }}', 'a@3? a@21?'],
    ['{{ a if a is defined else b }}', 'a@3? a@8? b@26'],
    ['{{ b if a is not defined else a }}', 'b@3 a@8? a@30?'],
    ['{% if a is defined %}{{ a }}{% else %}{{ a }}{% endif %}', 'a@6? a@24? a@41'],
    ['{% if a is defined and b is defined %}{{ a ~ b }}{% endif %}', 'a@6? b@23? a@41? b@45?'],
    ['{% for x in xs if x > y %}{{ x }}{{ loop.index }}{% endfor %}{{ x }}', 'xs@12 y@22 x@64'],
    ['{% set a = b %}{{ a }}', 'b@11'],
    ['{% macro m(p, q=r) %}{{ p }}{{ q }}{{ caller() }}{{ varargs }}{% endmacro %}{{ m(1) }}', 'r@16'],
    ['{% with a = b %}{{ a }}{% endwith %}{{ a }}', 'b@12 a@39'],
    ["{{ lookup('env', x) }}{{ range(n) }}", 'x@17 n@31'],
    ['{{ {"k": v, w: 1} }}{{ [i, (j,)] }}{{ f(g, *h, k=l) }}', 'v@9 w@12 i@24 j@28 f@38 g@40 h@44 l@49'],
    ['{{ a[b:c] }}', 'a@3 b@5 c@7'],
    ['{% raw %}{{ a }}{% endraw %}{# {{ b }} #}', ''],
  ])('%s', (source, expected) => {
    expect(shown(compileTemplate(source))).toBe(expected)
  })

  test('of expressions, bare and in braces', () => {
    expect(shown(compileExpression('a == 1 and b is defined'))).toBe('a@0 b@11?')
    expect(shown(compileExpression('  {{ a }}'))).toBe('a@5')
  })
})
