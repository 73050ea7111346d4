import type { Mount } from '../facts/mounts.ts'
import type { Signature } from '../facts/signature.ts'
import type { Swap } from '../facts/swaps.ts'
import type { AttributeChange, Step } from '../step.ts'
import { attributeChanges, run } from '../step.ts'
import type { Problem, WantedPartition } from './partition-layout.ts'
import { drift, growProblem, placePartition } from './partition-layout.ts'
import type { DiskRange } from './partition-position.ts'
import { diskRange } from './partition-position.ts'
import { holdsSomething, inUse } from './partition-safety.ts'
import type { Partition, PartitionTable } from './partition-table.ts'
import { flagsOf, lastSector, partitionNode, withFlags } from './partition-table.ts'
import type { DiskState } from './partition-write.ts'
import { tableEffects, writeTable } from './partition-write.ts'

/** A partition that shall be there. */
export interface PartitionSpec extends WantedPartition {
  readonly name?: string | undefined
  readonly flags?: readonly string[] | undefined
  /** Grow it where it ends earlier than asked for. */
  readonly resize: boolean
}

/** What else is known of a disk: what its partitions and free ranges hold, and what is in use. */
export interface Surroundings {
  readonly mounts: readonly Mount[]
  readonly swaps: readonly Swap[]
  /** By the partition's number. */
  readonly signatures: ReadonlyMap<number, Signature | null>
  /** What lies where a new partition would be, by its number. */
  readonly ranges: ReadonlyMap<number, Signature | null>
  readonly force: boolean
}

/** A step, or null for none, and the table afterwards; or why it may not be. */
export type TableChange = { readonly step: Step | null; readonly table: PartitionTable } | Problem

/** Gives a blank disk a table. */
export function labelStep(
  state: DiskState,
  label: string,
  found: Signature | null,
  around: Surroundings,
  bytesLimit: number,
): TableChange {
  const { device } = state
  const busy = inUse({ node: device, paths: [], disk: state.disk, signature: found }, around.mounts, around.swaps)
  if (busy !== null) return busy
  const holds = holdsSomething(device, found)
  if (holds !== null && !around.force)
    return `${holds}, so it gets no partition table; force: true erases what is there`
  if (label === 'msdos' && state.disk.size > bytesLimit)
    return `${device} is larger than the 2 TiB that an msdos table can describe: use label: gpt`
  const { first, limit } = diskRange(state.disk.size, state.disk.sectorSize, label)
  const usable = label === 'gpt' ? { firstUsable: first, lastUsable: limit - 1 } : {}
  const table: PartitionTable = { label, id: null, ...usable, partitions: [] }
  const step: Step = {
    change: {
      subject: `${device} partition table`,
      verb: 'create',
      attributes: [{ name: 'label', before: null, after: label }],
    },
    actions: [...(holds === null ? [] : [run('wipefs', '-a', '-q', device)]), writeTable(state, table)],
    effects: tableEffects(state, table),
  }
  return { step, table }
}

/** Makes a partition, or gives an existing one its name, flags and greater length. */
export function presentStep(
  state: DiskState & { readonly table: PartitionTable },
  range: DiskRange,
  wanted: PartitionSpec,
  around: Surroundings,
): TableChange {
  const { table } = state
  const existing = table.partitions.find((one) => one.number === wanted.number)
  let next: Partition
  if (existing) {
    const moved = drift(table, range, wanted, existing)
    if (moved === null) next = existing
    else if (wanted.resize && moved.end !== null) {
      const problem = growProblem(table, range, existing, moved.end)
      if (problem !== null) return `${moved.problem}; ${problem}`
      next = { ...existing, size: moved.end - existing.start }
    } else return `${moved.problem}. A partition is never moved: correct the task, or remove the partition first`
  } else {
    const placed = placePartition(table, range, wanted)
    if (typeof placed === 'string') return placed
    const where = `what lies at sectors ${placed.start} to ${lastSector(placed)} of ${state.device}`
    const found = around.ranges.get(wanted.number) ?? null
    // A lone table there is what an extended partition left behind; the new one is written over it.
    const holds = found?.type === null ? null : holdsSomething(where, found)
    if (holds !== null && !around.force) return `${holds}; force: true makes the partition over it`
    next = placed
  }
  if (wanted.name !== undefined && table.label !== 'gpt') return `partitions of an ${table.label} table have no names`
  const named = wanted.name === undefined ? next : { ...next, name: wanted.name }
  const flagged = wanted.flags === undefined ? named : withFlags(table.label, named, wanted.flags)
  if (typeof flagged === 'string') return flagged
  const attributes = attributeChanges(existing ? shown(table.label, existing) : {}, shown(table.label, flagged))
  if (attributes.length === 0) return { step: null, table }
  return change(state, existing ? 'update' : 'create', wanted.number, attributes, {
    ...table,
    partitions: [...table.partitions.filter((one) => one !== existing), flagged].toSorted(
      (a, b) => a.number - b.number,
    ),
  })
}

/** Takes a partition out of the table, and erases what it held where `force` allows that. */
export function absentStep(
  state: DiskState & { readonly table: PartitionTable },
  number: number,
  around: Surroundings,
): TableChange {
  const { table, device } = state
  const existing = table.partitions.find((one) => one.number === number)
  if (!existing) return { step: null, table }
  const node = partitionNode(device, number)
  const part = state.disk.parts.find((one) => one.number === number)
  const found = around.signatures.get(number) ?? null
  const asDisk = part ? { ...state.disk, device: part.device, holders: part.holders } : null
  const busy = inUse({ node, paths: [], disk: asDisk, signature: found }, around.mounts, around.swaps)
  if (busy !== null) return busy
  const inside = table.partitions.filter((one) => one.type === 'logical')
  if (existing.type === 'extended' && inside.length > 0)
    return `${node} is the extended partition around ${inside.map((one) => one.number).join(', ')}: remove those first`
  if (existing.type === 'logical' && inside.some((one) => one.number > number))
    return `removing ${node} would give the logical partitions behind it other numbers: remove the last one first`
  const holds = existing.type === 'extended' ? null : holdsSomething(node, found)
  if (holds !== null && !around.force) return `${holds}; force: true erases it with the partition`
  const after = { ...table, partitions: table.partitions.filter((one) => one !== existing) }
  const attributes = Object.entries(shown(table.label, existing)).map(([name, before]) => ({
    name,
    before,
    after: null,
  }))
  return change(state, 'remove', number, attributes, after, holds === null ? [] : [run('wipefs', '-a', '-q', node)])
}

function change(
  state: DiskState,
  verb: 'create' | 'update' | 'remove',
  number: number,
  attributes: readonly AttributeChange[],
  table: PartitionTable,
  before: Step['actions'] = [],
): TableChange {
  const step: Step = {
    change: { subject: `${state.device} partition ${number}`, verb, attributes },
    actions: [...before, writeTable(state, table)],
    effects: tableEffects(state, table),
  }
  return { step, table }
}

/** A partition as people see it in a diff. */
const shown = (label: string, partition: Partition): { readonly [name: string]: string | number | null } => ({
  type: partition.type,
  start: `${partition.start}s`,
  end: `${lastSector(partition)}s`,
  ...(partition.name === null ? {} : { name: partition.name }),
  flags: flagsOf(label, partition).join(', ') || null,
})
