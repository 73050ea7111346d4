import { expect, test } from 'vitest'
import { boot } from '../../../modules/facts/boot.ts'
import type { Reach } from '../../../modules/step.ts'
import { type NewLine, performReaching } from '../../../runner/engine/reach.ts'
import type { Performed, Reading, Work } from '../../../runner/host/host.ts'
import { BecomeError, ConnectionError } from '../../../runner/transport/transport.ts'

const reach: Reach = { title: 'wait', delay: 0, timeout: 0.5, sleep: 0.01, connectTimeout: 0.05 }
const rebooted: Reach = { ...reach, unlike: { fact: boot(), value: 'first' }, test: [{ do: 'run', argv: ['test'] }] }
const away = (reason: ConnectionError['reason']): never => {
  throw new ConnectionError(reason, `it is ${reason}`)
}
const never = new Promise<never>(() => undefined)

/** A host that is told what to answer on each line; `log` says what it was asked. */
class Told implements NewLine {
  readonly log: string[] = []
  line = 0
  readonly #answer: (line: number, asked: string) => string | Promise<string>
  constructor(answer: (line: number, asked: string) => string | Promise<string>) {
    this.#answer = answer
  }
  reconnect(): Promise<void> {
    this.line++
    return never
  }
  readonly host = {
    read: async (facts: readonly unknown[]): Promise<readonly Reading[]> =>
      facts.length === 0 ? [] : [{ kind: 'raw', raw: Buffer.from(await this.#say('read')) }],
    perform: async ({ actions, readBack }: Work): Promise<Performed> => {
      const asked =
        actions.map((action) => (action.do === 'run' ? action.argv.join(' ') : action.do)).join(' ') || 'look'
      const said = await this.#say(asked)
      if (said === 'moved') return { kind: 'moved' }
      const result = { status: 0, stdout: Buffer.from(said), stderr: Buffer.alloc(0), start: 0, end: 0 }
      const [action] = actions
      const failure = said === 'failed' && action ? { action, reason: 'status' as const, message: 'not yet' } : null
      return {
        kind: 'performed',
        results: actions.map(() => result),
        failure,
        readings: readBack.map(() => ({ kind: 'raw', raw: Buffer.from('read back') })),
      }
    },
  }
  async #say(asked: string): Promise<string> {
    this.log.push(`${this.line}: ${asked}`)
    return this.#answer(this.line, asked)
  }
}
const work: Work = { actions: [], basis: [], readBack: [], environment: {} }
const leaving: Work = { ...work, actions: [{ do: 'run', argv: ['go'] }] }

test('a host that answers is reached at once, over a new line', async () => {
  const way = new Told(() => 'fine')
  expect(await performReaching(work, reach, way)).toMatchObject({ failure: null, results: [{ status: 0 }] })
  expect(way.log).toEqual(['1: look'])
})
test('one that refuses, hangs, is broken off or lets nobody in is tried again', async () => {
  const way = new Told((line) => {
    if (line === 1) return away('refused')
    if (line === 2) return never
    if (line === 3) return away('lost')
    if (line === 4) throw new BecomeError('System is booting up')
    return 'fine'
  })
  expect(await performReaching(work, reach, way)).toMatchObject({ failure: null })
  expect(way.line).toBe(5)
})
test.each<[string, () => string | Promise<string>]>([
  ['answers', () => 'bye'],
  ['is gone before it answers', () => away('lost')],
])('a host that %s is waited for until it has booted and passes the test', async (_, go) => {
  const way = new Told((line, asked) => {
    if (asked === 'go') return go()
    if (asked === 'read') return line < 3 ? 'first' : 'second'
    return line < 4 ? 'failed' : 'fine'
  })
  const done = await performReaching({ ...leaving, readBack: [boot()] }, rebooted, way)
  expect(done).toMatchObject({ failure: null, results: [{ status: 0 }, { status: 0 }], readings: [{ kind: 'raw' }] })
  expect(way.log).toEqual(['0: go', '1: read', '2: read', '3: read', '3: test', '4: read', '4: test'])
})
test('the time comes to its end', async () => {
  const done = await performReaching(work, { ...reach, timeout: 0.03 }, new Told(() => away('refused')))
  expect(done).toMatchObject({
    failure: { reason: 'timed-out', message: 'cannot wait: not within 0.03 s: it is refused' },
    results: [{ status: 1 }],
  })
})
test('an interruption ends the waiting', async () => {
  const abort = new AbortController()
  const way = new Told(() => {
    abort.abort()
    return away('refused')
  })
  const done = await performReaching({ ...work, signal: abort.signal }, { ...reach, timeout: 600 }, way)
  expect(done).toMatchObject({ failure: { reason: 'interrupted' } })
})
test.each([
  ['failed', { failure: { message: 'not yet' } }],
  ['moved', { kind: 'moved' }],
])('what does not go away is not waited for: %s', async (said, expected) => {
  const way = new Told(() => said)
  expect(await performReaching(leaving, rebooted, way)).toMatchObject(expected)
  expect(way.log).toEqual(['0: go'])
})
