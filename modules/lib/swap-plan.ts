import type { DiskSpace } from '../facts/disk-space.ts'
import { checksum } from '../facts/checksum.ts'
import { content } from '../facts/content.ts'
import type { Memory } from '../facts/memory.ts'
import type { Signature } from '../facts/signature.ts'
import { signature } from '../facts/signature.ts'
import type { FileStat } from '../facts/stat.ts'
import { stat } from '../facts/stat.ts'
import type { Swap } from '../facts/swaps.ts'
import { swaps } from '../facts/swaps.ts'
import type { Effect, Step } from '../step.ts'
import { becomes, run, stale } from '../step.ts'
import { encodeOctal } from './octal-escapes.ts'
import { predictedStat } from './ownership.ts'
import { formatSize } from './size.ts'
import { BUILD_SWAP, SWAP_OFF, SWAP_ON } from './swap-scripts.ts'

/** A swap file as it is, and what is around it. */
export interface SwapState {
  readonly path: string
  readonly stat: FileStat | null
  readonly found: Signature | null
  readonly swaps: readonly Swap[]
  /** Where the file lies; null where that directory is not there. */
  readonly space: DiskSpace | null
  readonly memory: Memory
}

/** `stat -f` names of filesystems that cannot hold a swap file, whatever is tried. */
const UNFIT = new Set(['tmpfs', 'ramfs', 'overlayfs', 'nfs', 'zfs', 'smb2', 'cifs', 'squashfs', 'fuseblk'])

export const activeSwap = (state: SwapState): Swap | undefined =>
  state.swaps.find((swap) => swap.path === state.path && !swap.deleted)

/** The steps to a swap area of this size in the file, not yet in use; or why there can be none. */
export function areaSteps(state: SwapState, size: number): readonly Step[] | string {
  const { path, stat: node, found, space } = state
  if (space === null) return `the directory of ${path} is not there`
  if (space.fstype !== null && UNFIT.has(space.fstype))
    return `${space.mountPoint} is ${space.fstype}, which cannot hold a swap file: choose another path`
  if (node === null) return build(state, size)
  if (node.type !== 'file') return `${path} is a ${node.type}, not a file`
  const active = activeSwap(state)
  if (found?.type !== 'swap' && !active) {
    if (found !== null)
      return `${path} holds something else (${found.type ?? found.table ?? 'unknown'}): remove it if it is not needed`
    if (node.size !== size)
      return `${path} is no swap area, and its size is ${formatSize(node.size)} where ${formatSize(size)} was asked for: remove it if it is not needed`
    return [format(state, node)]
  }
  if (node.size !== size) return build(state, size)
  if (node.mode === '0600' && node.uid === 0) return []
  const attributes = [
    ...(node.mode === '0600' ? [] : [{ name: 'mode', before: node.mode, after: '0600' }]),
    ...(node.uid === 0 ? [] : [{ name: 'owner', before: node.owner, after: 'root' }]),
  ]
  return [
    {
      change: { subject: path, verb: 'update', attributes },
      actions: [{ do: 'attributes', path, mode: '0600', owner: 'root' }],
      effects: [becomes(stat(path), { ...node, mode: '0600', uid: 0, owner: 'root' })],
    },
  ]
}

function build(state: SwapState, size: number): readonly Step[] | string {
  const { path, stat: node, space, memory } = state
  const fstype = space?.fstype ?? ''
  const active = activeSwap(state)
  if (space !== null && space.available < size)
    return `${space.mountPoint} has ${formatSize(space.available)} free, too little for a swap file of ${formatSize(size)}${node ? ' beside the old one' : ''}`
  const used = memory.swapTotal - memory.swapFree
  if (active && used > memory.available)
    return `${formatSize(used)} are swapped out, more than the ${formatSize(memory.available)} of memory that are free: ${path} cannot be taken out of use to be resized`
  const step: Step = {
    change: {
      subject: path,
      verb: node ? 'update' : 'create',
      attributes: [{ name: 'size', before: node?.size ?? null, after: size }],
    },
    actions: [
      {
        do: 'sh',
        title: `build the swap file ${path}`,
        script: BUILD_SWAP,
        args: [
          path,
          String(size),
          fstype === 'f2fs' ? 'holes' : '',
          fstype === 'btrfs' ? 'nocow' : '',
          active ? 'active' : '',
        ],
      },
    ],
    effects: [
      becomes(stat(path), { ...predictedStat('file', { mode: '0600', owner: 'root', group: 'root' }), size }),
      ...madeSwap(state),
      becomes(
        swaps(),
        state.swaps.filter((swap) => swap !== active),
      ),
    ],
  }
  return [step]
}

