import { describe, expect, it } from 'vitest'
import { evaluateText, evaluateValue } from '../../../runner/template/compile.ts'
import { typedText } from '../../../runner/template/typed-text.ts'

const scope = {
  get: (name: string) => (name === 'j' ? '{"a": [1, 2.5, null, true], "b": "x\\u00e9\\n"}' : undefined),
  names: () => ['j'],
}
const json = { a: [1, 2.5, null, true], b: 'xé\n' }

describe('text that a template gives', () => {
  // What ansible-core 2.14 makes of these as variables.
  it.each<readonly [string, unknown]>([
    ['{{ j }}', json],
    ['{{ j | trim }}', json],
    ['{% if true %}[1]{% endif %}', [1]],
    ["[1, 2]{{ '' }}  ", [1, 2]],
    ["{{ '[1]' }}\n", [1]],
    ["{{ '{}' }}", {}],
    ["{{ 'True' }}", true],
    ["{{ 'False' }}", false],
    ["['a', 'b',]{{ '' }}", ['a', 'b']],
    ["[True, False, None, null, true, -1]{{ '' }}", [true, false, null, null, true, -1]],
    ["[(1, 2), {'a': 1}]{{ '' }}", [[1, 2], { a: 1 }]],
    ["['it''s', \"q\"]{{ '' }}", ['its', 'q']],
    ['[{{ 1 }}, {{ 2 }}]', [1, 2]],
  ])('%s is data', (source, expected) => {
    expect(evaluateValue(source, scope)).toEqual(expected)
  })

  it.each([
    ['{{ j | string }}', '{"a": [1, 2.5, null, true], "b": "x\\u00e9\\n"}'],
    ['{{ [1] | to_json }}', '[1]'],
    ["  [1, 2]{{ '' }}", '  [1, 2]'],
    ["{{ 'true' }}", 'true'],
    ["{{ 'None' }}", 'None'],
    ["[a, b]{{ '' }}", '[a, b]'],
    ["[1 + 1, 'a']{{ '' }}", "[1 + 1, 'a']"],
    ["[1, 2{{ '' }}", '[1, 2'],
    ["[1][0]{{ '' }}", '[1][0]'],
    ["{'a': 1}['a']{{ '' }}", "{'a': 1}['a']"],
    ["[len('a')]{{ '' }}", "[len('a')]"],
    ["{1, 2}{{ '' }}", '{1, 2}'],
    ['[section]\nx = {{ 1 }}', '[section]\nx = 1'],
  ])('%s stays text', (source, expected) => {
    expect(evaluateValue(source, scope)).toBe(expected)
  })

  it('stays text where text is meant, and where there was no template', () => {
    expect(evaluateText('{{ j }}', scope)).toBe(scope.get('j'))
    expect(evaluateValue('[1, 2]', scope)).toBe('[1, 2]')
  })

  it('is not read where it is nested without end', () => {
    const deep = '['.repeat(100_000)
    expect(typedText(deep, '{{ x }}')).toBe(deep)
  })
})
