import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderFile } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { variables } from './corpus.ts'
import { generatorVariables } from './generate.ts'
import { partials } from './generate-templates.ts'
import { randomExpressions, randomTemplates, writtenTemplates } from './compared.ts'
import { scopeOf } from './scope.ts'

const python = '/usr/bin/python3'
const hasJinja = spawnSync(python, ['-c', 'import jinja2']).status === 0
const known: Readonly<Record<string, string>> = partials
const loader = (name: string): string | null => known[name] ?? null

type Result = { readonly text: string } | { readonly error: string }

function reference(templates: readonly string[], given: object): readonly Result[] {
  const input = JSON.stringify({ variables: given, templates, partials })
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
    return { text: renderFile(source, scopeOf(given), { newlineSequence: '\n', loader }) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message }
    throw error
  }
}

test.runIf(process.env['CI'] && !hasJinja)('python3-jinja2 is there', () => {
  expect.unreachable('install python3-jinja2, which the templates are compared with')
})

describe.runIf(hasJinja)('drover renders what Jinja2 renders', () => {
  const expected = hasJinja ? reference(writtenTemplates, variables) : []
  test.each(writtenTemplates.map((source, index) => [source, expected[index]] as const))('%j', (source, wanted) => {
    const result = ours(source)
    expect('text' in result ? result : 'refused').toEqual(wanted && 'text' in wanted ? wanted : 'refused')
  })
})

/** Where Jinja2 prints an undefined value inside a list, drover says that it is undefined. */
function comparable(result: Result | undefined): string {
  return result && 'text' in result && !/\bUndefined\b/.test(result.text) ? result.text : 'refused'
}

/** What Jinja2 and drover make of the same templates, where that is not the same. */
function different(templates: readonly string[]): readonly object[] {
  const expected = reference(templates, generatorVariables)
  return templates
    .map((source, at) => ({
      source,
      jinja: comparable(expected[at]),
      drover: comparable(ours(source, generatorVariables)),
    }))
    .filter(({ jinja, drover }) => jinja !== drover)
}

describe.runIf(hasJinja)('at random', () => {
  test('expressions give what they give in Jinja2', () => {
    expect(different(randomExpressions())).toEqual([])
  }, 60_000)

  test('templates give what they give in Jinja2', () => {
    expect(different(randomTemplates())).toEqual([])
  }, 60_000)
})