/** Makes a swap area in a file that has the right size already. */
const format = (state: SwapState, node: FileStat): Step => ({
  change: { subject: state.path, verb: 'update', attributes: [{ name: 'swap area', before: false, after: true }] },
  actions: [{ do: 'attributes', path: state.path, mode: '0600', owner: 'root' }, run('mkswap', state.path)],
  effects: [becomes(stat(state.path), { ...node, mode: '0600', uid: 0, owner: 'root' }), ...madeSwap(state)],
})

const madeSwap = ({ path }: SwapState): readonly Effect[] => [
  becomes(signature(path), { type: 'swap', uuid: null, label: null, table: null }),
  stale(content(path)),
  stale(checksum(path)),
]

/** Swaps to the file, with a priority where one is asked for. */
export function onStep(state: SwapState, size: number, priority: number | undefined): Step | null {
  const { path } = state
  const active = activeSwap(state)
  const rebuilt = active !== undefined && state.stat?.size !== size
  if (active && !rebuilt && (priority === undefined || active.priority === priority)) return null
  const asListed = encodeOctal(path)
  const on: Step['actions'][number] = {
    do: 'sh',
    title: `swap to ${path}`,
    script: SWAP_ON,
    args: [path, priority === undefined ? '' : String(priority), asListed],
  }
  const again = active !== undefined && !rebuilt
  // The kernel counts pages, and the first one is the header.
  const now: Swap = { path, kind: 'file', size: size - 4096, priority: priority ?? -2, deleted: false }
  return {
    change: {
      subject: `swap ${path}`,
      verb: again ? 'update' : 'create',
      attributes: again
        ? [{ name: 'priority', before: active.priority, after: priority ?? null }]
        : [{ name: 'active', before: false, after: true }],
    },
    actions: again ? [off(path), on] : [on],
    effects: [becomes(swaps(), [...state.swaps.filter((swap) => swap !== active), now])],
  }
}

const off = (path: string): Step['actions'][number] => ({
  do: 'sh',
  title: `stop swapping to ${path}`,
  script: SWAP_OFF,
  args: [path, encodeOctal(path)],
})

/** Takes the file out of use and away; or why it stays. */
export function removeSteps(state: SwapState): readonly Step[] | string {
  const { path, stat: node, found, memory } = state
  const active = activeSwap(state)
  const used = memory.swapTotal - memory.swapFree
  if (active && used > memory.available)
    return `${formatSize(used)} are swapped out, more than the ${formatSize(memory.available)} of memory that are free: ${path} cannot be taken out of use`
  if (node !== null && !active && found?.type !== 'swap') return `${path} is no swap area, so it is not removed`
  return [
    ...(active
      ? [
          {
            change: {
              subject: `swap ${path}`,
              verb: 'remove' as const,
              attributes: [{ name: 'active', before: true, after: false }],
            },
            actions: [off(path)],
            effects: [
              becomes(
                swaps(),
                state.swaps.filter((swap) => swap !== active),
              ),
            ],
          },
        ]
      : []),
    ...(node === null
      ? []
      : [
          {
            change: {
              subject: path,
              verb: 'remove' as const,
              attributes: [{ name: 'size', before: node.size, after: null }],
            },
            actions: [{ do: 'remove' as const, path }],
            effects: [
              becomes(stat(path), null),
              becomes(content(path), null),
              becomes(signature(path), null),
              stale(checksum(path)),
            ],
          },
        ]),
  ]
}
