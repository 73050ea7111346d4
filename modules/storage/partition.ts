import { disk, type Disk } from '../facts/disk.ts'
import { mounts } from '../facts/mounts.ts'
import { partitions } from '../facts/partitions.ts'
import { signature, signatureIn, type Signature } from '../facts/signature.ts'
import { stat } from '../facts/stat.ts'
import { swaps } from '../facts/swaps.ts'
import { partitionInfo, UNITS } from '../lib/partition-info.ts'
import { placePartition } from '../lib/partition-layout.ts'
import type { PartitionSpec, Surroundings } from '../lib/partition-plan.ts'
import { absentStep, labelStep, presentStep } from '../lib/partition-plan.ts'
import { diskRange, MSDOS_SECTORS } from '../lib/partition-position.ts'
import type { Partition, PartitionTable, PartitionType } from '../lib/partition-table.ts'
import { partitionNode } from '../lib/partition-table.ts'
import type { DiskState } from '../lib/partition-write.ts'
import type { HostState, Infer, Plan } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'

const PART = {
  number: { type: 'integer', minimum: 1, description: 'The number of the partition.', since: '0.1.0' },
  type: {
    type: 'string',
    enum: ['primary', 'extended', 'logical'],
    aliases: ['part_type'],
    description: 'For msdos. Without it, numbers from 5 on are logical and others primary.',
    since: '0.1.0',
  },
  start: {
    type: 'string',
    aliases: ['part_start'],
    description: 'Where it starts: `1MiB`, `10GB`, `50%`, `2048s`. The first free place where unset.',
    since: '0.1.0',
  },
  end: {
    type: 'string',
    aliases: ['part_end'],
    description:
      'Where it ends, as `start`; `-1GiB` counts from the end. All that is free behind the start where unset.',
    since: '0.1.0',
  },
  name: { type: 'string', description: 'Its name, for gpt.', since: '0.1.0' },
  flags: {
    type: 'array',
    items: { type: 'string' },
    description: "Exactly these of parted's flags: boot, lvm, raid, swap, esp, bios_grub, legacy_boot, msftdata, prep.",
    since: '0.1.0',
  },
} as const

const ARGS = {
  type: 'object',
  required: ['device'],
  properties: {
    device: { type: 'string', format: 'path', description: 'The whole disk: `/dev/vdb`.', since: '0.1.0' },
    ...PART,
    label: {
      type: 'string',
      enum: ['gpt', 'msdos'],
      description:
        'The kind of table that a blank disk gets; msdos where unset. A disk that has another one is refused.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent', 'info'],
      default: 'present',
      description: 'Whether the partition shall be there; `info` only reads.',
      since: '0.1.0',
    },
    partitions: {
      type: 'array',
      items: { type: 'object', properties: PART },
      description:
        'The whole table at once: all its partitions in order. One that is there and not listed is an error.',
      since: '0.1.0',
    },
    resize: {
      type: 'boolean',
      default: false,
      description:
        'Makes an existing partition longer, up to `end`. What is in it stays as it is: see filesystem, `resizefs`.',
      since: '0.1.0',
    },
    force: {
      type: 'boolean',
      default: false,
      description: 'Erases a filesystem, physical volume or array member that is in the way. Never one in use.',
      since: '0.1.0',
    },
    unit: { type: 'string', enum: UNITS, default: 'KiB', description: 'The unit of what is returned.', since: '0.1.0' },
    align: {
      type: 'string',
      enum: ['none', 'cylinder', 'minimal', 'optimal', 'undefined'],
      default: 'optimal',
      description: "For Ansible's sake. Partitions are aligned to 1 MiB unless given in sectors.",
      since: '0.1.0',
    },
    fs_type: { type: 'string', description: "For Ansible's sake: use `flags` for a type.", since: '0.1.0' },
  },
  mutuallyExclusive: [['number', 'partitions']],
} as const
type Args = Infer<typeof ARGS>

interface State extends Surroundings {
  /** Null where there is no such block device. */
  readonly at: DiskState | null
  readonly found: Signature | null
}

