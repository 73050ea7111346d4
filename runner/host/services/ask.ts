import type { Duplex } from 'node:stream'
import type { Address, NoAnswer, Question, SqlAnswer, SqlQuestion } from '../../../modules/question.ts'
import { dialLocally } from '../../transport/dial.ts'
import { newMeter } from '../../transport/line.ts'
import { ConnectionError } from '../../transport/transport.ts'

/** Opens a stream to a service as the host reaches it. Rejects with `ConnectionError`. */
export type Dial = (address: Address) => Promise<Duplex>

/** The answer to a question, as JSON; after `signal` nothing is asked again. Rejects with `ConnectionError` where the host itself was lost. */
export async function ask(question: Question, dial: Dial, signal?: AbortSignal): Promise<Buffer> {
  const answer = await answerTo(question, dial, signal)
  // A service that broke off and a host that is gone look alike from here: asking for another stream tells them apart.
  if (answer.kind === 'down' && question.protocol === 'mysql')
    await reach(question.addresses, dial).then((found) => 'stream' in found && found.stream.destroy())
  return Buffer.from(JSON.stringify(answer))
}

async function answerTo(
  question: Question,
  dial: Dial,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: string }> {
  if (question.protocol === 'http') {
    const { askHttp } = await import('./http.ts')
    return askHttp(question, question.via === 'host' ? dial : fromHere, signal)
  }
  const { implicitAdmin = false, ...asUser } = question
  if (implicitAdmin) {
    const { password: _, ...asRoot } = { ...asUser, user: 'root' }
    const answer = await askServer(asRoot, dial)
    if (answer.kind !== 'denied') return answer
  }
  return askServer(asUser, dial)
}

async function askServer(question: SqlQuestion, dial: Dial): Promise<SqlAnswer> {
  const found = await reach(question.addresses, dial)
  if (!('stream' in found)) return found
  const { askMysql } = await import('./mysql.ts')
  return askMysql(question, found.stream)
}

const fromHere: Dial = (address) => dialLocally(address, newMeter())

/** The first address at which something answers. */
async function reach(addresses: readonly Address[], dial: Dial): Promise<{ readonly stream: Duplex } | NoAnswer> {
  const failures: string[] = []
  for (const address of addresses) {
    try {
      return { stream: await dial(address) }
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.reason !== 'refused') throw error
      failures.push(error.message)
    }
  }
  return { kind: 'down', message: failures.join('; ') }
}
