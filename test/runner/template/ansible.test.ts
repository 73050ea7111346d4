import { describe, expect, test } from 'vitest'
import { compileTemplate } from '../../../runner/template/compile.ts'
import { TemplateError } from '../../../runner/template/template.ts'
import { ansibleValues } from './ansible-values.ts'
import { collectionValues } from './collection-values.ts'
import { scopeOf } from './scope.ts'

const scope = scopeOf({ inventory_hostname: 'localhost' })

describe('values are those of Ansible', () => {
  test.each(ansibleValues)('%s', (expression, json) => {
    expect(compileTemplate(`{{ [${expression}] | to_json }}`).evaluate(scope)).toBe(json)
  })
})

describe('values of collections are those of Ansible', () => {
  test.each(collectionValues)('%s', (expression, json) => {
    expect(jsonOf(expression)).toBe(json)
  })
})

/** Null where it is an error. */
function jsonOf(expression: string): unknown {
  try {
    return compileTemplate(`{{ [${expression}] | to_json }}`).evaluate(scope)
  } catch (error) {
    if (error instanceof TemplateError) return null
    throw error
  }
}
