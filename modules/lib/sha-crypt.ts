import { createHash } from 'node:crypto'

/** The digits of crypt(3)'s own base 64. */
export const cryptDigits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Three bytes as crypt(3) writes them. */
export function cryptText(high: number, middle: number, low: number, length: number): string {
  let bits = (high << 16) | (middle << 8) | low
  let text = ''
  for (let at = 0; at < length; at += 1, bits >>= 6) text += cryptDigits[bits & 63]
  return text
}

const kinds = {
  sha256: { mark: '$5$', size: 32 },
  sha512: { mark: '$6$', size: 64 },
} as const

const filled = (source: Buffer, length: number): Buffer => Buffer.alloc(length, source)

/**
 * crypt(3)'s `$5$` and `$6$`, as "Unix crypt using SHA-256 and SHA-512" (U. Drepper, 2008, public domain) says; its steps are named
 * by their numbers. `rounds` is null for the 5000 that are not written into the result.
 */
export function shaCrypt(kind: keyof typeof kinds, password: string, salt: string, rounds: number | null): string {
  const { mark, size } = kinds[kind]
  const key = Buffer.from(password)
  const hash = (...parts: readonly (Buffer | string)[]): Buffer => {
    const made = createHash(kind)
    for (const part of parts) made.update(part)
    return made.digest()
  }
  // 4 to 8, and 9 to 12: B, and as much of it as the password is long.
  const b = hash(key, salt, key)
  const mixed: Buffer[] = []
  for (let bits = key.length; bits > 0; bits >>= 1) mixed.push(bits & 1 ? b : key)
  const a = hash(key, salt, filled(b, key.length), ...mixed)
  // 13 to 20: P and S, as long as the password and the salt.
  const p = filled(hash(...Array.from({ length: key.length }, () => key)), key.length)
  const s = filled(hash(...Array.from({ length: 16 + (a[0] ?? 0) }, () => salt)), Buffer.byteLength(salt))
  // 21: the rounds.
  let sum = a
  for (let round = 0; round < (rounds ?? 5000); round += 1) {
    const odd = round % 2 === 1
    sum = hash(odd ? p : sum, ...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p]), odd ? sum : p)
  }
  return `${mark}${rounds === null ? '' : `rounds=${rounds}$`}${salt}$${encode(sum, size)}`
}

/** 22: the bytes in threes that lie a third apart, each three turned by one place from the one before. */
function encode(sum: Buffer, size: 32 | 64): string {
  const third = size === 32 ? 10 : 21
  const at = (index: number): number => sum[index] ?? 0
  let text = ''
  for (let first = 0; first < third; first += 1) {
    const columns = [first, first + third, first + 2 * third]
    const turn = size === 32 ? (3 - (first % 3)) % 3 : first % 3
    const [x = 0, y = 0, z = 0] = [0, 1, 2].map((place) => columns[(place + turn) % 3])
    text += cryptText(at(x), at(y), at(z), 4)
  }
  return text + (size === 32 ? cryptText(0, at(31), at(30), 3) : cryptText(0, 0, at(63), 2))
}
