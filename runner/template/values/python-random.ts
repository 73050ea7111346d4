import { createHash, randomInt } from 'node:crypto'
import { str } from './python-text.ts'
import { fail, isInteger } from './types.ts'

/**
 * A function that gives a random number below `n`. With a seed it gives what Python's `random.Random(seed)` gives: a schedule that
 * was derived from a host's name stays the same.
 */
export function pythonRandom(seed: unknown): (n: number) => number {
  if (seed === null || seed === undefined) return (n) => (n > 2 ** 48 - 1 ? tooLarge(n) : randomInt(n))
  const next = mersenneTwister(seedWords(seed))
  return (n) => {
    if (n > Number.MAX_SAFE_INTEGER) tooLarge(n)
    const bits = n.toString(2).length
    for (;;) {
      const value = bits <= 32 ? next() >>> (32 - bits) : next() + (next() >>> (64 - bits)) * 2 ** 32
      if (value < n) return value
    }
  }
}

const tooLarge = (n: number): never => fail(`${n} is too large for a random number below it`)

/** The seed as Python's version 2 seeding makes it: text with its SHA-512 behind it, as one big number in 32-bit words. */
function seedWords(seed: unknown): number[] {
  let value: bigint
  if (isInteger(seed)) value = BigInt(seed) < 0n ? -BigInt(seed) : BigInt(seed)
  else {
    const text = Buffer.from(str(seed))
    value = BigInt(`0x${text.toString('hex')}${createHash('sha512').update(text).digest('hex')}`)
  }
  const words: number[] = []
  for (let rest = value; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn))
  return words.length === 0 ? [0] : words
}

/** MT19937 (Matsumoto and Nishimura, 1998), initialised by an array. */
function mersenneTwister(key: readonly number[]): () => number {
  const size = 624
  const state = new Uint32Array(size)
  const get = (at: number): number => state[at] ?? 0
  state[0] = 19_650_218
  for (let at = 1; at < size; at += 1) state[at] = Math.imul(1_812_433_253, get(at - 1) ^ (get(at - 1) >>> 30)) + at
  let at = 1
  let keyAt = 0
  const wrap = (): void => {
    at += 1
    if (at < size) return
    state[0] = get(size - 1)
    at = 1
  }
  for (let left = Math.max(size, key.length); left > 0; left -= 1) {
    state[at] = (get(at) ^ Math.imul(get(at - 1) ^ (get(at - 1) >>> 30), 1_664_525)) + (key[keyAt] ?? 0) + keyAt
    keyAt = (keyAt + 1) % key.length
    wrap()
  }
  for (let left = size - 1; left > 0; left -= 1) {
    state[at] = (get(at) ^ Math.imul(get(at - 1) ^ (get(at - 1) >>> 30), 1_566_083_941)) - at
    wrap()
  }
  state[0] = 0x80000000
  let position = size
  return () => {
    if (position >= size) {
      for (let i = 0; i < size; i += 1) {
        const y = (get(i) & 0x80000000) | (get((i + 1) % size) & 0x7fffffff)
        state[i] = get((i + 397) % size) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
      }
      position = 0
    }
    let y = get(position)
    position += 1
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }
}
