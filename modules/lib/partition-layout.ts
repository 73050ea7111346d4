import type { DiskRange } from './partition-position.ts'
import { endSector, MSDOS_SECTORS, parsePosition, startSector } from './partition-position.ts'
import type { Partition, PartitionTable, PartitionType } from './partition-table.ts'
import { lastSector, plainCode } from './partition-table.ts'

/** A partition as the user asks for it. */
export interface WantedPartition {
  readonly number: number
  readonly type: PartitionType
  readonly start?: string | undefined
  readonly end?: string | undefined
}

/** A stretch of sectors, the last one not included. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** Why a partition cannot be as it is asked for: for people. */
export type Problem = string

/** Where a new partition goes: the sectors that it is given, or those of the first free stretch. */
export function placePartition(table: PartitionTable, range: DiskRange, wanted: WantedPartition): Partition | Problem {
  const wrong = numberProblem(table, wanted)
  if (wrong !== null) return wrong
  const room = roomFor(table, range, wanted.type)
  if (room === null) return 'a logical partition lies inside an extended one, and there is none yet: make that first'
  const spots = spotsOf(wanted, range, room)
  if (typeof spots === 'string') return spots
  const free = freeStretches(table, range, wanted.type, room)
  const from = spots.from ?? free.find((gap) => gap.to - gap.from >= range.grain)?.from
  if (from === undefined) return `there is no room left for partition ${wanted.number}`
  const gap = free.find((one) => from >= one.from && from < one.to)
  if (gap === undefined)
    return `sector ${from}, where partition ${wanted.number} is to start, is not free: ${occupant(table, wanted.type, from)}`
  const to = spots.to ?? Math.floor(gap.to / range.grain) * range.grain
  if (to <= from) return `partition ${wanted.number} would end (sector ${to - 1}) before it starts (sector ${from})`
  if (to > gap.to)
    return `partition ${wanted.number} would reach to sector ${to - 1}, but only the sectors ${from} to ${gap.to - 1} are free`
  if (table.label === 'msdos' && to > MSDOS_SECTORS) return 'an msdos table ends at 2 TiB: use label: gpt'
  return {
    number: wanted.number,
    type: wanted.type,
    start: from,
    size: to - from,
    code: plainCode(table.label, wanted.type),
    name: null,
    uuid: null,
    bootable: false,
    attributes: [],
  }
}

/** How an existing partition differs from what is asked for; null where it does not. Less than one grain (1 MiB) is rounding. */
export function drift(
  table: PartitionTable,
  range: DiskRange,
  wanted: WantedPartition,
  existing: Partition,
): { readonly problem: Problem; readonly end: number | null } | null {
  if (existing.type !== wanted.type)
    return { problem: `partition ${wanted.number} is ${existing.type}, and ${wanted.type} was asked for`, end: null }
  const room = roomFor(table, range, wanted.type) ?? { from: range.first, to: range.limit }
  const spots = spotsOf(wanted, range, room)
  if (typeof spots === 'string') return { problem: spots, end: null }
  const { from, to } = spots
  const startDiffers = from !== undefined && differs(from, existing.start, wanted.start, range)
  const endDiffers = to !== undefined && differs(to - 1, lastSector(existing), wanted.end, range)
  if (!startDiffers && !endDiffers) return null
  const has = `partition ${wanted.number} lies at sectors ${existing.start} to ${lastSector(existing)}`
  const asked = `${from ?? existing.start} to ${to === undefined ? lastSector(existing) : to - 1}`
  return { problem: `${has}, and ${asked} were asked for`, end: !startDiffers && to !== undefined ? to : null }
}

const differs = (asked: number, is: number, text: string | undefined, range: DiskRange): boolean =>
  text?.trim().endsWith('s') ? asked !== is : Math.abs(asked - is) >= range.grain

