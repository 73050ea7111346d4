/** A place on a disk: bytes from its start, or a share of it. A negative one counts from the end. */
export type Position =
  | { readonly kind: 'bytes'; readonly bytes: number; readonly fromEnd: boolean; readonly exact: boolean }
  | { readonly kind: 'share'; readonly percent: number }

const UNITS: { readonly [unit: string]: number } = {
  b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12,
  k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4,
  kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4,
} // prettier-ignore

/** parted's positions: `1MiB`, `10GB`, `2048s`, `50%`, `-1GiB`; a number alone is megabytes there, and here. Null where it is none. */
export function parsePosition(text: string, sectorSize: number): Position | null {
  const match = /^(-?)(\d+(?:\.\d+)?)\s*([a-z%]*)$/i.exec(text.trim())
  if (!match) return null
  const [, minus, digits, unit = ''] = match
  const value = Number(digits)
  if (unit === '%') return value <= 100 && !minus ? { kind: 'share', percent: value } : null
  const factor = unit === '' ? UNITS['mb'] : unit === 's' ? sectorSize : UNITS[unit.toLowerCase()]
  if (factor === undefined) return null
  return { kind: 'bytes', bytes: Math.round(value * factor), fromEnd: minus === '-', exact: unit === 's' }
}

/** What a disk allows: its size and usable range in sectors, and how many sectors partitions are aligned to (1 MiB). */
export interface DiskRange {
  readonly sectors: number
  readonly sectorSize: number
  /** The first sector that a partition may take, and the first one after the last. */
  readonly first: number
  readonly limit: number
  readonly grain: number
}

/** The usable range of a disk under a label. GPT keeps 33 sectors at the end for its second table (UEFI specification, 5.3). */
export function diskRange(bytes: number, sectorSize: number, label: string): DiskRange {
  const sectors = Math.floor(bytes / sectorSize)
  const grain = Math.max(1, (1024 * 1024) / sectorSize)
  const limit = label === 'gpt' ? sectors - 1 - Math.ceil((128 * 128) / sectorSize) : Math.min(sectors, MSDOS_SECTORS)
  return { sectors, sectorSize, first: grain, limit, grain }
}
/** msdos tables count sectors in 32 bits: 2 TiB on disks with sectors of 512 bytes. */
export const MSDOS_SECTORS = 2 ** 32

/** The sector of a start: rounded to the next grain, unless it was given in sectors. */
export function startSector(position: Position, range: DiskRange): number {
  const raw = rawSector(position, range)
  if (isExact(position)) return raw
  return Math.max(range.first, Math.round(raw / range.grain) * range.grain)
}

/** The sector after the last one of a partition that ends here: rounded down to a grain, unless it was given in sectors. */
export function endSector(position: Position, range: DiskRange): number {
  const raw = rawSector(position, range)
  // An end in sectors is the last one that belongs to the partition, as parted prints it.
  if (isExact(position)) return raw + 1
  const aligned = Math.round(raw / range.grain) * range.grain
  return Math.min(aligned, Math.floor(range.limit / range.grain) * range.grain)
}

const isExact = (position: Position): boolean => position.kind === 'bytes' && position.exact

function rawSector(position: Position, range: DiskRange): number {
  if (position.kind === 'share') return Math.round((range.sectors * position.percent) / 100)
  const sector = Math.floor(position.bytes / range.sectorSize)
  return position.fromEnd ? range.sectors - sector : sector
}
