import { everyday, expressions, mistakes, templates } from './corpus.ts'
import { generateExpressions } from './generate.ts'
import { generateTemplates } from './generate-templates.ts'

/** What both render: written by hand, and at random with fixed seeds. */
export const writtenTemplates: readonly string[] = [
  ...expressions.map((expression) => `{{ [${expression}] }}`),
  ...templates,
  ...everyday,
  ...mistakes.map((mistake) => `{{ ${mistake} }}`),
]

export const randomExpressions = (): readonly string[] =>
  generateExpressions(2_000, 2026).map((expression) => `{{ [${expression}] }}`)

export const randomTemplates = (): readonly string[] => generateTemplates(1_000, 2026)
