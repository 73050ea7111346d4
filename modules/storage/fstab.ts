import { mountAt, mounts, type Mount } from '../facts/mounts.ts'
import { serviceManager, type ServiceManager } from '../facts/service-manager.ts'
import { stat, type FileStat } from '../facts/stat.ts'
import {
  isSwap,
  normalPath,
  parseFstab,
  removeEntry,
  sameKey,
  setEntry,
  type FstabEdit,
  type FstabEntry,
} from '../lib/fstab-text.ts'
import { missingOptions, mountOptions } from '../lib/mount-options.ts'
import { isMountOf, mountedBeneath, readSource, type Source } from '../lib/mount-source.ts'
import { mountStep, remountStep, unmountStep } from '../lib/mount-steps.ts'
import { readFile, replaceFile, type FileBefore } from '../lib/replace-file.ts'
import type { HostState, Infer, Plan } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'
import { run, stale } from '../step.ts'

const ARGS = {
  type: 'object',
  required: ['path'],
  properties: {
    path: { type: 'string', aliases: ['name'], description: 'The mount point; `none` for swap.', since: '0.1.0' },
    src: {
      type: 'string',
      description: "What is mounted: a device, `UUID=…`, `LABEL=…`, a server's export.",
      since: '0.1.0',
    },
    fstype: { type: 'string', description: 'The kind of filesystem.', since: '0.1.0' },
    opts: { type: 'string', description: 'Options, with commas between them; `defaults` where unset.', since: '0.1.0' },
    dump: { type: 'string', description: 'Field 5. An entry keeps its own where unset.', since: '0.1.0' },
    passno: {
      type: 'string',
      description: 'Field 6, the order of checks at boot. An entry keeps its own where unset.',
      since: '0.1.0',
    },
    state: {
      type: 'string',
      enum: ['present', 'absent', 'mounted', 'unmounted', 'remounted', 'ephemeral'],
      default: 'present',
      description:
        '`present`: an entry. `mounted`: an entry, and mounted. `unmounted`: not mounted, the entry stays. `absent`: neither. `remounted`: mount again, always. `ephemeral`: mounted, no entry.',
      since: '0.1.0',
    },
    boot: { type: 'boolean', default: true, description: 'False adds the option `noauto`.', since: '0.1.0' },
    backup: { type: 'boolean', default: false, description: 'Keeps the old fstab beside the new one.', since: '0.1.0' },
    fstab: { type: 'string', format: 'path', default: '/etc/fstab', description: 'The file to edit.', since: '0.1.0' },
  },
} as const
type Args = Infer<typeof ARGS>

interface State {
  readonly file: FileBefore
  readonly mounts: readonly Mount[]
  readonly manager: ServiceManager
  /** Null where the task names no source. */
  readonly source: Source | null
  /** What is at the mount point, and what is missing on the way to it. */
  readonly at: FileStat | null
  readonly missing: readonly string[]
}

export default defineModule({
  name: 'fstab',
  aliases: ['mount'],
  summary: 'Keep an entry of fstab, and what is mounted.',
  description: `Only the entry's own line changes, and of it only the fields that differ. Entries are known by their mount point, those of swap areas
by their source. A mount is made before its entry is written: one that fails leaves fstab and the directory as they were.`,
  args: ARGS,
  returns: {
    name: 'The mount point.',
    src: 'The source, as the task names it.',
    fstype: 'The kind of filesystem.',
    opts: 'The options of the entry.',
    dump: 'Field 5.',
    passno: 'Field 6.',
    fstab: 'The file.',
  },
  examples: [
    {
      title: 'Mount a device now and at each boot',
      given: `- filesystem: { dev: /dev/vdb, fstype: ext4 }`,
      task: `fstab: { path: /var/lib/mysql, src: /dev/vdb, fstype: ext4, passno: 2, state: mounted }`,
    },
    {
      title: 'A memory filesystem',
      task: `fstab: { path: /mnt/fast, src: tmpfs, fstype: tmpfs, opts: 'size=16m,noexec', state: mounted }`,
    },
    {
      title: 'An entry for later',
      task: `fstab: { path: /srv/share, src: 'server:/share', fstype: nfs, opts: noauto }`,
    },
  ],
  observe,
  plan,
})

