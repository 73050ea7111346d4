import { describe, expect, test } from 'vitest'
import { compileExpression } from '../../../runner/template/compile.ts'
import { scopeOf } from './scope.ts'

const scope = scopeOf({
  evil: `${'a'.repeat(40)}!`,
  spaces: `${' '.repeat(20_000)}x`,
  text: 'a1 b22 c333 '.repeat(500),
})
const evaluate = (source: string): unknown => compileExpression(source).evaluate(scope)

describe('a regular expression that would never end is an error', () => {
  test.each([
    "evil is search('(a+)+$')",
    "evil is match('(a|a)*b')",
    "evil is regex('(a+)+', match_type='fullmatch')",
    "evil | regex_search('(a|aa)+$')",
    "evil | regex_replace('(a*)*b', '')",
    "evil | regex_findall('(a?){30}a{30}b')",
    "spaces | regex_replace('\\\\s*\\\\s*\\\\s*y', '')",
  ])('%s', (source) => {
    expect(() => evaluate(source)).toThrow(/the regular expression ".*" takes more than 1 s on this text/)
  })
})

test('those that are watched find what they find unwatched', () => {
  expect(evaluate("evil | regex_search('(a+)+!')")).toBe(`${'a'.repeat(40)}!`)
  expect(evaluate("text | regex_findall('([a-z]+)(\\\\d+)\\\\s+') | length")).toBe(1500)
  expect(evaluate("text | regex_replace('(?P<l>[a-z])(\\\\d+)\\\\s*', '\\\\g<l>') | length")).toBe(1500)
  expect(evaluate("text is match('(?:[a-c]\\\\d+ )+$')")).toBe(true)
})
