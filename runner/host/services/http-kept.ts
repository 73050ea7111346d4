import type { HttpQuestion, HttpRequest } from '../../../modules/question.ts'
import type { Dial } from './ask.ts'

/** Milliseconds for which a login is kept: tokens hold for longer. */
const MOST = 300_000

/** Answers that need not be asked for again (`HttpRequest.keep`), in memory, for each way to a host. */
export class KeptAnswers<T> {
  readonly #kept = new WeakMap<Dial, Map<string, { readonly answer: T; readonly until: number }>>()

  find(question: HttpQuestion, request: HttpRequest, dial: Dial): T | undefined {
    const found = request.keep === true ? this.#kept.get(dial)?.get(keyOf(question, request)) : undefined
    return found !== undefined && performance.now() < found.until ? found.answer : undefined
  }

  add(question: HttpQuestion, request: HttpRequest, dial: Dial, answer: T): void {
    if (request.keep !== true) return
    const ofDial = this.#kept.get(dial) ?? new Map<string, { readonly answer: T; readonly until: number }>()
    this.#kept.set(dial, ofDial.set(keyOf(question, request), { answer, until: performance.now() + MOST }))
  }

  /** Forgets the answers among these that were kept; false where none was. */
  forget(dial: Dial, answers: readonly T[]): boolean {
    const ofDial = this.#kept.get(dial)
    if (ofDial === undefined) return false
    const found = [...ofDial].filter(([, { answer }]) => answers.includes(answer))
    for (const [key] of found) ofDial.delete(key)
    return found.length > 0
  }
}

const keyOf = (
  { origin, ca, verify }: HttpQuestion,
  { origin: own = origin, method, path, body }: HttpRequest,
): string => JSON.stringify([own, ca, verify, method, path, body])