/** Whether a partition can be made longer, up to the sector before `end`. */
export function growProblem(table: PartitionTable, range: DiskRange, existing: Partition, end: number): Problem | null {
  if (end <= existing.start + existing.size) return 'partitions are only ever grown, never shrunk'
  const others = { ...table, partitions: table.partitions.filter((other) => other.number !== existing.number) }
  const room = roomFor(others, range, existing.type)
  const gap =
    room &&
    freeStretches(others, range, existing.type, room).find(
      (one) => existing.start >= one.from && existing.start < one.to,
    )
  return gap && end <= gap.to ? null : 'the sectors behind it are not free'
}

function numberProblem(table: PartitionTable, wanted: WantedPartition): Problem | null {
  const { number, type } = wanted
  if (table.label === 'gpt') {
    if (type !== 'primary') return `gpt has no ${type} partitions: leave out the type`
    return number > 128 ? `a gpt table has room for 128 partitions, not for number ${number}` : null
  }
  if (type === 'logical') {
    const next = 5 + table.partitions.filter((one) => one.type === 'logical').length
    return number === next
      ? null
      : `the next logical partition gets number ${next}, not ${number}: they are numbered in order from 5`
  }
  if (number > 4)
    return `an msdos table has at most four primary or extended partitions: number ${number} can only be logical`
  const extended = table.partitions.find((one) => one.type === 'extended')
  return type === 'extended' && extended
    ? `an msdos table has one extended partition, and it is number ${extended.number}`
    : null
}

/** The sectors that partitions of a type may take; null for logical ones without an extended one around them. */
function roomFor(table: PartitionTable, range: DiskRange, type: PartitionType): Stretch | null {
  if (type !== 'logical') {
    const from = Math.max(range.first, Math.ceil((table.firstUsable ?? 0) / range.grain) * range.grain)
    return { from, to: table.lastUsable === undefined ? range.limit : Math.min(range.limit, table.lastUsable + 1) }
  }
  const around = table.partitions.find((one) => one.type === 'extended')
  // A grain before each logical partition is left for the record that describes it.
  return around
    ? { from: Math.ceil(around.start / range.grain) * range.grain + range.grain, to: lastSector(around) + 1 }
    : null
}

function spotsOf(
  wanted: WantedPartition,
  range: DiskRange,
  room: Stretch,
): { readonly from?: number; readonly to?: number } | Problem {
  const start = wanted.start === undefined ? undefined : parsePosition(wanted.start, range.sectorSize)
  const end = wanted.end === undefined ? undefined : parsePosition(wanted.end, range.sectorSize)
  if (start === null) return `start: ${wanted.start} is no place on a disk: write 1MiB, 10GiB, 50% or 2048s`
  if (end === null) return `end: ${wanted.end} is no place on a disk: write 1MiB, 10GiB, 50% or 2048s`
  const logical = wanted.type === 'logical'
  const from = start && startSector(start, range)
  const to = end && endSector(end, range)
  return {
    ...(from === undefined ? {} : { from: logical ? Math.max(from, room.from) : from }),
    ...(to === undefined ? {} : { to: logical ? Math.min(to, room.to) : to }),
  }
}

const rivals = (table: PartitionTable, type: PartitionType): readonly Partition[] =>
  table.partitions.filter((one) => (one.type === 'logical') === (type === 'logical'))

function freeStretches(
  table: PartitionTable,
  range: DiskRange,
  type: PartitionType,
  room: Stretch,
): readonly Stretch[] {
  const record = type === 'logical' ? range.grain : 0
  const taken = rivals(table, type).toSorted((a, b) => a.start - b.start)
  const starts = [
    room.from,
    ...taken.map((one) => Math.ceil((lastSector(one) + 1) / range.grain) * range.grain + record),
  ]
  const ends = [...taken.map((one) => one.start - record), room.to]
  return starts.flatMap((from, index) => {
    const to = ends[index] ?? from
    return to > from ? { from, to } : []
  })
}

function occupant(table: PartitionTable, type: PartitionType, sector: number): string {
  const there = rivals(table, type).find((one) => sector >= one.start && sector <= lastSector(one))
  return there
    ? `partition ${there.number} has the sectors ${there.start} to ${lastSector(there)}`
    : 'it lies outside what the table can use'
}
