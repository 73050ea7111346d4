import type { Readable, Writable } from 'node:stream'

/**
 * Writes exactly `size` bytes of `source` to `sink`, no faster than it takes them, and leaves it open. Rejects with the source's error,
 * or where it has not `size` bytes. Returns early when the sink is closed, which is for others to tell.
 */
export async function sendUpload(
  source: Readable,
  size: number,
  sink: Writable,
  sent: (bytes: number) => void,
): Promise<void> {
  let left = size
  for await (const chunk of source as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (bytes.length > left) throw new Error(`the upload has more than the ${size} bytes announced`)
    if (sink.destroyed || !sink.writable) return
    left -= bytes.length
    sent(bytes.length)
    if (!sink.write(bytes)) await drained(sink)
  }
  if (left > 0) throw new Error(`the upload has ${left} bytes less than the ${size} announced`)
}

function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off('drain', done).off('close', done)
      resolve()
    }
    sink.on('drain', done).on('close', done)
  })
}
