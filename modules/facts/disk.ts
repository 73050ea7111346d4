import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** A block device, as sysfs describes it. */
export interface Disk {
  /** `major:minor`. Empty where it is predicted. */
  readonly device: string
  /** Bytes. */
  readonly size: number
  /** Bytes in one logical sector: 512 or 4096. */
  readonly sectorSize: number
  readonly readOnly: boolean
  /** Its number where it is a partition itself; null for a whole disk. */
  readonly number: number | null
  /** Devices built on it: device mapper, md. */
  readonly holders: readonly string[]
  /** The partitions that the kernel knows, which may differ from what the table says. */
  readonly parts: readonly DiskPart[]
}
export interface DiskPart {
  readonly number: number
  readonly device: string
  readonly holders: readonly string[]
}

const SCRIPT = `
word() { w=; [ -r "$1" ] && read -r w <"$1"; echo "$w"; }
held() { h=; for x in "$1"/holders/*; do [ -e "$x" ] && h="$h \${x##*/}"; done; echo "$h"; }
set -- "$d" $(stat -L -c '%t %T' -- "$d" 2>/dev/null)
if [ -b "$1" ] && [ $# -eq 3 ]; then
  s=/sys/dev/block/$((0x$2)):$((0x$3))
  if [ -e "$s" ]; then
    q=$s/queue; [ -d "$q" ] || q=$s/../queue
    echo "disk $((0x$2)):$((0x$3)) $(word $s/size) $(word $q/logical_block_size) $(word $s/ro) $(word $s/partition)"
    echo "holders$(held "$s")"
    for p in "$s"/*/partition; do [ -e "$p" ] && p=\${p%/partition} && echo "part $(word "$p/partition") $(word "$p/dev")$(held "$p")"; done
  fi
fi
:`

/** The block device at a path; null where there is none. */
export const disk: (path: string) => Fact<Disk | null> = defineFact<string, Disk | null>({
  name: 'disk',
  script: (paths) => paths.map((path) => `d=${quote(path)}\n${SCRIPT}`).join('\n'),
  parse: (raw) => parseDisk(raw.toString('utf8')),
  path: (path) => path,
  absent: null,
})

/** What the script above prints: `disk DEV SECTORS SECTORSIZE RO [NUMBER]`, `holders …`, and a line `part NUMBER DEV …` for each partition. */
export function parseDisk(text: string): Disk | null {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const first = lines.find(([word]) => word === 'disk')
  if (!first) return null
  const [, device, sectors, sectorSize, readOnly, number] = first
  return {
    device: device ?? '',
    // sysfs counts in 512 bytes whatever the device's own sectors are.
    size: Number(sectors) * 512,
    sectorSize: Number(sectorSize) || 512,
    readOnly: readOnly === '1',
    number: number === undefined ? null : Number(number),
    holders: lines.find(([word]) => word === 'holders')?.slice(1) ?? [],
    parts: lines
      .filter(([word]) => word === 'part')
      .map(([, part, dev, ...holders]) => ({ number: Number(part), device: dev ?? '', holders }))
      .toSorted((a, b) => a.number - b.number),
  }
}
