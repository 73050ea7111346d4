/**
 * A Python regular expression as an extended one of POSIX, for grep -E on a host; null where it says more than those can: look-around,
 * back-references, shortest matches, flags.
 */
export function posixRegex(pattern: string): string | null {
  let out = ''
  for (const [piece] of pattern.matchAll(/\\[^]|\[\^?\]?[^\]]*\]|\(\?P<\w+>|\(\?:|\(\?|[*+?}][?+]|[^]/gu)) {
    const made = piece.startsWith('\\') ? ESCAPES[piece.slice(1)] : undefined
    if (made !== undefined) out += made
    else if (/^\\[^A-Za-z0-9]$/.test(piece)) out += piece
    else if (piece === '(?:' || piece.startsWith('(?P<')) out += '('
    else if (piece.startsWith('[') && !piece.includes('\\')) out += piece
    else if (piece.length > 1) return null
    else out += piece
  }
  return out.includes('\n') ? null : out
}

const ESCAPES: { readonly [char: string]: string } = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[[:alnum:]_]',
  W: '[^[:alnum:]_]',
  s: '[[:space:]]',
  S: '[^[:space:]]',
  t: '\t',
  A: '^',
  Z: '$',
}