const target = (args: Args): string => (args.path.startsWith('/') ? normalPath(args.path) : args.path)
const options = (args: Args): string => {
  const opts = args.opts ?? 'defaults'
  return args.boot || opts.split(',').includes('noauto') ? opts : `${opts},noauto`
}

async function observe(host: HostState, args: Args): Promise<State> {
  const path = target(args)
  const mounting = args.state === 'mounted' || args.state === 'ephemeral'
  const way = mounting ? ancestors(path) : []
  const [file, mounted, manager, source, looked] = await Promise.all([
    readFile(host, args.fstab),
    host.get(mounts()),
    host.get(serviceManager()),
    mounting && args.src ? readSource(host, args.src, options(args)) : null,
    Promise.allSettled(way.map((directory) => host.get(stat(directory)))),
  ])
  const state = { file, mounts: mounted, manager, source }
  // What is at the mount point counts only while nothing is mounted there: it may be unknown otherwise.
  if (mountAt(mounted, path)) return { ...state, at: null, missing: [] }
  const found = looked.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
  return { ...state, at: found.at(-1) ?? null, missing: way.filter((_, index) => found[index] === null) }
}

/** `/a/b` → `/a`, `/a/b`. */
function ancestors(path: string): readonly string[] {
  const words = path.split('/').filter(Boolean)
  return words.map((_, index) => `/${words.slice(0, index + 1).join('/')}`)
}

function plan(args: Args, state: State): Plan {
  const path = target(args)
  const entry = wantedEntry(args, state)
  const result = {
    name: path,
    src: args.src ?? null,
    fstype: args.fstype ?? null,
    opts: entry.options,
    dump: entry.dump ?? '0',
    passno: entry.passno ?? '0',
    fstab: args.fstab,
  }
  if (!isSwap(entry) && !path.startsWith('/')) return refuse(`path: ${args.path} is no absolute path`, result)
  if (isSwap(entry) && !['present', 'absent'].includes(args.state))
    return refuse(`state: ${args.state} is not for swap: the swapfile module makes it active`, result)
  const needed = ['present', 'mounted', 'ephemeral'].includes(args.state) || isSwap(entry)
  if (needed && (!args.src || (!args.fstype && args.state !== 'absent')))
    return refuse(`state: ${args.state} needs src and fstype`, result)
  switch (args.state) {
    case 'present': {
      const edit = edited(args, state, entry)
      return propose(edit.steps, result, edit.warnings)
    }
    case 'mounted':
    case 'ephemeral': {
      const mounting = planMount(args, state)
      if (typeof mounting === 'string') return refuse(mounting, result)
      if (args.state === 'ephemeral') return propose(mounting, result)
      const edit = edited(args, state, entry)
      return propose([...mounting, ...edit.steps], result, edit.warnings)
    }
    case 'unmounted':
    case 'absent': {
      const unmounting = isSwap(entry) ? [] : planUnmount(path, state)
      if (typeof unmounting === 'string') return refuse(unmounting, result)
      if (args.state === 'unmounted') return propose(unmounting, result)
      const edit = removeEntry(fstabText(state), entry)
      const steps = writeSteps(args, state, edit)
      const gone = !isSwap(entry) && (steps.length > 0 || unmounting.length > 0) ? [directoryStep(path)] : []
      return propose([...unmounting, ...steps, ...gone], result)
    }
    case 'remounted': {
      const mounted = mountAt(state.mounts, path)
      if (!mounted) return refuse(`nothing is mounted on ${path}, so it cannot be remounted`, result)
      const given = args.opts === undefined ? [] : mountOptions(args.opts).split(',').filter(Boolean)
      return propose([remountStep(path, given, state.mounts)], result)
    }
  }
}

/** Fields 5 and 6 that the task leaves out are those of the entry there is. */
function wantedEntry(args: Args, state: State): FstabEntry {
  const fstype = args.fstype ?? (args.path.startsWith('/') ? '' : 'swap')
  const entry = {
    source: args.src ?? '',
    target: target(args),
    fstype,
    options: options(args),
    dump: args.dump ?? null,
    passno: args.passno ?? null,
  }
  const existing = parseFstab(fstabText(state)).find((line) => line.entry && sameKey(line.entry, entry))?.entry
  return { ...entry, dump: entry.dump ?? existing?.dump ?? null, passno: entry.passno ?? existing?.passno ?? null }
}

