const NEWLINE = 10
const NOTHING: Buffer = Buffer.alloc(0)

/** What a scanner looks for next: a line that begins with `marker`, anywhere in the stream. */
export interface Wanted {
  readonly marker: Buffer
  /** Takes what comes before the marker, in pieces that are the stream's own buffers wherever possible. */
  data(piece: Buffer): void
  /** The marker's line has been read; `rest` is what follows the marker on it. */
  found(rest: string): void
}

/**
 * Splits a byte stream at markers, in the order in which they are expected. Each byte is looked at once, and none is copied unless a
 * piece ends within a marker. What comes while nothing is expected is dropped.
 */
export class MarkerScanner {
  readonly #wanted: Wanted[] = []
  #held: Buffer = NOTHING

  expect(wanted: Wanted): void {
    this.#wanted.push(wanted)
  }

  /** At the end of the stream: what was held back as the possible beginning of a marker. */
  rest(): string {
    return this.#held.toString()
  }

  push(chunk: Buffer): void {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = NOTHING
    while (bytes.length > 0) {
      const wanted = this.#wanted[0]
      if (!wanted) return
      const at = bytes.indexOf(wanted.marker)
      const end = at < 0 ? -1 : bytes.indexOf(NEWLINE, at + wanted.marker.length)
      if (end < 0) {
        const whole = at < 0 ? bytes.length - beginningAtEnd(bytes, wanted.marker) : at
        if (whole > 0) wanted.data(bytes.subarray(0, whole))
        this.#held = bytes.subarray(whole)
        return
      }
      if (at > 0) wanted.data(bytes.subarray(0, at))
      this.#wanted.shift()
      wanted.found(bytes.toString('latin1', at + wanted.marker.length, end))
      bytes = bytes.subarray(end + 1)
    }
  }
}

/** How many bytes at the end of `bytes` could be the beginning of `marker`. */
function beginningAtEnd(bytes: Buffer, marker: Buffer): number {
  for (let length = Math.min(marker.length - 1, bytes.length); length > 0; length--) {
    if (bytes.compare(marker, 0, length, bytes.length - length) === 0) return length
  }
  return 0
}
