import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { LabError, until } from './run.ts'

/** What QEMU answers to a command of its machine protocol (qemu-qmp-ref): `return` or `error`; other lines are events. */
interface Answer {
  readonly return?: { readonly status?: string }
  readonly error?: { readonly desc: string }
}
type Ask = (command: string, words?: object) => Promise<NonNullable<Answer['return']>>

/** Talks with the QEMU that listens at a socket. */
async function withQemu<T>(socket: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const connection = createConnection(socket)
  const failed = new Promise<never>((_, reject) => {
    connection.once('error', reject)
    connection.once('close', () => reject(new LabError(`QEMU has ended: ${socket}`)))
  })
  const lines = createInterface({ input: connection })[Symbol.asyncIterator]()
  const answer = async (): Promise<Answer> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) return failed
      const said = JSON.parse(value) as Answer
      if (said.return !== undefined || said.error !== undefined) return said
    }
  }
  const ask: Ask = async (command, words = {}) => {
    connection.write(`${JSON.stringify({ execute: command, arguments: words })}\n`)
    const { return: given = {}, error } = await Promise.race([answer(), failed])
    if (error) throw new LabError(`QEMU refuses ${command}: ${error.desc}`)
    return given
  }
  try {
    await Promise.race([ask('qmp_capabilities'), failed])
    return await work(ask)
  } finally {
    connection.destroy()
    failed.catch(() => {})
  }
}

/** Writes what a machine has in memory to a file, at the end of which it stands still, and ends it: its disks are as that says. */
export function saveAndQuit(socket: string, file: string): Promise<void> {
  return withQemu(socket, async (ask) => {
    await ask('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 })
    await ask('migrate', { uri: `exec:cat >${file}` })
    await until(
      async () => {
        const { status } = await ask('query-migrate')
        if (status === 'failed' || status === 'cancelled')
          throw new LabError(`the machine's state cannot be written to ${file}`)
        return status === 'completed'
      },
      120_000,
      () => `the machine's state is not written to ${file}`,
    )
    await ask('quit')
  })
}
