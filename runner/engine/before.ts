import { setTimeout as sleep } from 'node:timers/promises'

/** What a promise gives; null where that takes too long. `deadline` is in milliseconds since the epoch. */
export async function before<T>(promise: Promise<T>, deadline: number): Promise<T | null> {
  const over = new AbortController()
  try {
    const late = sleep(Math.max(0, deadline - Date.now()), null, { signal: over.signal }).catch(() => null)
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}
