import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Envelope, writeEnvelope } from './envelope.ts'

/** Encrypts bytes as ansible-vault does; with a label in format 1.2, without in 1.1. */
export function encrypt(
  plain: Buffer,
  password: Buffer,
  { label, salt = randomBytes(32) }: { readonly label?: string | undefined; readonly salt?: Buffer } = {},
): string {
  const { cipherKey, macKey, counter } = derive(password, salt)
  const cipher = createCipheriv('aes-256-ctr', cipherKey, counter)
  const ciphertext = Buffer.concat([cipher.update(padded(plain)), cipher.final()])
  return writeEnvelope({ label, salt, hmac: hmacOf(ciphertext, macKey), ciphertext })
}

/** The bytes in an envelope; undefined where the password is another one, or the ciphertext was changed. */
export function decrypt({ salt, hmac, ciphertext }: Envelope, password: Buffer): Buffer | undefined {
  const { cipherKey, macKey, counter } = derive(password, salt)
  const expected = hmacOf(ciphertext, macKey)
  if (expected.length !== hmac.length || !timingSafeEqual(expected, hmac)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', cipherKey, counter)
  return unpadded(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/** PBKDF2-HMAC-SHA256, 10000 rounds: two keys of 32 bytes and the 16 bytes that the counter starts from. */
function derive(password: Buffer, salt: Buffer) {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  return { cipherKey: bytes.subarray(0, 32), macKey: bytes.subarray(32, 64), counter: bytes.subarray(64) }
}

const hmacOf = (ciphertext: Buffer, key: Buffer): Buffer => createHmac('sha256', key).update(ciphertext).digest()

/** PKCS #7 to blocks of 16 bytes. */
function padded(bytes: Buffer): Buffer {
  const count = 16 - (bytes.length % 16)
  return Buffer.concat([bytes, Buffer.alloc(count, count)])
}

function unpadded(bytes: Buffer): Buffer | undefined {
  const count = bytes.at(-1) ?? 0
  return count < 1 || count > 16 || count > bytes.length ? undefined : bytes.subarray(0, bytes.length - count)
}
