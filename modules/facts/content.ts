import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import { missing, unsearchable } from './presence.ts'

/** The most bytes that are read of a file: what is larger is compared by its checksum. */
const CONTENT_LIMIT = 16 * 1024 * 1024

/**
 * The bytes of a file, links followed; null where nothing is at the path, or a link that points nowhere. Unreadable: directories and
 * devices, files that may not be read, and files larger than 16 MiB.
 */
export const content = defineFact<string, Buffer | null>({
  name: 'content',
  script: (paths) => missing + paths.map((path) => read(quote(path))).join(''),
  // What is written is compared by its checksum before it takes its place.
  print: (bytes) => (bytes === null ? Buffer.from('-') : Buffer.concat([Buffer.from('f'), bytes])),
  parse,
  path: (path) => path,
  absent: null,
})

/** A letter for what is there, and behind `f` the bytes, one more than the limit if there are so many. */
const read = (path: string): string => `if [ -f ${path} ] && [ -r ${path} ]; then
  printf f
  head -c ${CONTENT_LIMIT + 1} <${path}
elif [ -f ${path} ]; then printf p
elif [ -d ${path} ]; then printf d
elif [ -e ${path} ]; then printf o
else missing ${path}; printf %s "$code"; fi
`

function parse(raw: Buffer, path: string): Buffer | null {
  const code = String.fromCharCode(raw[0] ?? 0)
  const bytes = raw.subarray(1)
  if (code === '-') return null
  if (code === 'f' && bytes.length <= CONTENT_LIMIT) return bytes
  throw new UnreadableFact(UNREADABLE[code]?.(path) ?? `cannot read ${path}`)
}

const UNREADABLE: { readonly [code: string]: (path: string) => string } = {
  f: (path) =>
    `cannot read ${path}: it is larger than ${CONTENT_LIMIT / 1024 / 1024} MiB, the most that is read of a file`,
  p: (path) => `cannot read ${path}: permission denied; run the task with become: true`,
  d: (path) => `cannot read ${path}: it is a directory`,
  o: (path) => `cannot read ${path}: it is not a regular file`,
  '?': unsearchable,
}
