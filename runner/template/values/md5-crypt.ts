import { createHash } from 'node:crypto'
import { cryptText } from '../../../modules/lib/sha-crypt.ts'

const order = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const

/** crypt(3)'s `$1$`: 1000 rounds of MD5. */
export function md5Crypt(password: string, salt: string): string {
  const key = Buffer.from(password)
  const inner = createHash('md5').update(key).update(salt).update(key).digest()
  const start = createHash('md5').update(key).update(`$1$${salt}`)
  for (let left = key.length; left > 0; left -= 16) start.update(inner.subarray(0, Math.min(left, 16)))
  for (let bits = key.length; bits > 0; bits >>= 1) start.update(bits & 1 ? Buffer.from([0]) : key.subarray(0, 1))
  let sum = start.digest()
  for (let round = 0; round < 1000; round += 1) {
    const hash = createHash('md5').update(round % 2 === 1 ? key : sum)
    if (round % 3 !== 0) hash.update(salt)
    if (round % 7 !== 0) hash.update(key)
    sum = hash.update(round % 2 === 1 ? sum : key).digest()
  }
  const at = (index: number): number => sum[index] ?? 0
  return `$1$${salt}$${order.map(([a, b, c]) => cryptText(at(a), at(b), at(c), 4)).join('')}${cryptText(0, 0, at(11), 2)}`
}
