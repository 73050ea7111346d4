import { deviceByTag } from '../facts/device-by-tag.ts'
import { disk, type Disk } from '../facts/disk.ts'
import { filesystemSize, type FilesystemSize } from '../facts/filesystem-size.ts'
import { mounts, type Mount } from '../facts/mounts.ts'
import { signature, type Signature } from '../facts/signature.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import { swaps, type Swap } from '../facts/swaps.ts'
import {
  FSTYPES,
  growFilesystem,
  isResizable,
  makeFilesystem,
  setLabel,
  signatureType,
} from '../lib/filesystem-tools.ts'
import { holdsSomething, inUse } from '../lib/partition-safety.ts'
import { words as splitWords } from '../lib/invocation.ts'
import type { HostState, Infer, Plan } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { AttributeChange, Effect, Step } from '../step.ts'
import { attributeChanges, becomes, run } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['dev'],
  properties: {
    dev: {
      type: 'string',
      format: 'path',
      aliases: ['device'],
      description: 'The device, or a regular file of the size wanted.',
      since: '0.1.0',
    },
    fstype: {
      type: 'string',
      enum: FSTYPES,
      aliases: ['type'],
      description: 'The kind of filesystem; needed unless the state is `absent`.',
      since: '0.1.0',
    },
    opts: {
      type: 'string',
      description: 'Further words for the program that makes it, as in a shell.',
      since: '0.1.0',
    },
    label: { type: 'string', description: 'Its label. An existing filesystem is given it, too.', since: '0.1.0' },
    uuid: { type: 'string', description: 'Its UUID, when it is made.', since: '0.1.0' },
    resizefs: { type: 'boolean', default: false, description: 'Grows it to fill its device.', since: '0.1.0' },
    force: {
      type: 'boolean',
      default: false,
      description: 'Erases what else is on the device. Never what is in use.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'With `absent`, all signatures are wiped from the device.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly node: FileStat | null
  /** The device's path without links. */
  readonly device: string
  readonly disk: Disk | null
  readonly found: Signature | null
  readonly mounts: readonly Mount[]
  readonly swaps: readonly Swap[]
  /** Read only where the filesystem may have to grow. */
  readonly size: FilesystemSize | null
}

export default defineModule({
  name: 'filesystem',
  summary: 'Make a filesystem on a device.',
  description: `A device that holds anything else is left alone, unless \`force\` is true; one that is mounted, swapped to or part of a volume
group or an array always is.`,
  args: ARGS,
  returns: {
    fstype: 'The kind of filesystem on the device.',
    uuid: 'Its UUID, where that is known before it is made.',
  },
  examples: [
    {
      title: 'An ext4 filesystem',
      given: `- partition: { device: /dev/vdb, label: gpt, number: 1 }`,
      task: `filesystem: { dev: /dev/vdb1, fstype: ext4, label: data }`,
    },
    {
      title: 'Let it fill its device',
      given: `- filesystem: { dev: /dev/vdb, fstype: ext4, opts: -b 4096 }`,
      task: `filesystem: { dev: /dev/vdb, fstype: ext4, resizefs: true }`,
    },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: Args): Promise<State> {
  const at = await host.get(stat(args.dev))
  const device = at?.type === 'link' ? (at.resolved ?? args.dev) : args.dev
  const [node, block, found, mounted, swapping] = await Promise.all([
    host.get(stat(device)),
    host.get(disk(device)),
    host.get(signature(device)),
    host.get(mounts()),
    host.get(swaps()),
  ])
  const { fstype } = args
  const sized = args.resizefs && fstype && found?.type === fstype && isResizable(fstype)
  const size = sized ? await host.get(filesystemSize(device, fstype)) : null
  return { node, device, disk: block, found, mounts: mounted, swaps: swapping, size }
}

function plan(args: Args, state: State): Plan {
  const { node, found, device } = state
  if (args.state === 'absent' && node === null) return propose([], { fstype: null })
  if (node === null) return refuse(`${args.dev} is not there: \`lsblk\` shows which devices there are`)
  if (node.type !== 'block' && node.type !== 'file')
    return refuse(`${args.dev} is a ${node.type}, neither a device nor a file`)
  if (args.state === 'absent') return planAbsent(args, state)
  const { fstype } = args
  if (fstype === undefined) return refuse('fstype is missing: say which filesystem to make')
  const split = splitWords(args.opts ?? '')
  if ('problem' in split) return refuse(`opts: ${split.problem}`)
  if (found?.type !== signatureType(fstype)) {
    const busy = inUse(
      { node: args.dev, paths: [device], disk: state.disk, signature: found },
      state.mounts,
      state.swaps,
    )
    if (busy !== null) return refuse(busy, { fstype: found?.type ?? null })
    const holds = holdsSomething(args.dev, found)
    if (holds !== null && !args.force)
      return refuse(`${holds}, and ${fstype} was asked for; force: true erases what is there`, {
        fstype: found?.type ?? null,
      })
    const made = makeFilesystem(fstype, device, { label: wantedLabel(args), uuid: args.uuid, words: split.words })
    const after = predicted(args, signatureType(fstype))
    const step: Step = {
      change: { subject: args.dev, verb: 'create', attributes: attributeChanges(shown(found), shown(after)) },
      actions: [...(holds === null ? [] : [run('wipefs', '-a', '-q', device)]), made],
      effects: signatureEffects(args.dev, device, found, after),
    }
    return propose([step], { fstype, uuid: after.uuid })
  }
  const change = planExisting(args, state, found)
  return typeof change === 'string' ? refuse(change) : propose(change, { fstype, uuid: found.uuid })
}

/** The label and the size of a filesystem of the right kind. */
function planExisting(args: Args, state: State, found: Signature): readonly Step[] | string {
  const { device, size } = state
  const { fstype } = args
  if (fstype === undefined) return []
  const steps: Step[] = []
  const at = state.mounts.find((one) => isOn(one, state, args.dev))?.target ?? null
  if (args.uuid !== undefined && found.uuid?.toLowerCase() !== args.uuid.toLowerCase())
    return `${args.dev} has the UUID ${found.uuid ?? '(none)'}, and ${args.uuid} was asked for: it is only set when the filesystem is made`
  const label = wantedLabel(args)
  if (label !== undefined && (found.label ?? '') !== label) {
    const action = setLabel(fstype, device, label, at)
    if (action === null)
      return `the label of a ${fstype} filesystem cannot be changed${at === null ? '' : ` while it is mounted on ${at}`}`
    const after = { ...found, label: label || null }
    steps.push({
      change: { subject: args.dev, verb: 'update', attributes: attributeChanges(shown(found), shown(after)) },
      actions: [action],
      effects: signatureEffects(args.dev, device, found, after),
    })
  }
  const bytes = state.disk?.size ?? state.node?.size ?? 0
  if (size !== null && bytes - size.size >= size.block) {
    const actions = growFilesystem(fstype, device, at)
    if (typeof actions === 'string') return actions
    const grown = Math.floor(bytes / size.block) * size.block
    const attributes: readonly AttributeChange[] = [{ name: 'size', before: size.size, after: grown }]
    steps.push({
      change: { subject: args.dev, verb: 'update', attributes },
      actions,
      effects: [becomes(filesystemSize(device, fstype), { ...size, size: grown })],
    })
  } else if (args.resizefs && size === null) {
    const reason = growFilesystem(fstype, device, at)
    if (typeof reason === 'string') return reason
  }
  return steps
}

const isOn = (mount: Mount, { device, disk }: State, dev: string): boolean =>
  mount.source === device ||
  mount.source === dev ||
  (disk !== null && disk.device !== '' && mount.device === disk.device)

function planAbsent(args: Args, state: State): Plan {
  const { device, found } = state
  if (found === null) return propose([], { fstype: null })
  const busy = inUse({ node: args.dev, paths: [device], disk: state.disk, signature: found }, state.mounts, state.swaps)
  if (busy !== null) return refuse(busy)
  if (found.type === null && !args.force)
    return refuse(`${args.dev} holds a partition table (${found.table ?? 'unknown'}); force: true erases that`)
  const step: Step = {
    change: {
      subject: args.dev,
      verb: 'remove',
      attributes: Object.entries(shown(found)).map(([name, before]) => ({ name, before, after: null })),
    },
    actions: [run('wipefs', '-a', '-q', device)],
    effects: signatureEffects(args.dev, device, found, null),
  }
  return propose([step], { fstype: null })
}

/** FAT keeps its label in capitals. */
const wantedLabel = (args: Args): string | undefined =>
  args.fstype === 'vfat' ? args.label?.toUpperCase() : args.label

/** What will be found: chance gives the UUID where none is asked for. */
const predicted = (args: Args, type: string): Signature => ({
  type,
  uuid: args.uuid ?? null,
  label: wantedLabel(args) ?? null,
  table: null,
  empty: args.fstype !== 'swap' && args.fstype !== 'lvm',
})

const tags = (found: Signature | null): readonly string[] => [
  ...(found?.uuid ? [`UUID=${found.uuid}`] : []),
  ...(found?.label ? [`LABEL=${found.label}`] : []),
]

function signatureEffects(
  path: string,
  device: string,
  before: Signature | null,
  after: Signature | null,
): readonly Effect[] {
  const now = tags(after)
  return [
    becomes(signature(device), after),
    ...(path === device ? [] : [becomes(signature(path), after)]),
    ...tags(before).flatMap((tag) => (now.includes(tag) ? [] : [becomes(deviceByTag(tag), null)])),
    ...now.map((tag) => becomes(deviceByTag(tag), device)),
  ]
}

const shown = (found: Signature | null): { readonly [name: string]: string | null } => ({
  fstype: found === null ? null : (found.type ?? `partition table ${found.table ?? ''}`),
  label: found?.label ?? null,
  ...(found?.uuid ? { uuid: found.uuid } : {}),
})
