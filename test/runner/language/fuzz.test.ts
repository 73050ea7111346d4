import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { drawProblems } from '../../../runner/language/code-frame.ts'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { loadPlaybook } from '../../../runner/language/load.ts'
import type { Position, Problem } from '../../../runner/language/source.ts'
import { undefinedVariables } from '../../../runner/language/undefined-variables.ts'
import { compileExpression, compileTemplate } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { randomNumbers } from '../random.ts'
import { everyday, expressions, templates, variables } from '../template/corpus.ts'
import { scopeOf } from '../template/scope.ts'
import { modules } from './modules.ts'
import { mutate } from './mutate.ts'

const golden = fileURLToPath(new URL('golden/', import.meta.url))
const playbooks = readdirSync(golden)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => readFileSync(join(golden, name), 'utf8'))

/** What is said of a playbook and of the files that it names, none of which is read from the disk. */
function problemsOf(text: string): readonly Problem[] {
  const files: Readonly<Record<string, string>> = { '/p/site.yml': text, '/p/tasks.yml': '- ping:\n' }
  const { playbook, problems } = loadPlaybook('/p/site.yml', {
    modules,
    directory: '/p',
    read: (path) => {
      const found = files[path]
      if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' })
      return found
    },
  })
  return playbook === undefined ? problems : undefinedVariables(playbook, () => new Set())
}

/** Each place is inside the text it is in, and all can be drawn. */
function checkPlaces(problems: readonly Problem[]): void {
  expect(problems.filter(({ at }) => at !== undefined && !isInside(at))).toEqual([])
  expect(drawProblems(problems)).not.toContain('undefined:')
}

function isInside({ source, line, column }: Position): boolean {
  const text = source.text.split('\n')[line - 1]
  return text !== undefined && column >= 1 && column <= text.length + 2
}

/** Runs `check` on changed texts; what it throws is told with the text. */
function fuzz(texts: readonly string[], seed: number, count: number, check: (text: string) => void): void {
  const next = randomNumbers(seed)
  for (let left = count; left > 0; left -= 1) {
    const text = mutate(texts[Math.floor(next() * texts.length)] ?? '', next)
    try {
      check(text)
    } catch (error) {
      throw new Error(`of ${JSON.stringify(text)}`, { cause: error })
    }
  }
}

test('a playbook with any mistakes gives problems', { timeout: 120_000 }, () => {
  expect.hasAssertions()
  fuzz(playbooks, 1, 3000, (text) => checkPlaces(problemsOf(text)))
})

function failureOf(work: () => unknown): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}

