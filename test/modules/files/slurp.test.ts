import { expect, it } from 'vitest'
import slurp from '../../../modules/files/slurp.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { PATH, textHost } from '../text-host.ts'

it('gives the bytes in base64', async () => {
  const { steps, result } = await proposalOf(slurp, { src: PATH }, textHost('ä\n'))
  expect(steps).toEqual([])
  expect(result).toEqual({ content: 'w6QK', encoding: 'base64', source: PATH })
})

it('refuses what is not there', async () => {
  expect(await planOf(slurp, { src: PATH }, textHost(null))).toMatchObject({
    kind: 'refusal',
    message: `file not found: ${PATH}`,
  })
})
