import { describe, expect, test } from 'vitest'
import { hasAnsible } from '../ansible.ts'
import { holdTo } from '../compare.ts'
import { reference } from '../reference.ts'
import { generatedCases } from './cases.ts'
import { record, recorded } from './recorded.ts'

// `DROVER_RECORD=missing npx vitest run test/runner/engine/generated` records what ansible-playbook does with cases that are new,
// `DROVER_RECORD=all` with all, which takes minutes.
const records = process.env['DROVER_RECORD']
if (records !== undefined) await record(generatedCases, reference, records === 'all')
const expected = recorded(generatedCases)

test('all cases are recorded', () => {
  const missing = generatedCases.filter((_, index) => expected[index] === undefined).map(({ name }) => name)
  expect(missing, 'record them with DROVER_RECORD=missing').toEqual([])
})

test.runIf(hasAnsible && records === undefined)(
  'Ansible still does what was recorded of the first cases',
  async () => {
    const first = generatedCases.slice(0, 9)
    expect(await reference(first)).toEqual(expected.slice(0, 9))
  },
  300_000,
)

describe('drover runs what is put together at random as Ansible did', () => {
  holdTo(expected, generatedCases)
})
