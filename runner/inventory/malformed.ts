/** What is wrong with a piece of an inventory line, and where in it: an offset of a UTF-16 unit. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
  readonly offset: number
  readonly hint: string | undefined
  constructor(message: string, offset = 0, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}
