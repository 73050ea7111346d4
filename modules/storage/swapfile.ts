import { posix } from 'node:path'
import { diskSpace } from '../facts/disk-space.ts'
import { kernelParameter } from '../facts/kernel-parameter.ts'
import { memory } from '../facts/memory.ts'
import { serviceManager, type ServiceManager } from '../facts/service-manager.ts'
import { signature } from '../facts/signature.ts'
import { stat } from '../facts/stat.ts'
import { swaps } from '../facts/swaps.ts'
import { parseFstab, removeEntry, sameKey, setEntry, type FstabEntry } from '../lib/fstab-text.ts'
import { readFile, replaceFile, type FileBefore } from '../lib/replace-file.ts'
import { parseSize } from '../lib/size.ts'
import { areaSteps, onStep, removeSteps, type SwapState } from '../lib/swap-plan.ts'
import type { HostState, Infer, Plan } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'
import { becomes, run } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['path'],
  properties: {
    path: { type: 'string', format: 'path', description: 'The swap file.', since: '0.1.0' },
    size: {
      type: 'string',
      format: 'size',
      description: 'How large the file is: `1G`, `512M`, or bytes. Needed unless the state is `absent`.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: '`present`: there and swapped to. `absent`: neither.',
      since: '0.1.0',
    },
    priority: {
      type: 'integer',
      minimum: 0,
      maximum: 32767,
      description: 'The higher, the sooner it is used. The kernel chooses where unset.',
      since: '0.1.0',
    },
    swappiness: {
      type: 'integer',
      minimum: 0,
      maximum: 200,
      description: 'vm.swappiness, now and after a reboot. Left alone where unset.',
      since: '0.1.0',
    },
    fstab: {
      type: 'boolean',
      default: true,
      description: 'Keep an entry in /etc/fstab, so that it is used after a reboot.',
      since: '0.1.0',
    },
  },
} as const
type Args = Infer<typeof ARGS>

interface State extends SwapState {
  readonly fstab: FileBefore
  readonly manager: ServiceManager
  /** The running value and the file that sets it at boot; null where the task does not ask. */
  readonly swappiness: { readonly now: string | null; readonly file: FileBefore } | null
}

const FSTAB = '/etc/fstab'
const SWAPPINESS_FILE = '/etc/sysctl.d/99-swappiness.conf'

export default defineModule({
  name: 'swapfile',
  summary: 'Keep a swap file of a given size, active now and after a reboot.',
  description: `The file is built beside its place and takes it only once it is a swap area that the kernel accepts, so that an interrupted run leaves
nothing that looks finished. A file of another size is replaced; one that holds anything else is left alone.`,
  args: ARGS,
  returns: { path: 'The swap file.', size: 'Its size in bytes.' },
  examples: [
    { title: 'One gibibyte of swap', task: 'swapfile: { path: /swapfile, size: 64M }' },
    {
      title: 'Another size and priority for it',
      given: '- swapfile: { path: /swapfile, size: 64M }',
      task: 'swapfile: { path: /swapfile, size: 96M, priority: 10 }',
    },
    {
      title: 'No swap file',
      given: '- swapfile: { path: /swapfile, size: 64M }',
      task: 'swapfile: { path: /swapfile, state: absent }',
    },
  ],
  observe,
  plan,
})

async function observe(host: HostState, args: Args): Promise<State> {
  const { path } = args
  const [node, found, active, space, free, fstab, manager] = await Promise.all([
    host.get(stat(path)),
    host.get(signature(path)),
    host.get(swaps()),
    host.get(diskSpace(posix.dirname(path))),
    host.get(memory()),
    readFile(host, FSTAB),
    host.get(serviceManager()),
  ])
  const swappiness =
    args.swappiness === undefined
      ? null
      : { now: await host.get(kernelParameter('vm.swappiness')), file: await readFile(host, SWAPPINESS_FILE) }
  return { path, stat: node, found, swaps: active, space, memory: free, fstab, manager, swappiness }
}

