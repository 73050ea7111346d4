/** A value that check mode cannot know, since it comes from something that was not done: what depends on it is `unknown`. */
export class UnknownValue extends Error {
  override readonly name = 'UnknownValue'
  constructor(variable: string, task: string) {
    super(`depends on '${variable}', which "${task}" sets only in the real run`)
  }
}

/** The host cannot be reached any more; `message` says what was tried and whether what was under way may have been done. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** How a user ends a run before its end. */
export interface Interruption {
  /** Fires at the first request to stop: nothing new is started, what runs is finished. */
  readonly stop: AbortSignal
  /** Fires at the second: what runs on the hosts is ended. */
  readonly abort: AbortSignal
}

/** Waits, at most until the signal fires. */
export async function sleep(milliseconds: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    stop.addEventListener('abort', done)
  })
}

/** What check mode cannot know, at the bottom of an error. */
export function unknownIn(error: unknown): UnknownValue | undefined {
  if (error instanceof UnknownValue) return error
  return error instanceof Error && error.cause !== undefined ? unknownIn(error.cause) : undefined
}
