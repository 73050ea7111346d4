import { setTimeout as sleep } from 'node:timers/promises'

/** What a promise gives; null where that takes too long. `deadline` is on the clock of `performance.now()`. */
export async function before<T>(promise: Promise<T>, deadline: number): Promise<T | null> {
  const over = new AbortController()
  try {
    const late = sleep(Math.max(0, deadline - performance.now()), null, { signal: over.signal }).catch(() => null)
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}