const fstabText = (state: State): string => state.file.before?.toString('utf8') ?? ''

function edited(
  args: Args,
  state: State,
  entry: FstabEntry,
): { readonly steps: readonly Step[]; readonly warnings: readonly string[] } {
  const edit = setEntry(fstabText(state), entry)
  const more = `${args.fstab} has ${edit.duplicates} more for ${isSwap(entry) ? entry.source : entry.target}: the first is kept in order, remove the others`
  return { steps: writeSteps(args, state, edit), warnings: edit.duplicates > 0 ? [more] : [] }
}

function writeSteps(args: Args, { file, manager }: State, edit: FstabEdit): readonly Step[] {
  if (file.before !== null && edit.text === file.before.toString('utf8')) return []
  if (file.before === null && edit.text === '') return []
  const step = replaceFile({
    path: file.real,
    via: file.path,
    stat: file.stat,
    before: file.before,
    after: Buffer.from(edit.text),
    ownership: file.stat === null ? { mode: '0644' } : {},
    backup: args.backup,
  })
  if (step === null) return []
  // systemd makes its mount units of fstab, and goes by the old ones until told.
  const reload = manager === 'systemd' && args.fstab === '/etc/fstab' ? [run('systemctl', 'daemon-reload')] : []
  return [{ ...step, actions: [...step.actions, ...reload] }]
}

/** The steps to what shall be mounted, or why that cannot be. */
function planMount(args: Args, state: State): readonly Step[] | string {
  const { source, mounts: all } = state
  const path = target(args)
  if (source === null) return 'src is missing: say what to mount'
  const wish = { path, source, fstype: args.fstype ?? '', options: options(args), missing: state.missing }
  const mounted = mountAt(all, path)
  if (!mounted) {
    if (source.missing) return `${source.written} is not there, so it cannot be mounted`
    if (
      state.at !== null &&
      state.at.type !== 'directory' &&
      state.at.type !== 'link' &&
      !mountOptions(wish.options).includes('bind')
    )
      return `${path} is a ${state.at.type}: a filesystem is mounted on a directory`
    return [mountStep(wish, all)]
  }
  if (isMountOf(mounted, source, wish.options, all) && sameType(mounted.fstype, wish)) {
    const lacking = missingOptions(wish.options, mounted.options)
    return lacking.length === 0 ? [] : [remountStep(path, lacking, all)]
  }
  if (source.missing)
    return `${source.written} is not there, so it cannot take the place of ${mounted.source} on ${path}`
  const unmounting = planUnmount(path, state)
  if (typeof unmounting === 'string') return unmounting
  return [
    ...unmounting,
    mountStep(
      wish,
      all.filter((one) => one.target !== path),
    ),
  ]
}

/** `auto`, `none` and `bind` leave the type open; nfs mounts show `nfs4`, and helpers `fuse.NAME`. */
const sameType = (is: string, wish: { readonly fstype: string }): boolean =>
  ['auto', 'none', 'bind', is, is.replace(/^nfs4$/, 'nfs'), is.replace(/^fuse(?:blk)?\./, '')].includes(wish.fstype) ||
  (is === 'fuseblk' && wish.fstype.startsWith('ntfs'))

function planUnmount(path: string, { mounts: all }: State): readonly Step[] | string {
  if (!mountAt(all, path)) return []
  const inside = mountedBeneath(all, path)
  if (inside.length > 0) return `${path} cannot be unmounted while ${inside.join(', ')} is mounted in it`
  return [unmountStep(path, all)]
}

/** Takes away a mount point that is no more needed, if nothing is in it. */
const directoryStep = (path: string): Step => ({
  change: {
    subject: path,
    verb: 'remove',
    attributes: [{ name: 'directory', before: 'a mount point', after: 'removed if empty' }],
  },
  actions: [{ do: 'run', argv: ['rmdir', '--', path], accept: [0, 1] }],
  effects: [stale(stat(path))],
})
