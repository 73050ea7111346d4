import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { aboutPath, isSmall, stampOf, userFileBytes } from './user-file-bytes.ts'

/** Bytes from which on a thread of its own takes less time than it takes to start. */
const large = 64 * 1024 * 1024

/** In hexadecimal. */
export interface Digests {
  readonly sha1: string
  readonly sha256: string
}

/** Digests by path, kept as long as size and modification time stay: a file that goes to a thousand hosts is read once. */
const known = new Map<string, { readonly stamp: string; readonly digests: Promise<Digests> }>()

/** The digests of a user's file. Rejects as `readFile` does. */
export async function digests(path: string): Promise<Digests> {
  const about = aboutPath(path) ?? (await stat(path))
  const stamp = stampOf(about)
  const before = known.get(path)
  if (before?.stamp === stamp) return before.digests
  const fresh = digest(path, about)
  known.set(path, { stamp, digests: fresh })
  return fresh
}

function digest(path: string, about: Stats): Promise<Digests> {
  if (about.size >= large) return atTheSameTime(path)
  return isSmall(about) ? userFileBytes(path).then(digestsOf) : inOneReading(path)
}

export function digestsOf(bytes: Buffer): Digests {
  const hex = (hash: 'sha1' | 'sha256'): string => createHash(hash).update(bytes).digest('hex')
  return { sha1: hex('sha1'), sha256: hex('sha256') }
}

async function inOneReading(path: string): Promise<Digests> {
  const sha1 = createHash('sha1')
  const sha256 = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    sha1.update(chunk as Buffer)
    sha256.update(chunk as Buffer)
  }
  return { sha1: sha1.digest('hex'), sha256: sha256.digest('hex') }
}

async function atTheSameTime(path: string): Promise<Digests> {
  const [sha1, sha256] = await Promise.all([inThread(path, 'sha1'), inThread(path, 'sha256')])
  return { sha1, sha256 }
}

/** A text, since a bundle has no file for it. */
const thread = `
const { createHash } = require('node:crypto')
const { createReadStream } = require('node:fs')
const { parentPort, workerData: { path, algorithm } } = require('node:worker_threads')
const hash = createHash(algorithm)
createReadStream(path, { highWaterMark: 1024 * 1024 })
  .on('error', (error) => { throw error })
  .on('data', (chunk) => hash.update(chunk))
  .on('end', () => parentPort.postMessage(hash.digest('hex')))
`

function inThread(path: string, algorithm: 'sha1' | 'sha256'): Promise<string> {
  return new Promise((resolve, reject) => {
    new Worker(thread, { eval: true, workerData: { path, algorithm } }).once('message', resolve).once('error', reject)
  })
}
