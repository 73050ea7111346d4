const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc >>> 0
})

/** What `cksum` prints for these bytes on standard input: CRC, a space, the number of bytes (POSIX.1-2017, cksum). */
export function cksum(parts: readonly Uint8Array[]): string {
  let crc = 0
  let size = 0
  const feed = (byte: number): void => {
    crc = ((crc << 8) ^ (table[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  }
  for (const part of parts) {
    size += part.length
    for (const byte of part) feed(byte)
  }
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) feed(rest & 0xff)
  return `${~crc >>> 0} ${size}`
}
