import { createHash } from 'node:crypto'

/** A public key, by what rpm knows it by: `gpg-pubkey-VERSION-RELEASE` is the end of the fingerprint and the time of creation. */
export interface PublicKey {
  /** 40 hexadecimal digits. */
  readonly fingerprint: string
  /** 8 hexadecimal digits. */
  readonly created: string
}

const PUBLIC_KEY = 6

/** The public keys (of version 4, RFC 4880) in a file, armored or not; none where the file is something else. Subkeys do not count. */
export function publicKeys(file: Buffer): readonly PublicKey[] {
  const blocks = [
    ...file.toString('latin1').matchAll(/-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([^]*?)-----END PGP PUBLIC KEY/g),
  ].map(([, block = '']) => Buffer.from(block.replace(/^[^]*?\r?\n\r?\n/, '').replace(/^=.*$/m, ''), 'base64'))
  return (blocks.length > 0 ? blocks : [file]).flatMap((bytes) => packets(bytes)).flatMap(keyOf)
}

interface Packet {
  readonly tag: number
  readonly body: Buffer
}

function packets(bytes: Buffer): readonly Packet[] {
  const found: Packet[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0
    // Each packet begins with a set bit: anything else is no key.
    if ((first & 0x80) === 0) return []
    const isNew = (first & 0x40) !== 0
    const { start, length } = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, first & 3)
    const body = bytes.subarray(start, start + length)
    if (body.length < length) return []
    found.push({ tag: isNew ? first & 0x3f : (first >> 2) & 0x0f, body })
    at = start + length
  }
  return found
}

interface Extent {
  readonly start: number
  readonly length: number
}

function newLength(bytes: Buffer, at: number): Extent {
  const first = bytes[at] ?? 0
  if (first < 192) return { start: at + 1, length: first }
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 }
  return { start: at + 5, length: number(bytes, at + 1, 4) }
}

function oldLength(bytes: Buffer, at: number, kind: number): Extent {
  if (kind === 3) return { start: at, length: bytes.length - at }
  const size = 1 << kind
  return { start: at + size, length: number(bytes, at, size) }
}

/** Infinite where the bytes have come to their end. */
const number = (bytes: Buffer, at: number, size: number): number =>
  at + size > bytes.length ? Infinity : bytes.readUIntBE(at, size)

function keyOf({ tag, body }: Packet): readonly PublicKey[] {
  if (tag !== PUBLIC_KEY || body[0] !== 4 || body.length < 6) return []
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff])
  return [
    {
      fingerprint: createHash('sha1').update(head).update(body).digest('hex'),
      created: body.subarray(1, 5).toString('hex'),
    },
  ]
}
