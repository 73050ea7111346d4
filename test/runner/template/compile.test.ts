import { describe, expect, test } from 'vitest'
import {
  compileExpression,
  compileTemplate,
  evaluateValue,
  hasTemplate,
  renderFile,
  truthy,
} from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { scopeOf } from './scope.ts'

const scope = scopeOf({
  a: { b: { c: 1 } },
  list: [1, 2, 3],
  name: 'db1',
  text: 'a.b',
  result: { rc: 0, changed: true, stdout_lines: ['x'] },
})
const evaluate = (source: string): unknown => compileTemplate(source).evaluate(scope)

function failure(work: () => unknown): TemplateError {
  try {
    work()
  } catch (error) {
    if (error instanceof TemplateError) return error
    throw error
  }
  throw new Error('nothing failed')
}

describe('native types', () => {
  test.each([
    ['{{ list }}', [1, 2, 3]],
    ['{{ a }}', { b: { c: 1 } }],
    ['{{ a.b.c }}', 1],
    ['{{ none }}', null],
    ['{{ none }} {{ [none] }}', ' [None]'],
    ['{{ 1 == 1 }}', true],
    ["{{ '5' }}", '5'],
    ['{{ 4 / 2 }}', 2],
    ['{{ 2 ** 70 }}', 2 ** 70],
    ['{{ (1, 2) }}', [1, 2]],
    ['{{ {"a": 4 / 2, 1: (1,)} }}', { 1: [1], a: 2 }],
    ['{{ range(3) }}', [0, 1, 2]],
    [' {{ 5 }}', ' 5'],
    ['{{ 5 }}\n', '5\n'],
    ['{{ 1 }}{{ 2 }}', '12'],
    ['{% if true %}[1, 2]{% endif %}', '[1, 2]'],
    ['{{ "a" if false }}', ''],
    ['{% for i in list %}{{ i }}{% endfor %}\n\n', '123\n\n'],
    ['no template', 'no template'],
  ])('%s', (source, value) => {
    expect(evaluate(source)).toEqual(value)
  })

  test('a value that is not changed is not copied', () => {
    const given = { deep: [1, { x: 'y' }] }
    expect(compileTemplate('{{ given }}').evaluate(scopeOf({ given }))).toBe(given)
  })

  test('a function is no value', () => {
    expect(failure(() => evaluate('{{ range }}')).message).toContain('range is a function')
  })
})

describe('backslashes', () => {
  test('are literal in the output of playbooks, and escapes elsewhere', () => {
    expect(evaluate(String.raw`{{ 'foo' | regex_replace('(o+)', '<\1>') }}`)).toBe('f<oo>')
    expect(evaluate(String.raw`{{ "a\nb" | length }}`)).toBe(4)
    expect(evaluate(String.raw`{% set x = "a\nb" %}{{ x | length }}`)).toBe('3')
    expect(compileExpression(String.raw`"a\nb" | length`).evaluate(scope)).toBe(3)
    expect(renderFile(String.raw`{{ "a\nb" | length }}`, scope, { newlineSequence: '\n' })).toBe('3')
  })
})

