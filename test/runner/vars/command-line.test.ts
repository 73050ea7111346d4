import { describe, expect, test } from 'vitest'
import { connect } from '../../../runner/transport/connect.ts'
import type { Endpoint, Identity } from '../../../runner/transport/transport.ts'
import { hasAnsible, runAnsible } from '../engine/ansible.ts'
import { play } from '../engine/harness.ts'
import {
  cases,
  commandLine,
  files,
  inventory,
  playbook,
  programForSsh,
  type Reached,
  reachedBy,
} from './command-line-cases.ts'

const expected = cases.map(({ name, expected: reached }) => [name, reached])

function reached(endpoint: Endpoint, identity: Identity): Reached {
  if (endpoint.kind !== 'ssh') throw new Error(`${endpoint.kind} is not ssh`)
  const { user = '', privateKeyFile: key = '', connectTimeout, port } = endpoint
  const becomes = identity.kind === 'become' ? identity.user : undefined
  return { user, key, timeout: connectTimeout / 1000, becomes, ...(port === undefined ? {} : { port }) }
}

describe('what the command line says of connections is weaker than what is written', () => {
  test('in drover', async () => {
    const seen: Reached[] = []
    await play({
      playbook,
      inventory,
      options: {
        connection: { connection: 'ssh', user: 'cli', privateKeyFile: '/cli', connectTimeout: 33_000 },
        become: { become: true, user: 'cli-root' },
      },
      dependencies: {
        connect: async (endpoint) => {
          const local = await connect({ kind: 'local' })
          return {
            dial: (address) => local.dial(address),
            meter: local.meter,
            close: () => local.close(),
            shell: (identity) => {
              seen.push(reached(endpoint, identity))
              return local.shell({ kind: 'login' })
            },
          }
        },
      },
    })
    expect(cases.map(({ name }, index) => [name, seen[index]])).toEqual(expected)
  })

  test.runIf(hasAnsible)('in Ansible', async () => {
    const { tasks } = await runAnsible(files, [...commandLine, '-e', programForSsh])
    const lines = tasks.flatMap(({ said }) => Object.values(said).map(([line]) => String(line)))
    expect(cases.map(({ name }, index) => [name, reachedBy(lines[index] ?? '')])).toEqual(expected)
  })
})
