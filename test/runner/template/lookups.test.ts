import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileExpression, runLookup } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { scopeOf } from './scope.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'drover-lookups-'))
  mkdirSync(join(directory, 'files'))
  mkdirSync(join(directory, 'templates'))
  writeFileSync(join(directory, 'files', 'a.txt'), 'text\n\n')
  writeFileSync(join(directory, 'files', 'b.txt'), 'b')
  writeFileSync(join(directory, 'templates', 't.j2'), 'Hello {{ name }}{{ extra | default("") }}\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const evaluate = (source: string): unknown =>
  compileExpression(source).evaluate(scopeOf({ name: 'db1', list: [1, 2] }, [directory]))

test('files are found on the search path', () => {
  expect(evaluate("lookup('file', 'a.txt')")).toBe('text')
  expect(evaluate("lookup('file', 'a.txt', rstrip=false)")).toBe('text\n\n')
  expect(evaluate("lookup('ansible.builtin.file', 'a.txt', 'b.txt')")).toBe('text,b')
  expect(evaluate("query('fileglob', '*.txt') | map('basename') | list")).toEqual(['a.txt', 'b.txt'])
  expect(evaluate("lookup('first_found', ['no.txt', 'b.txt']) | basename")).toBe('b.txt')
  expect(evaluate("query('first_found', {'files': ['no'], 'skip': true})")).toEqual([])
})

test('templates are rendered with the variables of their place', () => {
  expect(evaluate("lookup('template', 't.j2')")).toBe('Hello db1\n')
  expect(evaluate("lookup('template', 't.j2', template_vars={'extra': '!'})")).toBe('Hello db1!\n')
})

test('commands run on the controller', () => {
  expect(evaluate("lookup('pipe', 'echo x')")).toBe('x')
  expect(evaluate("query('lines', 'printf \"a\\nb\\n\"')")).toEqual(['a', 'b'])
})

test('variables are looked up by name', () => {
  expect(evaluate("lookup('vars', 'na' ~ 'me')")).toBe('db1')
  expect(evaluate("query('varnames', '^l')")).toEqual(['list'])
})

test('what fails says so, unless errors are ignored', () => {
  expect(() => evaluate("lookup('file', 'no.txt')")).toThrow(TemplateError)
  expect(() => evaluate("lookup('pipe', 'exit 3')")).toThrow('exit status 3')
  expect(() => evaluate("lookup('fiel', 'x')")).toThrow('there is no lookup named "fiel"')
  expect(evaluate("lookup('file', 'no.txt', errors='ignore')")).toBeNull()
  expect(evaluate("query('file', 'no.txt', errors='ignore')")).toEqual([])
})

test('loops of the engine run lookups by name', () => {
  const scope = scopeOf({})
  expect(runLookup('nested', [[1, 2], ['a']], scope)).toEqual([
    [1, 'a'],
    [2, 'a'],
  ])
  expect(runLookup('dict', [{ k: 'v' }], scope)).toEqual([{ key: 'k', value: 'v' }])
  expect(runLookup('items', ['one', [2, [3]]], scope)).toEqual(['one', 2, [3]])
  expect(runLookup('sequence', ['start=1 end=5 stride=2 format=n%02d'], scope)).toEqual(['n01', 'n03', 'n05'])
  expect(runLookup('subelements', [[{ n: 'a', l: [1, 2] }], 'l'], scope)).toEqual([
    [{ n: 'a', l: [1, 2] }, 1],
    [{ n: 'a', l: [1, 2] }, 2],
  ])
})
