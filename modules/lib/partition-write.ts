import type { Disk } from '../facts/disk.ts'
import { disk } from '../facts/disk.ts'
import { partitions } from '../facts/partitions.ts'
import type { Signature } from '../facts/signature.ts'
import { signature, signatureIn } from '../facts/signature.ts'
import type { FileStat } from '../facts/stat.ts'
import { stat } from '../facts/stat.ts'
import type { Effect, ScriptAction } from '../step.ts'
import { becomes } from '../step.ts'
import { partedWords, sfdiskText } from './partition-text.ts'
import type { Partition, PartitionTable } from './partition-table.ts'
import { partitionNode } from './partition-table.ts'

/** A disk as the planner sees it; `stat` is that of its node, which new partitions' nodes take after. */
export interface DiskState {
  readonly device: string
  readonly disk: Disk
  readonly stat: FileStat
  readonly table: PartitionTable | null
}

/*
 * $1 device, $2 numbers of the partitions that go, $3 numbers of those that come or grow, $4 the prefix of their nodes; then parted's
 * words. The table in sfdisk's format comes on standard input. The kernel is told with BLKPG, one partition at a time, since asking it to
 * read the whole table again fails on a disk in use. Each partition is named to partx: without, some versions stop at the first gap.
 */
const SCRIPT = `
device=$1 gone=$2 there=$3 prefix=$4; shift 4
if command -v sfdisk >/dev/null && sfdisk --help 2>&1 | grep -q -e --json; then
  sfdisk -q --no-reread --no-tell-kernel "$device" || exit
  for n in $gone; do partx -d --nr "$n" "$device" || exit; done
  for n in $there; do partx -u --nr "$n" "$device" || exit; done
else
  cat >/dev/null
  parted -s -a none "$device" unit s "$@" || exit
  ! command -v partprobe >/dev/null || partprobe "$device" || :
fi
! command -v udevadm >/dev/null || [ ! -e /run/udev/control ] || udevadm settle --timeout=10 || :
tries=0
for n in $there; do
  until [ -b "$prefix$n" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { echo "the table is written, but $prefix$n did not appear within ten seconds" >&2; exit 1; }
    sleep 0.1 2>/dev/null || sleep 1
  done
done
for n in $gone; do
  while [ -b "$prefix$n" ]; do
    tries=$((tries + 1))
    [ $tries -le 100 ] || { echo "the table is written, but $prefix$n did not go within ten seconds" >&2; exit 1; }
    sleep 0.1 2>/dev/null || sleep 1
  done
done
`

const numbers = (some: readonly Partition[]): string => some.map((one) => one.number).join(' ')

/** Writes a whole table, has the kernel take it over, and waits for the nodes. */
export function writeTable(state: DiskState, after: PartitionTable): ScriptAction {
  const before = state.table?.partitions ?? []
  // Only those that change: partx takes an unused partition out and in again, and its node with it.
  const there = after.partitions.filter(
    (one) => !before.some((old) => old.number === one.number && old.size === one.size),
  )
  const gone = before.filter((old) => !after.partitions.some((one) => one.number === old.number))
  return {
    do: 'sh',
    title: `write the partition table of ${state.device}`,
    script: SCRIPT,
    args: [
      state.device,
      numbers(gone.toReversed()),
      numbers(there),
      partitionNode(state.device, 0).slice(0, -1),
      ...partedWords(state.table, after),
    ],
    stdin: Buffer.from(sfdiskText(after)),
  }
}

/** What the disk is like after writing a table; ids and minor numbers that the kernel or chance gives are left empty. */
export function tableEffects(state: DiskState, after: PartitionTable): readonly Effect[] {
  const { device, disk: was } = state
  const before = new Map((state.table?.partitions ?? []).map((one) => [one.number, one]))
  const now = new Map(after.partitions.map((one) => [one.number, one]))
  const parts = after.partitions.map(
    ({ number }) => was.parts.find((part) => part.number === number) ?? { number, device: '', holders: [] },
  )
  return [
    becomes(partitions(device), after),
    becomes(disk(device), { ...was, parts }),
    becomes(signature(device), tableSignature(after.label)),
    ...after.partitions.flatMap((one): readonly Effect[] => {
      const old = before.get(one.number)
      if (old && old.size === one.size) return []
      const node = partitionNode(device, one.number)
      // Of an extended partition the kernel shows only the first KiB.
      const size = one.type === 'extended' ? 1024 : one.size * was.sectorSize
      return [
        becomes(disk(node), { ...was, device: '', size, number: one.number, parts: [], holders: [] }),
        ...(old ? [] : [becomes(stat(node), nodeStat(state.stat)), becomes(signature(node), freshSignature(one.type))]),
      ]
    }),
    ...[...before.values()].flatMap((old): readonly Effect[] => {
      if (now.has(old.number)) return []
      const node = partitionNode(device, old.number)
      const range = signatureIn(device, old.start * was.sectorSize, old.size * was.sectorSize)
      return [
        becomes(disk(node), null),
        becomes(stat(node), null),
        becomes(signature(node), null),
        becomes(range, null),
      ]
    }),
  ]
}

const tableSignature = (label: string): Signature => ({
  type: null,
  uuid: null,
  label: null,
  table: label === 'msdos' ? 'dos' : label,
})
/** An extended partition starts with a table of its own. */
const freshSignature = (type: string): Signature | null => (type === 'extended' ? tableSignature('msdos') : null)

const nodeStat = (parent: FileStat): FileStat => ({
  type: 'block',
  mode: parent.mode,
  uid: parent.uid,
  gid: parent.gid,
  owner: parent.owner,
  group: parent.group,
  size: 0,
  mtime: 0,
  inode: 0,
  device: parent.device,
  links: 1,
})
