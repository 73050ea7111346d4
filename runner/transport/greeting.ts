import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate as tick } from 'node:timers/promises'

/** How calling a host went. */
export type Called =
  /** It said something, which is still to be read. */
  | { readonly kind: 'answered'; readonly stream: Duplex }
  | { readonly kind: 'failed'; readonly error: Error & { readonly code?: unknown } }
  | { readonly kind: 'closed' }
  /** No connection in time. */
  | { readonly kind: 'silent' }

/** Milliseconds after which an open connection is used though the host has not said a word: some wait for the client's. */
const shyness = 2000

/** Connects, or takes a connection, and waits for the first word of a host, for so many milliseconds at most. */
export async function greeted(
  to: Duplex | { readonly host: string; readonly port: number },
  milliseconds: number,
): Promise<Called> {
  const stream = to instanceof Duplex ? to : connect({ host: to.host, port: to.port, noDelay: true })
  const called = await firstWord(stream, milliseconds)
  if (called.kind !== 'answered') stream.on('error', () => {}).destroy()
  // Data flows to others only some time after the last listener for `readable` has gone.
  await tick()
  return called
}

function firstWord(stream: Duplex, milliseconds: number): Promise<Called> {
  return new Promise((resolve) => {
    const settle = (outcome: Called): void => {
      clearTimeout(late)
      clearTimeout(shy)
      stream.off('readable', onReadable).off('error', onError).off('end', onClose).off('close', onClose)
      stream.off('connect', onAnswer)
      resolve(outcome)
    }
    const onAnswer = (): void => settle({ kind: 'answered', stream })
    const onReadable = (): void => {
      if (stream.readableLength > 0) onAnswer()
    }
    const onError = (error: Error): void => settle({ kind: 'failed', error })
    const onClose = (): void => settle({ kind: 'closed' })
    const late = setTimeout(() => settle({ kind: 'silent' }), milliseconds)
    const shy = setTimeout(
      () => {
        if ('connecting' in stream && stream.connecting === true) stream.once('connect', onAnswer)
        else onAnswer()
      },
      Math.min(shyness, milliseconds / 2),
    )
    stream.on('readable', onReadable).on('error', onError).on('end', onClose).on('close', onClose)
  })
}
