import { Script, createContext, type Context } from 'node:vm'
import { writtenAs } from './regex.ts'
import { fail } from './types.ts'

/** Milliseconds after which a search is ended. */
const deadline = 1000
/** Steps that a search may take without being watched: watching costs 0.06 ms, which is more than most searches. */
const harmless = 10_000_000

/** All matches of a pattern that `pythonRegex` made. Throws where the search takes too long. */
export function allMatches(pattern: RegExp, text: string): RegExpExecArray[] {
  return search(pattern, text, () => [...text.matchAll(pattern)])
}

/** The first match, or null. */
export function firstMatch(pattern: RegExp, text: string): RegExpExecArray | null {
  return search(pattern, text, () => {
    pattern.lastIndex = 0
    return pattern.exec(text)
  })
}

function search<T>(pattern: RegExp, text: string, work: () => T): T {
  return mostSteps(pattern, text.length) <= harmless ? work() : watched(pattern, work)
}

/** At most so many steps, about: each thing that repeats may stop at each character, and what repeats inside it once more. */
function mostSteps(pattern: RegExp, length: number): number {
  const bare = pattern.source.replace(/\\[pP]\{[^}]*\}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]/g, 'x')
  const repeats = bare.match(/[*+]|(?<!\()\?|\{\d+,?\d*\}/g)?.length ?? 0
  return /\)[*+{]/.test(bare) ? 2 ** length : (length + 1) ** (repeats + 1)
}

let context: Context | undefined
const script = new Script('work()')

/** Runs it in a context with a deadline: only there does V8 end a search that backtracks without end. */
function watched<T>(pattern: RegExp, work: () => T): T {
  context ??= createContext({})
  context['work'] = work
  try {
    return script.runInContext(context, { timeout: deadline }) as T
  } catch (error) {
    if (!isTimeout(error)) throw error
    return fail(
      `the regular expression "${writtenAs(pattern)}" takes more than ${deadline / 1000} s on this text`,
      'avoid repeating what repeats itself, as in (a+)+, and many .* in a row',
    )
  } finally {
    context['work'] = undefined
  }
}

/** The error may come from the other context, where `Error` is another class. */
function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
