import { randomNumbers } from '../../random.ts'

/** Choices that are the same for the same seed. */
export interface Dice {
  readonly below: (limit: number) => number
  readonly pick: <T>(items: readonly [T, ...T[]]) => T
  readonly chance: (share: number) => boolean
  /** One of the lines, ended, in that share of cases; nothing otherwise. */
  readonly some: (share: number, ...lines: readonly [string, ...string[]]) => string
}

export function diceOf(seed: number): Dice {
  const next = randomNumbers(seed)
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(items: readonly [T, ...T[]]): T => items[below(items.length)] ?? items[0]
  const chance = (share: number): boolean => next() < share
  return { below, pick, chance, some: (share, ...lines) => (chance(share) ? `${pick(lines)}\n` : '') }
}

/** Lines further to the right; empty ones stay empty. */
export const deeper = (text: string, by = 2): string => text.replace(/^(?=.)/gm, ' '.repeat(by))