function plan(args: Args, state: State): Plan {
  const { path } = args
  const entry = fstabEntry(args, state)
  const text = state.fstab.before?.toString('utf8') ?? ''
  if (args.state === 'absent') {
    const removing = removeSteps(state)
    if (typeof removing === 'string') return refuse(removing, { path })
    const unlisting = args.fstab ? writeFstab(state, removeEntry(text, entry).text) : []
    // First the entry, so that a reboot in between does not look for a file that is gone.
    return propose([...unlisting, ...removing], { path, size: null })
  }
  if (args.size === undefined) return refuse('size is missing: say how large the swap file shall be', { path })
  const size = parseSize(args.size)
  if (size === null || size < 40 * 1024)
    return refuse(`size: ${args.size} is no size of a swap file: write 1G, 512M or a number of bytes`, { path })
  const area = areaSteps(state, size)
  if (typeof area === 'string') return refuse(area, { path })
  const on = onStep(state, size, args.priority)
  const listing = args.fstab ? setEntry(text, entry) : null
  const warnings = [
    ...(listing && listing.duplicates > 0
      ? [`${FSTAB} has more than one entry for ${path}: the first one counts, remove the others`]
      : []),
    ...(state.swaps.some((swap) => swap.path === path && swap.deleted)
      ? [`a swap file that was removed from ${path} is still in use: it goes with the next reboot`]
      : []),
  ]
  const swappiness = planSwappiness(args, state)
  if (typeof swappiness === 'string') return refuse(swappiness, { path })
  return propose(
    [...area, ...(on ? [on] : []), ...(listing ? writeFstab(state, listing.text) : []), ...swappiness],
    { path, size },
    warnings,
  )
}

/** The entry for the file; one that is there keeps its options, but for the priority. */
function fstabEntry(args: Args, state: State): FstabEntry {
  const blank: FstabEntry = {
    source: args.path,
    target: 'none',
    fstype: 'swap',
    options: 'defaults',
    dump: '0',
    passno: '0',
  }
  const lines = parseFstab(state.fstab.before?.toString('utf8') ?? '')
  const found = lines.find((line) => line.entry && sameKey(line.entry, blank))?.entry ?? blank
  if (args.priority === undefined) return found
  const options = found.options.split(',').filter((word) => !word.startsWith('pri='))
  return { ...found, options: [...options, `pri=${args.priority}`].join(',') }
}

function writeFstab(state: State, text: string): readonly Step[] {
  const { fstab, manager } = state
  if (text === (fstab.before?.toString('utf8') ?? '')) return []
  const step = replaceFile({
    path: fstab.real,
    via: fstab.path,
    stat: fstab.stat,
    before: fstab.before,
    after: Buffer.from(text),
    ownership: fstab.stat === null ? { mode: '0644' } : {},
  })
  const reload = manager === 'systemd' ? [run('systemctl', 'daemon-reload')] : []
  return step ? [{ ...step, actions: [...step.actions, ...reload] }] : []
}

function planSwappiness(args: Args, state: State): readonly Step[] | string {
  if (args.swappiness === undefined || state.swappiness === null) return []
  const { now, file } = state.swappiness
  const wanted = String(args.swappiness)
  if (now === null) return 'this kernel has no vm.swappiness'
  const step = replaceFile({
    path: file.real,
    via: file.path,
    stat: file.stat,
    before: file.before,
    after: Buffer.from(`vm.swappiness = ${wanted}\n`),
    ownership: file.stat === null ? { mode: '0644' } : {},
  })
  const running: Step = {
    change: { subject: 'vm.swappiness', verb: 'update', attributes: [{ name: 'value', before: now, after: wanted }] },
    actions: [run('sysctl', '-w', `vm.swappiness=${wanted}`)],
    effects: [becomes(kernelParameter('vm.swappiness'), wanted)],
  }
  return [...(now === wanted ? [] : [running]), ...(step ? [step] : [])]
}
