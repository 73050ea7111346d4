import { describe, expect, test } from 'vitest'
import { compileTemplate } from '../../../runner/template/compile.ts'
import { ansibleValues } from './ansible-values.ts'
import { scopeOf } from './scope.ts'

const scope = scopeOf({ inventory_hostname: 'localhost' })

describe('values are those of Ansible', () => {
  test.each(ansibleValues)('%s', (expression, json) => {
    expect(compileTemplate(`{{ [${expression}] | to_json }}`).evaluate(scope)).toBe(json)
  })
})
