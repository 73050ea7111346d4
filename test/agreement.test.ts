import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cases } from './runner/engine/ansible-cases.ts'
import { foundCases } from './runner/engine/found-cases.ts'
import { generatedCases } from './runner/engine/generated/cases.ts'
import { languageCases } from './runner/engine/language-cases.ts'
import { roleCases } from './runner/engine/role-cases.ts'
import { ansibleValues } from './runner/template/ansible-values.ts'
import { collectionValues } from './runner/template/collection-values.ts'
import { randomExpressions, randomTemplates, writtenTemplates } from './runner/template/compared.ts'

const page = readFileSync(new URL('../playbooks/DIFFERENCES.md', import.meta.url), 'utf8')
/** What the page claims of each area, by the beginning of the area's name. */
const claimed = (area: string): string | undefined =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| ${area}`))
    ?.split('|')[2]
    ?.trim()

describe('what is said of the agreement with Ansible is what is compared', () => {
  test.each([
    ['Playbooks written by hand', cases.length + foundCases.length + languageCases.length + roleCases.length],
    ['Playbooks put together at random', generatedCases.length],
    ['Expressions and templates written by hand', writtenTemplates.length],
    ['Expressions put together at random', randomExpressions().length],
    ['Templates put together at random', randomTemplates().length],
    ['Values of Ansible', ansibleValues.length + collectionValues.length],
  ])('%s', (area, count) => {
    expect(claimed(area)).toBe(String(count))
  })
})
