import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderFile } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { everyday, expressions, mistakes, templates, variables } from './corpus.ts'
import { generateExpressions, generatorVariables } from './generate.ts'
import { scopeOf } from './scope.ts'

const python = '/usr/bin/python3'
const hasJinja = spawnSync(python, ['-c', 'import jinja2']).status === 0
const sources = [
  ...expressions.map((expression) => `{{ [${expression}] }}`),
  ...templates,
  ...everyday,
  ...mistakes.map((mistake) => `{{ ${mistake} }}`),
]

type Result = { readonly text: string } | { readonly error: string }

function reference(templates: readonly string[], given: object): readonly Result[] {
  const input = JSON.stringify({ variables: given, templates })
  const run = spawnSync(python, [fileURLToPath(new URL('reference.py', import.meta.url))], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as Result[]
}

function ours(source: string, given: { readonly [name: string]: unknown } = variables): Result {
  try {
    return { text: renderFile(source, scopeOf(given), { newlineSequence: '\n' }) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message }
    throw error
  }
}

test.runIf(process.env['CI'] && !hasJinja)('python3-jinja2 is there', () => {
  expect.unreachable('install python3-jinja2, which the templates are compared with')
})

describe.runIf(hasJinja)('drover renders what Jinja2 renders', () => {
  const expected = hasJinja ? reference(sources, variables) : []
  test.each(sources.map((source, index) => [source, expected[index]] as const))('%j', (source, wanted) => {
    const result = ours(source)
    expect('text' in result ? result : 'refused').toEqual(wanted && 'text' in wanted ? wanted : 'refused')
  })
})

/** Where Jinja2 prints an undefined value inside a list, drover says that it is undefined. */
function comparable(result: Result | undefined): string {
  return result && 'text' in result && !/\bUndefined\b/.test(result.text) ? result.text : 'refused'
}

test.runIf(hasJinja)('random expressions give what they give in Jinja2', () => {
  const templates = generateExpressions(2_000, 2026).map((expression) => `{{ [${expression}] }}`)
  const expected = reference(templates, generatorVariables)
  const different = templates
    .map((source, at) => ({
      source,
      jinja: comparable(expected[at]),
      drover: comparable(ours(source, generatorVariables)),
    }))
    .filter(({ jinja, drover }) => jinja !== drover)
  expect(different).toEqual([])
})
