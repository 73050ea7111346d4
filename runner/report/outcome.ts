import type { HostRecap, Outcome } from '../engine/events.ts'
import type { Style } from './style.ts'

/** The order in which outcomes are counted and shown. */
export const OUTCOMES = [
  'ok',
  'changed',
  'unknown',
  'skipped',
  'failed',
  'unreachable',
] as const satisfies readonly Outcome[]

/** An outcome in words. A check changes nothing, and says so. */
export function outcomeWord(outcome: Outcome, check: boolean): string {
  if (outcome === 'unknown') return 'may change'
  return check && outcome === 'changed' ? 'would change' : outcome
}

export function outcomeSymbol(outcome: Outcome): string {
  switch (outcome) {
    case 'ok':
      return '✔'
    case 'changed':
      return '●'
    case 'unknown':
      return '?'
    case 'skipped':
      return '–'
    case 'failed':
    case 'unreachable':
      return '✖'
  }
}

export function outcomeColour(outcome: Outcome, style: Style): (text: string) => string {
  switch (outcome) {
    case 'ok':
      return style.green
    case 'changed':
      return style.yellow
    case 'unknown':
      return style.magenta
    case 'skipped':
      return style.cyan
    case 'failed':
    case 'unreachable':
      return style.failure
  }
}

/** The colour of one count of the recap; one that is 0 stands back. */
export function countColour(
  name: Exclude<keyof HostRecap, 'done' | 'wire'>,
  amount: number,
  style: Style,
): (text: string) => string {
  if (amount === 0) return style.dim
  switch (name) {
    case 'rescued':
    case 'ignored':
      return style.cyan
    default:
      return outcomeColour(name, style)
  }
}

export const isTrouble = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'unreachable'
