import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { BodyDigest, HttpRequest } from '../../../modules/question.ts'

/** The most bytes of an answer that are kept. */
const LIMIT = 16 * 1024 * 1024

/** The body of an answer as it is wanted; see `HttpRequest.as`. Rejects where it breaks off, or is more than may be kept. */
export async function readBody(response: Readable, as: HttpRequest['as']): Promise<string> {
  if (as === 'digest') return JSON.stringify(await digested(response))
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > LIMIT) throw new Error(`the answer is larger than ${LIMIT / 1024 / 1024} MiB`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString(as ?? 'utf8')
}

async function digested(response: Readable): Promise<BodyDigest> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    md5.update(piece)
    sha256.update(piece)
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}
