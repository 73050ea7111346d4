import { expect, test } from 'vitest'
import type { Step } from '../../../modules/step.ts'
import { performSteps } from '../../../runner/engine/perform-steps.ts'
import type { NewLine } from '../../../runner/engine/reach.ts'
import type { Performed, Work } from '../../../runner/host/host.ts'
import { ConnectionError } from '../../../runner/transport/transport.ts'

const PATIENCE = { pause: 5, margin: 50, restoring: 500 }
const step = (name: string, confirmed = false): Step => ({
  change: { subject: name, verb: 'run' },
  actions: [{ do: 'run', argv: [name] }],
  effects: [],
  ...(confirmed ? { confirm: { within: 0.1, actions: [{ do: 'run', argv: [`confirm-${name}`] }] } } : {}),
})
const work = { basis: [], readBack: [], environment: {} }

/** A host at which each word is performed as told; `log` says what was asked of it, on which line. */
class Told implements NewLine {
  readonly log: string[] = []
  readonly #answer: (word: string, line: number) => Promise<'done' | 'failed' | 'moved'>
  #line = 1
  constructor(answer: (word: string, line: number) => Promise<'done' | 'failed' | 'moved'>) {
    this.#answer = answer
  }
  reconnect(): Promise<void> {
    this.#line++
    return Promise.resolve()
  }
  readonly host = {
    read: () => Promise.resolve([]),
    perform: async ({ actions }: Work): Promise<Performed> => {
      const words = actions.map((action) => (action.do === 'run' ? action.argv[0] : action.do)).join(' ')
      this.log.push(`${this.#line}: ${words || 'look'}`)
      const answer = await this.#answer(words || 'look', this.#line)
      if (answer === 'moved') return { kind: 'moved' }
      const result = { status: 0, stdout: Buffer.from(words), stderr: Buffer.alloc(0), start: 0, end: 0 }
      const [action] = actions
      const failure = answer === 'failed' && action ? { action, reason: 'status' as const, message: 'too late' } : null
      return { kind: 'performed', results: actions.map(() => result), failure, readings: [] }
    },
  }
}
const lost = (): never => {
  throw new ConnectionError('lost', 'cut')
}
const never = new Promise<never>(() => undefined)

test('steps that need no confirmation go together', async () => {
  const way = new Told(async () => 'done')
  expect(await performSteps([step('a'), step('b')], work, way)).toMatchObject({ failure: null, results: [{}, {}] })
  expect(way.log).toEqual(['1: a b'])
})
test('what follows waits for the confirmation over a new line', async () => {
  const way = new Told(async () => 'done')
  const done = await performSteps([step('a'), step('b', true), step('c')], work, way, PATIENCE)
  expect(done).toMatchObject({ failure: null, results: [{}, {}, {}] })
  expect(way.log).toEqual(['1: a b', '2: confirm-b', '2: c'])
})
test('a change that fails is not confirmed', async () => {
  const way = new Told(async () => 'failed')
  expect(await performSteps([step('b', true)], work, way)).toMatchObject({ failure: { message: 'too late' } })
  expect(way.log).toEqual(['1: b'])
})
test('a host that moved is not touched', async () => {
  const way = new Told(async () => 'moved')
  expect(await performSteps([step('b', true)], work, way)).toEqual({ kind: 'moved' })
  expect(way.log).toEqual(['1: b'])
})
const unconfirmed = { kind: 'performed', failure: { reason: 'unconfirmed' } }
test.each<readonly [string, (word: string) => Promise<'done' | 'failed' | 'moved'>]>([
  ['no new line can be had', async (word) => (word === 'confirm-b' ? lost() : 'done')],
  ['new lines are opened and hang', (word) => (word === 'confirm-b' ? never : Promise.resolve('done'))],
  ['the confirmation comes too late', async (word) => (word === 'confirm-b' ? 'failed' : 'done')],
])('nothing follows where %s', async (_, answer) => {
  const way = new Told(answer)
  const done = await performSteps([step('b', true), step('c')], work, way, PATIENCE)
  expect(done).toMatchObject({ ...unconfirmed, results: [{}] })
  expect(way.log.slice(0, 2)).toEqual(['1: b', '2: confirm-b'])
  expect(way.log.at(-1)).toBe('2: look')
  expect(way.log).not.toContain('2: c')
})
test.each<readonly [string, () => Promise<'done'>]>([
  ['is lost', async () => lost()],
  ['never answers again', () => never],
])('a change whose line %s failed', async (_, b) => {
  const way = new Told(async (word, line) => (word === 'b' ? b() : line === 1 ? lost() : 'failed'))
  expect(await performSteps([step('b', true), step('c')], work, way, PATIENCE)).toMatchObject(unconfirmed)
  expect(way.log).not.toContain('2: c')
})
test('a host that stays away is told of', async () => {
  const way = new Told(async (word) => (word === 'b' ? 'done' : lost()))
  const done = await performSteps([step('b', true)], work, way, { ...PATIENCE, restoring: 20 })
  expect(done).toMatchObject({ failure: { message: expect.stringMatching(/still cannot/) as string } })
})