describe('undefined', () => {
  test.each([
    ['{{ nmae }}', "'nmae' is undefined", 'did you mean "name"?', 3],
    ['x {{ a.b.d }}', "'dict object' has no attribute 'd' (a.b.d)", 'did you mean "c"?', 5],
    ['{{ list[7] }}', 'list object has no element 7 (list[7])', undefined, 3],
    ['{{ unknown.x.y }}', "'unknown' is undefined", undefined, 3],
    ['{{ [1, [unknown]] }}', "'unknown' is undefined", undefined, 8],
    ['{% if unknown %}{% endif %}', "'unknown' is undefined", undefined, 6],
    ['{{ unknown | upper }}', "'unknown' is undefined", undefined, 3],
  ])('%s', (source, message, hint, offset) => {
    expect(failure(() => evaluate(source))).toMatchObject({ reason: 'undefined', message, hint, offset })
  })

  test.each([
    ["{{ unknown.x.y | default('d') }}", 'd'],
    ['{{ a.q.r is defined }}', false],
    ['{{ unknown is undefined and not (a.x is defined) }}', true],
    ['{{ [unknown, 1] | length }}', 2],
    ["{{ unknown | default(other) | default('z') }}", 'z'],
  ])('%s is no error', (source, value) => {
    expect(evaluate(source)).toEqual(value)
  })

  describe('a variable whose own template uses what is not there', () => {
    const at = {
      source: { name: 'vars.yml', path: 'vars.yml', text: 'x: "{{ nope }}"' },
      line: 1,
      column: 4,
      length: 1,
    }
    const inner = new TemplateError('undefined', "'nope' is undefined", { offset: 3, hint: 'define it', at })
    const broken = {
      get: (name: string) => {
        if (name === 'x') throw inner
        if (name === 'loop') throw new TemplateError('value', 'recursive loop detected')
        if (name === 'coming') throw new Error('not known yet')
        return name === 'hosts'
          ? {
              get h() {
                throw inner
              },
            }
          : undefined
      },
      names: () => ['x'],
    }
    const run = (source: string): unknown => compileTemplate(source).evaluate(broken)

    test.each([
      ["{{ x | default('d') }}", 'd'],
      ['{{ x is defined }}', false],
      ["{{ x.y.z | default('d') }}", 'd'],
      ["{{ hosts.h | default('d') }}", 'd'],
      ["{{ hosts['h'] is undefined }}", true],
      ['{% if x is defined %}{{ x }}{% endif %}', ''],
    ])('is undefined: %s', (source, value) => {
      expect(run(source)).toBe(value)
    })
    test.each(['{{ x }}', '{{ x ~ 1 }}', '{{ x | upper }}', '{{ 1 if x }}', '{{ [x] }}'])('%s says where', (source) => {
      expect(failure(() => run(source))).toBe(inner)
    })
    test('other errors pass', () => {
      expect(() => run('{{ loop is defined }}')).toThrow('recursive loop')
      expect(() => run('{{ coming | default(1) }}')).toThrow('not known yet')
    })
  })

  test("a scope's own error passes through with its place", () => {
    const error = new TemplateError('undefined', "'inner' is undefined")
    const broken = {
      get: () => {
        throw error
      },
      names: () => [],
    }
    expect(failure(() => compileTemplate('{{ 1 + x }}').evaluate(broken)).message).toBe("'inner' is undefined")
  })
})

describe('errors of syntax are found when a template is made', () => {
  test.each([
    ['{{ 1 + }}', 'a value is missing before "}}"', 7],
    ['{{ a b }}', 'unexpected "b": the expression ends before it', 5],
    ['{% if a = b %}{% endif %}', 'unexpected "=" in the tag "if"', 8],
    ['{% if a %}{{ b | nope }}{% endif %}', 'there is no filter named "nope"', 17],
    ['{{ a is not nope }}', 'there is no test named "nope"', 12],
    ['{{ x', '"{{" is never closed', 0],
    ['{% if x %}', 'got end of file', undefined],
    ['{% nope %}', 'unknown tag "nope"', 3],
    ["{{ 'x }}", "the string that starts with ' is never closed", 3],
    ['{{ (1 }}', '"}" cannot close "("', 6],
    ['{{ (1', '"(" is never closed', 2],
    ['{{ a ? b }}', 'unexpected character "?"', 5],
  ])('%s', (source, message, offset) => {
    const error = failure(() => compileTemplate(source))
    expect(error.reason).toBe('syntax')
    expect(error.offset).toBe(offset)
    expect(error.message).toContain(message)
  })

  test('unknown filters and tests name their neighbour', () => {
    expect(failure(() => evaluate('{{ 1 | uper }}'))).toMatchObject({ reason: 'syntax', hint: 'did you mean "upper"?' })
    expect(failure(() => evaluate('{{ 1 is evn }}'))).toMatchObject({ hint: 'did you mean "even"?' })
  })
})

