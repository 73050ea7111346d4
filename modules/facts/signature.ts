import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** What a device or file holds, as low-level probing finds it (blkid(8), `-p`). */
export interface Signature {
  /** The filesystem or member type: `ext4`, `xfs`, `swap`, `LVM2_member`, `linux_raid_member`; null for a bare partition table. */
  readonly type: string | null
  /** Null where there is none, and where it is predicted and was left to chance. */
  readonly uuid: string | null
  readonly label: string | null
  /** The kind of partition table: `dos`, `gpt`. */
  readonly table: string | null
  /** Predicted, never read: the filesystem was only just made, so that nothing is in it. */
  readonly empty?: boolean
}

const probe = (device: string, words: string): string =>
  `if [ ! -e ${device} ]; then echo absent
elif [ ! -r ${device} ]; then echo unreadable
elif ! command -v blkid >/dev/null; then echo missing
else found=$(blkid -p${words} -o export -- ${device} 2>&1); echo "status $?"; printf '%s\\n' "$found"; fi`

/** What is on a device or in a file; null where that is blank or not there. */
export const signature: (path: string) => Fact<Signature | null> = defineFact<string, Signature | null>({
  name: 'signature',
  script: (paths) => paths.map((path) => probe(quote(path), '')).join('\n'),
  parse: (raw, path) => parseSignature(raw.toString('utf8'), path),
  path: (path) => path,
  absent: null,
})

const rangeSignature = defineFact<readonly string[], Signature | null>({
  name: 'signature-in',
  script: (params) =>
    params
      .map(([path = '', offset = '0', size = '0']) => probe(quote(path), ` -O ${quote(offset)} -S ${quote(size)}`))
      .join('\n'),
  parse: (raw, [path = '']) => parseSignature(raw.toString('utf8'), path),
  path: ([path = '']) => path,
  absent: null,
})
/** What is in a range of a device, given in bytes; null where that is blank. */
export const signatureIn = (path: string, offset: number, size: number): Fact<Signature | null> =>
  rangeSignature([path, String(offset), String(size)])

/** `blkid -p -o export` after a line with its exit status: 0 found, 2 blank, 8 ambivalent. */
export function parseSignature(text: string, path: string): Signature | null {
  const [head = '', ...lines] = text.split('\n')
  if (head === 'absent' || head === 'status 2') return null
  if (head === 'missing')
    throw new UnreadableFact(`what ${path} holds cannot be read: blkid (util-linux) is not installed`)
  if (head === 'status 8')
    throw new UnreadableFact(
      `${path} has signatures of several kinds: look at \`wipefs -n ${path}\` and erase the wrong one`,
    )
  if (head !== 'status 0')
    throw new UnreadableFact(`what ${path} holds cannot be read: ${lines.join(' ').trim() || head}`)
  const values = new Map(
    lines.flatMap((line) => {
      const equals = line.indexOf('=')
      return equals === -1 ? [] : [[line.slice(0, equals), line.slice(equals + 1).replaceAll(/\\(.)/g, '$1')]]
    }),
  )
  const type = values.get('TYPE') ?? null
  const table = values.get('PTTYPE') ?? null
  // A partition without anything in it still has PART_ENTRY_… values, which describe its place in the table.
  if (type === null && table === null) return null
  return { type, uuid: values.get('UUID') ?? null, label: values.get('LABEL') ?? null, table }
}