export default defineModule({
  name: 'partition',
  aliases: ['parted'],
  summary: 'Make a partition table and its partitions.',
  description: `A disk that has a table keeps it, a partition is never moved, and nothing that holds data or is in use is touched.
Places are rounded to 1 MiB. Msdos tables have four primary or extended partitions, and logical ones from number 5 on.`,
  args: ARGS,
  returns: { partition_info: 'The disk and its partitions, in `unit`, before the task and then after it.' },
  examples: [
    {
      title: 'An extended partition over the whole disk',
      task: `partition: { device: /dev/vdb, label: msdos, number: 1, type: extended, start: 1MiB, end: '100%' }`,
    },
    {
      title: 'A logical one in it, /dev/vdb5',
      given: `- partition: { device: /dev/vdb, label: msdos, number: 1, type: extended }`,
      task: `partition: { device: /dev/vdb, number: 5, type: logical }`,
    },
    {
      title: 'A whole table',
      task: `partition:
  device: /dev/vdb
  label: gpt
  partitions:
    - { name: log, end: 50% }
    - { name: data, flags: lvm }`,
    },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: Args): Promise<State> {
  const { device } = args
  const [node, whole, table, found, mounted, swapping] = await Promise.all([
    host.get(stat(device)),
    host.get(disk(device)),
    host.get(partitions(device)),
    host.get(signature(device)),
    host.get(mounts()),
    host.get(swaps()),
  ])
  const none = { mounts: mounted, swaps: swapping, force: args.force, found }
  if (node === null || whole === null) return { ...none, at: null, signatures: new Map(), ranges: new Map() }
  const going = args.state === 'absent' && args.number !== undefined ? [args.number] : []
  const held = await Promise.all(
    going.map(async (number) => [number, await host.get(signature(partitionNode(device, number)))] as const),
  )
  const coming = args.state === 'present' ? placed(args, whole, table) : []
  const lying = await Promise.all(
    coming.map(async ({ number, start, size }) => {
      const range = signatureIn(device, start * whole.sectorSize, size * whole.sectorSize)
      return [number, await host.get(range)] as const
    }),
  )
  return { ...none, at: { device, disk: whole, stat: node, table }, signatures: new Map(held), ranges: new Map(lying) }
}

/** The new partitions, where they will lie; those that cannot be are the planner's to refuse. */
function placed(args: Args, whole: Disk, before: PartitionTable | null): readonly Partition[] {
  let table = before ?? { label: args.label ?? 'msdos', id: null, partitions: [] }
  const range = diskRange(whole.size, whole.sectorSize, table.label)
  const fresh: Partition[] = []
  for (const spec of wantedPartitions(args, table.label)) {
    if (table.partitions.some((one) => one.number === spec.number)) continue
    const place = placePartition(table, range, spec)
    if (typeof place === 'string') break
    fresh.push(place)
    table = { ...table, partitions: [...table.partitions, place] }
  }
  return fresh
}

function wantedPartitions(args: Args, label: string): readonly PartitionSpec[] {
  const type = (given: PartitionType | undefined, number: number): PartitionType =>
    given ?? (label === 'msdos' && number > 4 ? 'logical' : 'primary')
  if (args.partitions === undefined)
    return args.number === undefined ? [] : [{ ...args, number: args.number, type: type(args.type, args.number) }]
  let next = 1
  let nextLogical = 5
  return args.partitions.map((one) => {
    const number = one.number ?? (one.type === 'logical' ? nextLogical : next)
    if (number < 5 || label === 'gpt') next = number + 1
    else nextLogical = number + 1
    return { ...one, number, type: type(one.type, number), resize: args.resize }
  })
}

function plan(args: Args, state: State): Plan {
  const { at, found } = state
  if (at === null) return refuse(`${args.device} is no block device: \`lsblk\` shows which there are`)
  const info = (table: PartitionTable | null) => ({
    partition_info: partitionInfo(at.device, at.disk, table, args.unit),
  })
  if (args.state === 'info') return propose([], info(at.table))
  if (at.disk.number !== null) return refuse(`${args.device} is a partition itself: name the whole disk`)
  const steps: Step[] = []
  let { table } = at
  if (table && args.label && table.label !== args.label)
    return refuse(
      `${args.device} has a ${table.label} table, and ${args.label} was asked for. A disk is never relabelled: erase it with \`wipefs -a\` if nothing on it is needed`,
    )
  if (args.state === 'absent') {
    if (args.number === undefined) return refuse('state: absent needs the number of the partition')
    if (table === null) return propose([], info(null))
    const change = absentStep({ ...at, table }, args.number, state)
    return typeof change === 'string'
      ? refuse(change, info(table))
      : propose(change.step ? [change.step] : [], info(change.table))
  }
  if (at.disk.readOnly) return refuse(`${args.device} is read-only`)
  if (table === null) {
    const made = labelStep(at, args.label ?? 'msdos', found, state, MSDOS_SECTORS * at.disk.sectorSize)
    if (typeof made === 'string') return refuse(made, info(null))
    if (made.step) steps.push(made.step)
    ;({ table } = made)
  }
  const specs = wantedPartitions(args, table.label)
  if (args.partitions) {
    const extra = table.partitions.filter((one) => !specs.some((spec) => spec.number === one.number))
    if (extra.length > 0)
      return refuse(
        `${args.device} also has partition ${extra.map((one) => one.number).join(', ')}, which is not listed: list it, or remove it with state: absent`,
        info(table),
      )
  }
  const range = diskRange(at.disk.size, at.disk.sectorSize, table.label)
  let { disk: whole } = at
  for (const spec of specs) {
    const change = presentStep({ ...at, disk: whole, table }, range, spec, state)
    if (typeof change === 'string') return refuse(`${args.device}: ${change}`, info(at.table))
    if (change.step) steps.push(change.step)
    ;({ table } = change)
    whole = {
      ...whole,
      parts: table.partitions.map(
        ({ number }) => whole.parts.find((one) => one.number === number) ?? { number, device: '', holders: [] },
      ),
    }
  }
  return propose(steps, info(table))
}
