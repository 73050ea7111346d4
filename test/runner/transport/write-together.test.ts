import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { writeTogether } from '../../../runner/transport/write-together.ts'

/** A stream that notes each time that it is given something, with all that it is given then. */
function noting(): { readonly stream: Duplex; readonly given: string[] } {
  const given: string[] = []
  const stream = new Duplex({
    read() {},
    writev(chunks, done) {
      given.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()).join('+'))
      done()
    },
  })
  return { stream: writeTogether(stream), given }
}
const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('what is written to a stream at once', () => {
  it('goes in one go', async () => {
    const { stream, given } = noting()
    for (const text of ['length', 'packet', 'tag']) stream.write(text)
    await aMoment()
    stream.write('next')
    await aMoment()
    expect(given).toEqual(['length+packet+tag', 'next'])
  })

  it('is whole where the stream ends with it', async () => {
    const { stream, given } = noting()
    stream.write('goodbye')
    stream.end('!')
    await aMoment()
    expect(given.join('+')).toBe('goodbye+!')
    expect(stream.writableFinished).toBe(true)
  })

  it('tells whoever asked when it is written', async () => {
    const { stream } = noting()
    const told: string[] = []
    stream.write('one', () => told.push('one'))
    stream.write('two', 'utf8', () => told.push('two'))
    await aMoment()
    expect(told).toEqual(['one', 'two'])
  })
})
