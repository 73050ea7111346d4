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
  const closing = output.close()
  // More turns than there are chunks: each lets one through.
  for (let turn = 0; turn < 300; turn += 1) {
    pending.shift()?.()
    await new Promise(setImmediate)
  }
  await closing
  expect(taken.join('')).toBe(Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join(''))
})

async function closeAfter(code: string): Promise<void> {
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }))
    },
  })
  const output = new Output(stream)
  output.write('a')
  await new Promise(setImmediate)
  output.write('b')
  await output.close()
}

it('takes a reader that went away for no error, any other failure for one', async () => {
  await expect(closeAfter('EPIPE')).resolves.toBeUndefined()
  await expect(closeAfter('ENOSPC')).rejects.toThrow('write ENOSPC')
})

it('closes while full, when the reader goes away', async () => {
  const { stream } = slowStream()
  const output = new Output(stream)
  for (let index = 0; index < 10; index += 1) output.lines(['a long line of text'])
  const closed = output.close()
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await expect(closed).resolves.toBeUndefined()
})
