import type { JsonObject } from '../../schema/infer.ts'
import type { Disk } from '../facts/disk.ts'
import type { PartitionTable } from './partition-table.ts'
import { flagsOf } from './partition-table.ts'

const BYTES: { readonly [unit: string]: number } = {
  B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4,
} // prettier-ignore

/** The units that `unit` takes. */
export const UNITS = ['s', ...Object.keys(BYTES)] as const

/** What Ansible's parted returns as `partition_info`, in a unit: a disk and its partitions. */
export function partitionInfo(device: string, disk: Disk, table: PartitionTable | null, unit: string): JsonObject {
  const inUnit = (sectors: number): number => {
    const factor = BYTES[unit]
    return factor === undefined ? sectors : Math.round(((sectors * disk.sectorSize) / factor) * 100) / 100
  }
  return {
    disk: {
      dev: device,
      logical_block: disk.sectorSize,
      size: inUnit(disk.size / disk.sectorSize),
      table: table?.label ?? 'unknown',
      unit: unit.toLowerCase(),
    },
    partitions: (table?.partitions ?? []).map((one) => ({
      num: one.number,
      begin: inUnit(one.start),
      end: inUnit(one.start + one.size),
      size: inUnit(one.size),
      name: one.name ?? '',
      flags: [...flagsOf(table?.label ?? '', one)],
      type: one.type,
      unit: unit.toLowerCase(),
    })),
  }
}
