import { Writable } from 'node:stream'

import { expect, it } from 'vitest'

import type { Event } from '../../../runner/engine/events.ts'
import { createReporter } from '../../../runner/report/choose.ts'
import { EventLog, item, recap, textChange } from './events.ts'

async function written(events: readonly Event[]): Promise<string> {
  const chunks: string[] = []
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  const reporter = createReporter({ format: 'json', stdout, verbosity: 0 })
  for (const event of events) reporter.report(event)
  await reporter.close()
  return chunks.join('')
}
const parsed = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

it('writes each event as one line that reads back the same', async () => {
  const log = new EventLog()
  log.run({ diff: true })
  log.play('Cluster\n二', ['n1'])
  const task = log.task('Install', ['n1'])
  log.start(task, 'n1')
  log.progress(task, 'n1', 'item', item({ a: [1, null] }, 'ok'))
  log.finish(task, 'n1', 'changed', { changes: [textChange('/a', null, 'x\u001b\n')] })
  log.taskDone(task)
  log.playDone()
  log.warn('careful')
  log.end({ n1: recap({ changed: 1 }) })
  const text = await written(log.events)
  expect(parsed(text)).toEqual(log.events)
  expect(text).not.toContain('\u001b')
})

it('writes what JSON cannot hold, and no secrets', async () => {
  const log = new EventLog()
  log.run({ diff: true })
  const result = { text: Buffer.from('ä'), raw: Buffer.from([0xff, 0]), big: 2n ** 70n, none: undefined }
  const changes = [textChange('/a', 'old-secret', 'new-secret', { secret: true })]
  // Values that the types rule out, and that a module might still let through.
  log.finish(1, 'n1', 'ok', { result: result as never, changes })
  const text = await written(log.events)
  expect(parsed(text)).toMatchObject([
    { event: 'run-started' },
    {
      result: { text: 'ä', raw: { base64: '/wA=' }, big: '1180591620717411303424' },
      changes: [{ subject: '/a', verb: 'update', secret: true }],
    },
  ])
  expect(text).not.toContain('old-secret')
})

it('writes texts of files only where differences are asked for', async () => {
  const log = new EventLog()
  log.run({ diff: false })
  const mode = [{ name: 'mode', before: '0600', after: '0644' }]
  const changes = [textChange('/a', 'password=1\n', 'password=2\n', { attributes: mode })]
  const result = { text: 'what was registered', secret: true }
  log.progress(1, 'n1', 'item', item('a', 'changed', { changes }))
  log.finish(1, 'n1', 'changed', { changes, items: [item('a', 'changed', { changes })], result })
  const text = await written(log.events)
  const told = [{ subject: '/a', verb: 'update', attributes: mode }]
  expect(parsed(text).slice(1)).toMatchObject([
    { item: { changes: told } },
    { changes: told, items: [{ changes: told }], result },
  ])
  expect(text).not.toContain('password')
})