test('a template with any mistakes gives a template error', { timeout: 120_000 }, () => {
  expect.hasAssertions()
  const harmless = [...expressions.map((text) => `{{ ${text} }}`), ...templates, ...everyday].filter(
    (text) => !/lookup|query|\bq\(/.test(text),
  )
  const scope = scopeOf(variables)
  fuzz(harmless, 2, 4000, (text) => {
    const failures = [compileTemplate, compileExpression].map((compile) =>
      failureOf(() => compile(text).evaluate(scope)),
    )
    expect(failures.filter((error) => error !== undefined && !(error instanceof TemplateError))).toEqual([])
  })
})

const inventories = [
  'a\nb ansible_host=1.2.3.4 x="y z"\n\n[web]\nweb[01:20:3].example.com:22 n=1\ndb-[a:f]\n[web:vars]\nx=1\ny=[1, {"a": 2}]\n[all:children]\nweb\n',
  '[g:children]\nh\n[h]\nx ansible_port=22 # c\n[h:vars]\nv = "a b"\n',
  'all:\n  hosts:\n    a: {x: 1}\n    "b[1:3]":\n  vars: {y: "{{ x }}"}\n  children:\n    web:\n      hosts: {c: , d: {ansible_host: e}}\n      vars:\n        z: !unsafe "{{ q"\n',
  'plugin: constructed\nstrict: false\ngroups: {a: "x == 1"}\ncompose: {b: "x | int"}\nkeyed_groups: [{key: x, prefix: p, separator: "-"}]\n',
  '{"_meta": {"hostvars": {"a": {"x": 1}}}, "g": {"hosts": ["a"], "vars": {"y": 2}, "children": []}, "h": ["b"]}',
]

test('an inventory with any mistakes gives problems', { timeout: 120_000 }, () => {
  expect.hasAssertions()
  const directory = mkdtempSync(join(tmpdir(), 'drover-fuzz-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, seed] of [
    ['hosts', 3],
    ['hosts.yml', 4],
    ['hosts.json', 5],
  ] as const)
    fuzz(inventories, seed, 600, (text) => {
      const path = join(directory, name)
      writeFileSync(path, text)
      checkPlaces(loadInventory([path], { cwd: directory }).problems)
    })
})

const deep = (open: string, close: string, middle = '1'): string =>
  `{{ ${open.repeat(10_000)}${middle}${close.repeat(10_000)} }}`

test.each([
  '{{ range(10**9) | list }}',
  "{{ 'x' * 10**9 }}",
  '{{ [1] * 10**9 }}',
  '{{ 2 ** (10**9) }}',
  '{{ pow(2, 10**9) }}',
  "{{ 'a' | center(10**9) }}",
  "{{ '%1000000000d' % 1 }}",
  "{{ '{:1000000000}'.format(1) }}",
  '{{ range(100) | permutations(5) | list }}',
  '{{ range(1000) | product(range(1000), range(1000)) | list }}',
  '{{ [1] | slice(10**8) | list }}',
  '{{ (10**20) | random }}',
  "{{ 'x' | password_hash('bcrypt', rounds=31) }}",
  "{{ ('a' * 40) | regex_search('(a+)+$b') }}",
  "{{ query('sequence', 'count=1000000000') }}",
  "{{ query('nested', range(1000), range(1000), range(1000)) }}",
  "{{ ('[' * 100000) | from_json }}",
  "{{ ('[' * 100000) | from_yaml }}",
  "{{ ('- ' * 100000) | from_yaml }}",
  '{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(1000) %}x{% endfor %}{% endfor %}{% endfor %}',
  "{% set x = namespace(v='x') %}{% for i in range(60) %}{% set x.v = x.v ~ x.v %}{% endfor %}{{ x.v | length }}",
  '{% set x = namespace(v=[1]) %}{% for i in range(60) %}{% set x.v = x.v + x.v %}{% endfor %}{{ x.v | length }}',
  '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  deep('(', ')'),
  deep('[', ']'),
  deep('not ', ''),
  deep('', ' | string'),
  '{% if a %}'.repeat(10_000) + '{% endif %}'.repeat(10_000),
  '{{'.repeat(50_000),
])('a template that would fill the memory or never end is a template error: %s', (text) => {
  expect(() => compileTemplate(text).evaluate(scopeOf({ a: 1 }))).toThrow(TemplateError)
})

const bomb = Array.from({ length: 12 }, (_, n) => `v${n + 1}: &v${n + 1} [${`*v${n}, `.repeat(9)}]`)

test.each([
  ['brackets', '['.repeat(10_000), 'nested too deeply'],
  ['mappings', '{a: '.repeat(10_000), 'nested too deeply'],
  ['dashes', '- '.repeat(10_000), 'nested too deeply'],
  ['lines', Array.from({ length: 1500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), 'nested too deeply'],
  [
    'blocks',
    `- hosts: a\n  tasks: [${'{block: ['.repeat(200)}${']}'.repeat(200)}]`,
    'nested more than 100 levels deep',
  ],
  ['aliases', `- hosts: a\n  vars:\n    v0: &v0 [x]\n    ${bomb.join('\n    ')}\n`, 'stand for too many values'],
])('a playbook of too many or too deep %s is a problem', (_, text, said) => {
  expect(
    problemsOf(text)
      .map(({ message }) => message)
      .join('\n'),
  ).toContain(said)
})
