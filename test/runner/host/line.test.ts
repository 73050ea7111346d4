import { expect, it } from 'vitest'
import { Line } from '../../../runner/host/line.ts'
import { type Connection, ConnectionError, type Endpoint } from '../../../runner/transport/transport.ts'

const endpoint: Endpoint = { kind: 'local' }
const meter = { roundTrips: 0, requests: 0, channels: 0, bytesSent: 0, bytesReceived: 0, connects: 1 }

/** A line whose connections are opened and fail when the test says so. */
function lineOf() {
  const calls: { readonly answer: (connection: Connection) => void; readonly fail: (error: Error) => void }[] = []
  const closed: string[] = []
  const connection = (name: string): Connection => ({
    meter,
    shell: () => Promise.reject(new ConnectionError('refused', name)),
    dial: () => Promise.reject(new ConnectionError('refused', name)),
    close: () => Promise.resolve(void closed.push(name)),
  })
  const connect = (): Promise<Connection> =>
    new Promise((answer, fail) => {
      calls.push({ answer, fail })
    })
  return { line: new Line(endpoint, connect), calls, closed, connection }
}
const saidOf = (asked: Promise<unknown>): Promise<string> => asked.then(String, (error: Error) => error.message)

it('keeps a connection that was opened after one was given up that then fails, and closes it', async () => {
  const { line, calls, closed, connection } = lineOf()
  const first = saidOf(line.shell({ kind: 'login' }))
  void line.drop()
  const second = saidOf(line.shell({ kind: 'login' }))
  calls[0]?.fail(new ConnectionError('timeout', 'no answer'))
  expect(await first).toBe('no answer')
  calls[1]?.answer(connection('second'))
  expect(await second).toBe('second')
  expect(await saidOf(line.shell({ kind: 'login' }))).toBe('second')
  expect(calls).toHaveLength(2)
  await line.close()
  expect(closed).toEqual(['second'])
})

it('opens another connection after one could not be opened', async () => {
  const { line, calls, closed, connection } = lineOf()
  const first = saidOf(line.shell({ kind: 'login' }))
  calls[0]?.fail(new ConnectionError('timeout', 'no answer'))
  expect(await first).toBe('no answer')
  const second = saidOf(line.shell({ kind: 'login' }))
  calls[1]?.answer(connection('second'))
  expect(await second).toBe('second')
  await line.close()
  expect(closed).toEqual(['second'])
})
