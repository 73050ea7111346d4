import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** Whether a path holds characters that stand for others in a pattern. */
export const isPattern = (path: string): boolean => /[*?[]/.test(path)

/**
 * Whether anything matches a shell pattern (`*`, `?`, `[a-z]`, `[!a]`), broken links included; a name that starts with a dot only where the
 * pattern does. Nothing else in the pattern is special.
 */
export const matches = defineFact<string, boolean>({
  name: 'matches',
  script: (patterns) => `set +f\n${patterns.map(look).join('')}`,
  split: (output, patterns) => patterns.map((_, index) => output.subarray(index, index + 1)),
  parse: (raw) => raw.toString() === '+',
  touchedBy: (path, pattern) => {
    const fixed = pattern.slice(0, pattern.search(/[*?[]|$/))
    return path.startsWith(fixed.slice(0, fixed.lastIndexOf('/') + 1))
  },
})

const look = (pattern: string): string => `found=-
for path in ${patternWord(pattern)}; do
  if [ -e "$path" ] || [ -L "$path" ]; then found=+; break; fi
done
printf %s "$found"
`

/** One shell word in which only the pattern's own characters are special. */
export function patternWord(pattern: string): string {
  return pattern
    .split(/([*?[\]!-]+)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece === '' ? '' : quote(piece)))
    .join('')
}
