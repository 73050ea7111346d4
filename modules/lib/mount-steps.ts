import type { Mount } from '../facts/mounts.ts'
import { mounts } from '../facts/mounts.ts'
import { signature } from '../facts/signature.ts'
import type { FileStat } from '../facts/stat.ts'
import { stat } from '../facts/stat.ts'
import type { Effect, Step } from '../step.ts'
import { becomes, beneath, stale } from '../step.ts'
import { afterRemount, isBind, mountOptions, optionWords } from './mount-options.ts'
import { boundFrom, type Source } from './mount-source.ts'
import { predictedStat } from './ownership.ts'

export interface MountWish {
  readonly path: string
  readonly source: Source
  readonly fstype: string
  readonly options: string
  /** Directories on the way to the mount point that are not there yet, itself included, outermost first. */
  readonly missing: readonly string[]
}

/*
 * $1 mount point, $2 type, $3 options, $4 source, then the directories to make. A mount that fails takes them away again, so that
 * nothing is left of it. `none` and `bind` are no types that mount -t takes.
 */
const MOUNT = `
path=$1 type=$2 options=$3 source=$4; shift 4
made=
undo() { for d in $made; do rmdir -- "$path"; path=\${path%/*}; done 2>/dev/null; }
for d do mkdir -- "$d" || { undo; exit 1; }; made="x $made"; done
case $type in none|bind|rbind|'') set -- ;; *) set -- -t "$type" ;; esac
[ -z "$options" ] || set -- "$@" -o "$options"
mount "$@" -- "$source" "$path" || { status=$?; undo; exit $status; }
`

/** Mounts something where nothing is mounted, making the directory where there is none. */
export function mountStep(wish: MountWish, all: readonly Mount[]): Step {
  const { path, source, fstype, options, missing } = wish
  const fresh = source.signature?.empty === true
  const bound = isBind(options) ? boundFrom(source.path, all) : null
  const mount: Mount = {
    ...(bound ?? { device: source.device ?? '', root: '/', fstype, source: source.path }),
    target: path,
    options: kernelOptions(options),
  }
  return {
    change: {
      subject: path,
      verb: 'create',
      attributes: [{ name: 'mounted', before: null, after: `${source.written} (${fstype}, ${options})` }],
    },
    actions: [
      {
        do: 'sh',
        title: `mount ${source.written} on ${path}`,
        script: MOUNT,
        args: [path, isBind(options) ? '' : fstype, mountOptions(options), source.written, ...missing],
      },
    ],
    effects: [
      becomes(mounts(), [...all, mount]),
      ...missing.map((directory) => becomes(stat(directory), predictedStat('directory', { mode: '0755' }))),
      ...(fresh ? emptyEffects(wish) : [stale(stat(path)), beneath(path, 'unknown')]),
    ],
  }
}

const directory = (mode: string): FileStat => predictedStat('directory', { mode, owner: 'root', group: 'root' })

/** A filesystem that was only just made holds nothing, and its root is root's. */
function emptyEffects({ path, source, fstype }: MountWish): readonly Effect[] {
  return [
    becomes(stat(path), directory('0755')),
    beneath(path, 'absent'),
    ...(fstype.startsWith('ext') ? [becomes(stat(`${path === '/' ? '' : path}/lost+found`), directory('0700'))] : []),
    becomes(signature(source.path), source.signature && { ...source.signature, empty: false }),
  ]
}

/** What the kernel will show of an entry's options. */
const kernelOptions = (options: string): readonly string[] => {
  const words = optionWords(options)
  const shown = mountOptions(options)
    .split(',')
    .filter((word) => word && !['suid', 'dev', 'exec', 'async', 'bind'].includes(word))
  return [...new Set([words.includes('ro') ? 'ro' : 'rw', ...shown])]
}

/*
 * $1 mount point. Mounts may lie on one another, and each is taken off; a bounded number of times, since something may mount it again.
 */
const UNMOUNT = `
path=$1 times=0
while mountpoint -q -- "$path" 2>/dev/null || [ $times -eq 0 ]; do
  [ $times -lt 20 ] || { echo "$path is mounted again and again" >&2; exit 1; }
  umount -- "$path" || exit
  times=$((times + 1))
done
`

/** Unmounts all that is mounted on a path. What was hidden there comes to light. */
export function unmountStep(path: string, all: readonly Mount[]): Step {
  const [mounted] = all.filter((one) => one.target === path).slice(-1)
  return {
    change: {
      subject: path,
      verb: 'remove',
      attributes: [{ name: 'mounted', before: mounted?.source ?? null, after: null }],
    },
    actions: [{ do: 'sh', title: `unmount ${path}`, script: UNMOUNT, args: [path] }],
    effects: [
      becomes(
        mounts(),
        all.filter((one) => one.target !== path),
      ),
      stale(stat(path)),
      beneath(path, 'unknown'),
    ],
  }
}

/** Gives a mount other options; with none, as fstab says. */
export function remountStep(path: string, given: readonly string[], all: readonly Mount[]): Step {
  const mounted = all.findLast((one) => one.target === path)
  const options = mounted ? afterRemount(mounted.options, given) : []
  const before = mounted?.options.join(',') ?? null
  return {
    change: {
      subject: path,
      verb: given.length > 0 ? 'update' : 'run',
      attributes:
        given.length > 0
          ? [{ name: 'options', before, after: options.join(',') }]
          : [{ name: 'remounted', before: false, after: true }],
    },
    actions: [{ do: 'run', argv: ['mount', '-o', ['remount', ...given].join(','), path] }],
    effects: [
      becomes(
        mounts(),
        all.map((one) => (one === mounted ? { ...one, options } : one)),
      ),
    ],
  }
}
