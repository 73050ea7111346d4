import { expect, it } from 'vitest'
import { alive } from '../../../modules/facts/alive.ts'
import ping from '../../../modules/system/ping.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const host = () => new FakeHost([[alive(), true]])

it('answers', async () => {
  expect(await proposalOf(ping, {}, host())).toMatchObject({ steps: [], result: { ping: 'pong' } })
  expect(await proposalOf(ping, { data: 'here' }, host())).toMatchObject({ result: { ping: 'here' } })
  expect(await planOf(ping, { data: 'crash' }, host())).toMatchObject({ kind: 'refusal', message: 'boom' })
})

it.each(SHELLS)('asks a shell: %s', async (...shell) => {
  expect(
    await readLocally(
      [alive()],
      shell.filter((word) => typeof word === 'string'),
    ),
  ).toEqual([true])
})
