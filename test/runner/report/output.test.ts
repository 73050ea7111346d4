import { Writable } from 'node:stream'

import { expect, it } from 'vitest'

import { Output } from '../../../runner/report/output.ts'

/** A stream that takes a chunk only when asked to. */
function slowStream() {
  const taken: string[] = []
  const pending: (() => void)[] = []
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 10,
    write(chunk: string, _, done) {
      pending.push(() => {
        taken.push(chunk)
        done()
      })
    },
  })
  return { stream, taken, pending }
}

it('waits while the stream is full, then goes on in order', async () => {
  const { stream, taken, pending } = slowStream()
  const output = new Output(stream)
  for (let index = 0; index < 100; index += 1) output.lines([`line ${index}`])
  expect(stream.writableLength).toBeLessThan(30)
  let closed = false
  const closing = output.close().then(() => (closed = true))
  for (let turn = 0; turn < 1000 && !closed; turn += 1) {
    pending.shift()?.()
    await new Promise(setImmediate)
  }
  await closing
  expect(taken.join('')).toBe(Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join(''))
})

it.each([
  ['EPIPE', 'resolves'],
  ['ENOSPC', 'rejects'],
])('after %s, close %s', async (code, end) => {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }))
    },
  })
  const output = new Output(stream)
  output.write('a')
  await new Promise(setImmediate)
  output.write('b')
  const closed = output.close()
  if (end === 'resolves') await expect(closed).resolves.toBeUndefined()
  else await expect(closed).rejects.toThrow('ENOSPC')
})

it('closes while full, when the reader goes away', async () => {
  const { stream } = slowStream()
  const output = new Output(stream)
  for (let index = 0; index < 10; index += 1) output.lines(['a long line of text'])
  const closed = output.close()
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await expect(closed).resolves.toBeUndefined()
})
