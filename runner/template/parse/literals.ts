/** Names that are values, in Jinja2's spelling and Python's. */
export const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** The value of an integer literal, in any of Python's bases: a bigint beyond the safe range. */
export function integerLiteral(text: string): number | bigint {
  const value = BigInt(text.replaceAll('_', '').replace(/^0+(?=\d)/, ''))
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}
