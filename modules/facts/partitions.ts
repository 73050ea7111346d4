import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import type { Partition, PartitionTable, PartitionType } from '../lib/partition-table.ts'
import { msdosType, plainCode, withFlags } from '../lib/partition-table.ts'
import { quote } from '../lib/quote.ts'

const SCRIPT = `
if [ ! -b "$d" ]; then echo absent
else
  if command -v sfdisk >/dev/null && sfdisk --help 2>&1 | grep -q -e --json; then
    echo sfdisk; sfdisk --json "$d" 2>&1 || :
  elif command -v parted >/dev/null; then
    echo parted; parted -s -m "$d" unit s print 2>&1 || :; echo; parted -s "$d" unit s print 2>/dev/null || :
  else echo missing
  fi
fi`

/** The partition table of a device; null where it has none, or is not there. */
export const partitions: (device: string) => Fact<PartitionTable | null> = defineFact<string, PartitionTable | null>({
  name: 'partitions',
  script: (devices) => devices.map((device) => `d=${quote(device)}\n${SCRIPT}`).join('\n'),
  parse: (raw, device) => parsePartitions(raw.toString('utf8'), device),
  path: (device) => device,
  absent: null,
})

/** What the script above prints: the tool's name on a line, then what the tool printed, error messages included. */
export function parsePartitions(text: string, device: string): PartitionTable | null {
  const end = text.indexOf('\n')
  const tool = text.slice(0, end)
  const output = text.slice(end + 1)
  switch (tool) {
    case 'absent':
      return null
    case 'sfdisk':
      return parseSfdisk(output, device)
    case 'parted':
      return parseParted(output, device)
    default:
      throw new UnreadableFact(
        `the partitions of ${device} cannot be read: neither sfdisk (util-linux 2.27 or later) nor parted is installed`,
      )
  }
}

interface SfdiskPartition {
  readonly node: string
  readonly start: number
  readonly size: number
  readonly type: string
  readonly uuid?: string
  readonly name?: string
  readonly attrs?: string
  readonly bootable?: boolean
}
interface SfdiskTable {
  readonly label: string
  readonly id?: string
  readonly firstlba?: number
  readonly lastlba?: number
  readonly partitions?: readonly SfdiskPartition[]
}

/** `sfdisk --json DEVICE`; warnings may stand before the JSON. */
export function parseSfdisk(output: string, device: string): PartitionTable | null {
  if (output.includes('does not contain a recognized partition table')) return null
  const brace = output.indexOf('{')
  if (brace === -1) throw new UnreadableFact(`the partitions of ${device} cannot be read: ${output.trim()}`)
  // The tool's own format, since util-linux 2.27.
  const table = (JSON.parse(output.slice(brace, output.lastIndexOf('}') + 1)) as { partitiontable: SfdiskTable })
    .partitiontable
  const label = table.label === 'dos' ? 'msdos' : table.label
  const all = (table.partitions ?? []).map((entry): Partition => {
    const number = Number(/(\d+)$/.exec(entry.node)?.[1])
    const code = label === 'gpt' ? entry.type.toUpperCase() : entry.type
    return {
      number,
      type: label === 'msdos' ? msdosType(number, code) : 'primary',
      start: entry.start,
      size: entry.size,
      code,
      name: entry.name ?? null,
      uuid: entry.uuid ?? null,
      bootable: entry.bootable ?? false,
      attributes: entry.attrs?.split(/\s+/).filter(Boolean) ?? [],
    }
  })
  return {
    label,
    id: table.id ?? null,
    ...(table.firstlba === undefined ? {} : { firstUsable: table.firstlba }),
    ...(table.lastlba === undefined ? {} : { lastUsable: table.lastlba }),
    partitions: all.toSorted((a, b) => a.number - b.number),
  }
}

/** `parted -m DEVICE unit s print`, and after an empty line the same for people, which alone has the column `Type`. */
export function parseParted(output: string, device: string): PartitionTable | null {
  const lines = output.split('\n')
  const head = lines.find((line) => line.startsWith(`${device}:`))?.split(':')
  const label = head?.[5]
  if (label === 'unknown' || (label === undefined && output.includes('unrecognised disk label'))) return null
  if (label === undefined || label === 'loop') {
    if (label === 'loop') return null
    throw new UnreadableFact(`the partitions of ${device} cannot be read: ${output.trim()}`)
  }
  const all = lines.flatMap((line): readonly Partition[] => {
    const match = /^(\d+):(\d+)s:\d+s:(\d+)s:[^:]*:(.*):([^:]*);$/.exec(line)
    if (!match) return []
    const [, digits, start, size, name, flags] = match
    const number = Number(digits)
    const type = label === 'msdos' ? partedType(lines, number) : 'primary'
    const plain: Partition = {
      number,
      type,
      start: Number(start),
      size: Number(size),
      code: plainCode(label, type),
      name: name || null,
      uuid: null,
      bootable: false,
      attributes: [],
    }
    const flagged = withFlags(label, plain, knownFlags(label, flags ?? ''))
    return [typeof flagged === 'string' ? plain : flagged]
  })
  return { label, id: null, partitions: all.toSorted((a, b) => a.number - b.number) }
}

/** Flags that follow from others or that sfdisk has no word for are passed over. */
const knownFlags = (label: string, flags: string): readonly string[] => {
  const all = flags.split(', ').filter((flag) => flag && flag !== 'lba')
  return label === 'gpt' && all.includes('esp') ? all.filter((flag) => flag !== 'boot') : all
}

function partedType(lines: readonly string[], number: number): PartitionType {
  for (const line of lines) {
    const [first, , , , type] = line.trim().split(/\s+/)
    if (first === String(number) && (type === 'primary' || type === 'extended' || type === 'logical')) return type
  }
  return number > 4 ? 'logical' : 'primary'
}