describe('nothing of JavaScript shows', () => {
  test.each([
    "''.constructor",
    '[].constructor',
    '{}.constructor',
    'a.constructor',
    "a['constructor']",
    'a.__proto__',
    "a['__proto__']",
    'a.hasOwnProperty',
    'a.toString',
    'list.length',
    "list['length']",
    'list.map',
    "''.length",
    'name.at',
    '(1).toFixed',
    'range.constructor',
    'range.call',
    'range.name',
    'namespace().fields',
    'namespace().constructor',
    "list['__proto__']",
    "'x'['substring']",
    'constructor',
    '__proto__',
    'toString',
    'globalThis',
    'process',
    'this',
    "'{0.constructor}'.format('x')",
    "a | attr('__proto__')",
    "[a] | map(attribute='constructor') | list",
    'cycler(1).items',
    '(1.5).toFixed',
    'now().time',
    'now().constructor',
  ])('%s', (expression) => {
    expect(() => compileExpression(expression).evaluate(scope)).toThrow(TemplateError)
  })

  test('a key called __proto__ is data', () => {
    const value = compileTemplate("{{ {'__proto__': {'x': 1}} }}").evaluate(scope) as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect('x' in value).toBe(false)
  })

  test('a template cannot change a variable', () => {
    const given = Object.freeze([1])
    const inner = scopeOf({ given, map: { l: given } })
    expect(
      compileTemplate(
        '{% do given.append(2) %}{% do map.l.append(3) %}{% do map.update({"x": 1}) %}{{ given }}{{ map }}',
      ).evaluate(inner),
    ).toBe("[1, 2]{'l': [1, 3], 'x': 1}")
    expect(given).toEqual([1])
  })
})

describe('limits', () => {
  test.each([
    'range(10000000000) | length',
    "'x' * 10000000000",
    '[1] * 10000000000',
    '2 ** 1000000',
    "'x'.center(100000000000)",
    '[range(9999), range(9999), range(9)] | length == 3 and (range(9999) | product(range(9999)) | list)',
  ])('%s is refused', (expression) => {
    expect(() => compileExpression(expression).evaluate(scope)).toThrow(TemplateError)
  })
  test('a loop may write as much as fits in a text', () => {
    const text = renderFile('<{% for i in range(200000) %}{{ i % 10 }};{% endfor %}>', scope, { newlineSequence: '\n' })
    expect(text).toBe(`<${'0;1;2;3;4;5;6;7;8;9;'.repeat(20_000)}>`)
  })
  test('a macro that calls itself without end is stopped', () => {
    expect(failure(() => evaluate('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}')).message).toContain('nested')
  })
})

test('expressions are taken bare and in braces', () => {
  expect(compileExpression('result.rc == 0 and result is changed').evaluate(scope)).toBe(true)
  expect(compileExpression(' {{ result.rc == 0 }} ').evaluate(scope)).toBe(true)
  expect(compileExpression('{"a": {"b": 1}}').evaluate(scope)).toEqual({ a: { b: 1 } })
})

describe('loops', () => {
  test.each([
    // What a turn binds is gone in the next one, also where turns share their place.
    ['{% for x in list %}{{ y | default("-") }}{% set y = x %}{{ y }}{% endfor %}', '-1-2-3'],
    ['{% for x in list %}{% if x > 1 %}{{ y | default("-") }}{% endif %}{% set y = x %}{% endfor %}', '--'],
    [
      '{% for x in list %}{% for z in [x] %}{{ x }}{{ z }}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}',
      '1111;2212;3313;',
    ],
    ['{% for x in list %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}', '123'],
    ['{% for loop in list %}{{ loop.index }}{% endfor %}', '123'],
    ['{% for x in list if x != 2 %}{{ loop.length }}{{ x }}{% endfor %}', '2123'],
    ['{% for x in list %}{{ x }}{% if x == 2 %}{% break %}{% endif %}{% else %}none{% endfor %}', '12'],
  ])('%s', (source, text) => {
    expect(renderFile(source, scope, { newlineSequence: '\n' })).toBe(text)
  })
})

