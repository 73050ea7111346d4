/** A partition table, in sectors of the device's logical size. Names are parted's: `msdos` is what sfdisk calls `dos`. */
export interface PartitionTable {
  readonly label: string
  /** The disk's identifier in the table; null where unknown or left to chance. */
  readonly id: string | null
  /** GPT: the first and last sector that partitions may take. */
  readonly firstUsable?: number
  readonly lastUsable?: number
  /** In the order of their numbers. */
  readonly partitions: readonly Partition[]
}
export type PartitionType = 'primary' | 'extended' | 'logical'
export interface Partition {
  readonly number: number
  readonly type: PartitionType
  readonly start: number
  readonly size: number
  /** msdos: a hexadecimal id (`83`); gpt: a type GUID in capitals. */
  readonly code: string
  /** GPT only; null where there is none. */
  readonly name: string | null
  readonly uuid: string | null
  /** msdos: the active partition. */
  readonly bootable: boolean
  /** GPT attributes, in sfdisk's words. */
  readonly attributes: readonly string[]
}

/** The last sector that belongs to a partition. */
export const lastSector = (partition: { readonly start: number; readonly size: number }): number =>
  partition.start + partition.size - 1

/** Where the node of a partition is: a device whose name ends in a digit takes a `p`; udev's links take `-part`. */
export function partitionNode(device: string, number: number): string {
  if (/^\/dev\/(?:disk\/by-|mapper\/)/.test(device)) return `${device}-part${number}`
  return `${device}${/\d$/.test(device) ? 'p' : ''}${number}`
}

const EXTENDED = new Set(['5', 'f', '85'])
/** What kind of partition an msdos id and number make. */
export const msdosType = (number: number, code: string): PartitionType =>
  number > 4 ? 'logical' : EXTENDED.has(code) ? 'extended' : 'primary'

const GPT_LINUX = '0FC63DAF-8483-4772-8E79-3D69D8477DE4'
/** parted's flags that are partition types, with the msdos id and the GUID for each (UAPI Discoverable Partitions, sfdisk -T). */
const TYPE_FLAGS: { readonly [flag: string]: { readonly msdos?: string; readonly gpt?: string } } = {
  lvm: { msdos: '8e', gpt: 'E6D6D379-F507-44C2-A23C-238F2A3DF928' },
  raid: { msdos: 'fd', gpt: 'A19D880F-05FC-4D3B-A006-743F0F84911E' },
  swap: { msdos: '82', gpt: '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F' },
  esp: { msdos: 'ef', gpt: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B' },
  bios_grub: { gpt: '21686148-6449-6E6F-744E-656564454649' },
  msftdata: { gpt: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7' },
  prep: { msdos: '41', gpt: '9E1A2D38-C612-4316-AA26-8B49521E5A8B' },
}
const BIOS_BOOTABLE = 'LegacyBIOSBootable'

/** The type of a partition without flags. */
export const plainCode = (label: string, type: PartitionType): string =>
  label === 'gpt' ? GPT_LINUX : type === 'extended' ? '5' : '83'

/** parted's flags of a partition. */
export function flagsOf(label: string, partition: Partition): readonly string[] {
  const column = label === 'gpt' ? 'gpt' : 'msdos'
  const typed = Object.entries(TYPE_FLAGS).flatMap(([flag, codes]) => (codes[column] === partition.code ? [flag] : []))
  const boot = label === 'gpt' ? typed.includes('esp') : partition.bootable
  const legacy = label === 'gpt' && partition.attributes.includes(BIOS_BOOTABLE)
  return [...(boot ? ['boot'] : []), ...typed, ...(legacy ? ['legacy_boot'] : [])]
}

/** A partition with exactly these flags; the message says which cannot be. */
export function withFlags(label: string, partition: Partition, flags: readonly string[]): Partition | string {
  const column = label === 'gpt' ? 'gpt' : 'msdos'
  const codes: string[] = []
  for (const flag of flags) {
    if (flag === 'boot' && label !== 'gpt') continue
    if (flag === 'legacy_boot' && label === 'gpt') continue
    // On GPT, parted's `boot` is another name for `esp`.
    const code = TYPE_FLAGS[flag === 'boot' ? 'esp' : flag]?.[column]
    if (code === undefined)
      return `the flag ${flag} is not known for ${label}; known are boot, ${Object.keys(TYPE_FLAGS).join(', ')}, legacy_boot`
    if (!codes.includes(code)) codes.push(code)
  }
  if (codes.length > 1)
    return `the flags ${flags.join(', ')} exclude each other: each is a type of partition, and it has only one`
  const kept = partition.attributes.filter((name) => name !== BIOS_BOOTABLE)
  const known = Object.values(TYPE_FLAGS).some((pair) => pair[column] === partition.code)
  return {
    ...partition,
    // A type that no flag stands for is the user's own, and kept.
    code: codes[0] ?? (known ? plainCode(label, partition.type) : partition.code),
    bootable: label !== 'gpt' && flags.includes('boot'),
    attributes: label === 'gpt' && flags.includes('legacy_boot') ? [...kept, BIOS_BOOTABLE] : kept,
  }
}
