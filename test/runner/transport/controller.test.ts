import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { remaining } from './processes.ts'

const connect = resolve(import.meta.dirname, '../../../runner/transport/connect.ts')

/** A controller of its own: it opens a shell, then does what `then` says. */
const controller = (kind: string, then: string): ReturnType<typeof spawn> =>
  spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import { connect } from ${JSON.stringify(connect)}
       const connection = await connect({ kind: '${kind}' })
       const shell = await connection.shell({ kind: 'login' })
       await shell.request('true')
       ${then}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )

it.each(['local', 'embedded'])('ends by itself after the connection is closed (%s)', async (kind) => {
  const child = controller(kind, 'await connection.close()')
  expect((await once(child, 'exit'))[0]).toBe(0)
})

it('leaves no shell behind when it is killed', async () => {
  const child = controller(
    'local',
    `console.log((await shell.request('echo $$')).stdout.toString().trim()); setInterval(() => {}, 1000)`,
  )
  const [pid] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  expect(Number(String(pid))).toBeGreaterThan(1)
  child.kill('SIGKILL')
  const isAlive = (): readonly number[] => {
    try {
      process.kill(Number(String(pid)), 0)
      return [Number(String(pid))]
    } catch {
      return []
    }
  }
  expect(await remaining(isAlive)).toEqual([])
})