describe('items by name', () => {
  const odd = scopeOf({
    m: { constructor: 1, items: 2, '': 3, a: null, toString: 4 },
    bare: Object.assign(Object.create(null), { k: 1 }),
  })
  test.each([
    ['m.constructor', 1],
    ['m.a', null],
    ['m.toString', 4],
    ['bare.k', 1],
    ['m.items() | length', 5],
    ['bare.constructor is defined', false],
    ['m.hasOwnProperty is defined', false],
    ['m.k is defined', false],
    ['[1, 2][-1]', 2],
    ['[1, 2][5] is defined', false],
    ['[1, 2][0.5] is defined', false],
    ['"abc"[1]', 'b'],
  ])('%s', (expression, value) => {
    expect(compileExpression(expression).evaluate(odd)).toBe(value)
  })
})

test('truthy is Python truth', () => {
  for (const value of [1, 'x', [0], { a: 1 }, true, 'False', Number.NaN]) expect(truthy(value)).toBe(true)
  for (const value of [0, '', [], {}, false, null]) expect(truthy(value)).toBe(false)
})

test('evaluateValue goes into lists, mappings and keys', () => {
  const value = { plain: 'x', n: 1, list: ['{{ name }}', { '{{ name }}': '{{ list }}' }], none: null }
  expect(evaluateValue(value, scope)).toEqual({ plain: 'x', n: 1, list: ['db1', { db1: [1, 2, 3] }], none: null })
  expect(hasTemplate('a {{ b }}') && hasTemplate('{% x %}') && hasTemplate('{# c #}')).toBe(true)
  expect(hasTemplate('a { b } %}')).toBe(false)
})

test('a template is compiled once', () => {
  expect(compileTemplate('{{ name }} once')).toBe(compileTemplate('{{ name }} once'))
})

const render = (text: string, options: Partial<Parameters<typeof renderFile>[2]> = {}): string =>
  renderFile(text, scope, { newlineSequence: '\n', ...options })

describe('template files', () => {
  test('blocks take their line end with them, and the last line end stays', () => {
    expect(render('a\n{% if true %}\nb\n{% endif %}\nc\n')).toBe('a\nb\nc\n')
    expect(render('{% for i in list %}{{ i }}{% endfor %}\n')).toBe('123\n')
    expect(render('  {% if true %}\nb\n  {% endif %}\n', { lstripBlocks: true })).toBe('b\n')
    expect(render('{% if true %}\nb{% endif %}\nc', { trimBlocks: false })).toBe('\nb\nc')
  })
  test('line ends are made those that are asked for', () => {
    expect(render('a\r\n{{ name }}\n', { newlineSequence: '\r\n' })).toBe('a\r\ndb1\r\n')
  })
  test('the header sets options', () => {
    expect(
      render("#jinja2: variable_start_string:'[%', variable_end_string:'%]', trim_blocks: False\n[% name %] {{ x }}\n"),
    ).toBe('db1 {{ x }}\n')
    expect(failure(() => render('#jinja2: nope: 1\n')).reason).toBe('syntax')
  })
  test('include, import and extends ask the loader', () => {
    const files = new Map([
      ['part', 'p={{ name }}{{ local }}\n'],
      ['macros', '{% macro m(x) %}<{{ x }}>{% endmacro %}{% set v = 5 %}'],
      ['base', 'A{% block b %}base{% endblock %}{% block c %}c{% endblock %}Z\n'],
    ])
    const loader = (name: string): string | null => files.get(name) ?? null
    expect(render("{% set local = 1 %}{% include 'part' %}.", { loader })).toBe('p=db11.')
    expect(render("{% import 'macros' as m %}{{ m.m(1) }}{{ m.v }}", { loader })).toBe('<1>5')
    expect(render("{% from 'macros' import m as n with context %}{{ n(2) }}", { loader })).toBe('<2>')
    expect(render("{% extends 'base' %}{% block b %}[{{ super() }}]{% endblock %}", { loader })).toBe('A[base]cZ')
    expect(
      render("{% include 'no' ignore missing %}{% include ['no', 'part'] without context %}", {
        loader: (name) => (name === 'part' ? 'x' : null),
      }),
    ).toBe('x')
    files.set('seen', "{{ name | default('unseen') }}")
    expect(render("{% include 'seen' without context %} {% include 'seen' %}", { loader })).toBe('unseen db1')
    expect(failure(() => render("{% include 'no' %}", { loader })).message).toContain('no template "no"')
  })
})
