import { setMaxListeners } from 'node:events'
import type { Interruption } from '../engine/signals.ts'

/** Milliseconds that what runs gets to finish after a request to stop that nobody can repeat (SIGTERM). */
const grace = 10_000

/**
 * Ctrl-C, once: nothing new is started and what runs is finished; twice: what runs on the hosts is ended; a third time: drover ends at once.
 * `tell` says to the user what happens. Call `release` when the run is over.
 */
export function interruptible(tell: (message: string) => void): Interruption & { release(): void } {
  const stop = new AbortController()
  const abort = new AbortController()
  // As many may listen as tasks run.
  setMaxListeners(0, stop.signal, abort.signal)
  const onInterrupt = (): void => {
    if (!stop.signal.aborted) {
      tell('interrupted: what runs is finished, nothing new is started; press Ctrl-C again to end it now')
      stop.abort()
    } else if (abort.signal.aborted) {
      // oxlint-disable-next-line unicorn/no-process-exit -- the user asked three times
      process.exit(99)
    } else {
      tell('interrupted again: what runs is ended')
      abort.abort()
    }
  }
  const onTerminate = (): void => {
    tell('asked to end: what runs is finished, nothing new is started')
    stop.abort()
    setTimeout(() => abort.abort(), grace).unref()
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return {
    stop: stop.signal,
    abort: abort.signal,
    release: () => {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
    },
  }
}
