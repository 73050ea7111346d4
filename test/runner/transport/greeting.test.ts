import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { greeted } from '../../../runner/transport/greeting.ts'

/** A server that does this with each connection; gives how to reach it. */
async function serve(answer: (socket: Socket) => void): Promise<{ readonly host: string; readonly port: number }> {
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket.on('error', () => {}))
    answer(socket)
  })
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

async function heard(called: Awaited<ReturnType<typeof greeted>>): Promise<string> {
  if (called.kind !== 'answered') return called.kind
  const { stream } = called
  onTestFinished(() => void stream.destroy())
  return new Promise((resolve) => {
    stream.once('data', (chunk: Buffer) => resolve(chunk.toString()))
  })
}

it('leaves the first word to be read', async () => {
  expect(await heard(await greeted(await serve((socket) => socket.write('SSH-2.0-x\r\n')), 5000))).toBe('SSH-2.0-x\r\n')
})

it('takes a connection that is there, and what it has said already', async () => {
  const stream = new PassThrough()
  stream.write('hello')
  expect(await heard(await greeted(stream, 5000))).toBe('hello')
})

it('does not wait for ever for one who waits for us', async () => {
  const to = await serve((socket) => socket.once('data', () => socket.write('you first')))
  const called = await greeted(to, 400)
  if (called.kind === 'answered') called.stream.write('hello')
  expect(await heard(called)).toBe('you first')
})

it('says who hangs up, and who refuses', async () => {
  expect(await greeted(await serve((socket) => socket.end()), 5000)).toEqual({ kind: 'closed' })
  const to = await serve(() => {})
  const refusing = { host: to.host, port: 1 }
  expect(await greeted(refusing, 5000)).toMatchObject({ kind: 'failed', error: { code: 'ECONNREFUSED' } })
})

it('gives up a connection that does not come about', async () => {
  const never = new PassThrough()
  const connecting = Object.assign(never, { connecting: true })
  expect(await greeted(connecting, 50)).toEqual({ kind: 'silent' })
  expect(never.destroyed).toBe(true)
})
