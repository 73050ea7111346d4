import { ProblemsFound } from '../language/source.ts'
import type { Play } from '../language/tree.ts'

/** The pattern of a play's hosts, as it was written; a list is its entries joined. */
export function patternText({ hosts: { value } }: Play): string {
  return Array.isArray(value) ? value.map(String).join(':') : typeof value === 'string' ? value : ''
}

/** Hosts in the order that a play asks for. */
export function ordered(hosts: readonly string[], order: string | undefined): readonly string[] {
  switch (order) {
    case undefined:
    case 'inventory':
      return hosts
    case 'sorted':
      return hosts.toSorted()
    case 'reverse_sorted':
      return hosts.toSorted().toReversed()
    case 'reverse_inventory':
      return hosts.toReversed()
    case 'shuffle':
      return hosts
        .map((host) => ({ host, key: Math.random() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ host }) => host)
    default:
      throw new ProblemsFound([
        {
          message: `order "${order}" is not known`,
          hint: 'use inventory, sorted, reverse_sorted, reverse_inventory or shuffle',
        },
      ])
  }
}

/** As many hosts as are reached about at once; see `openClient`. */
const crowd = 64

/** Whether hosts wait for their turn to be reached, where so many are worked on at a time. */
export const areCrowd = (hosts: readonly unknown[], forks: number): boolean => Math.min(hosts.length, forks) > crowd

/**
 * Cuts a play's hosts into the batches of `serial`: a number, a percentage of all hosts (at least one), or a list of these, whose last
 * entry goes on until no host is left. Unset, all hosts are one batch.
 */
export function batches<T>(hosts: readonly T[], serial: unknown, play: Play): readonly (readonly T[])[] {
  const sizes = (Array.isArray(serial) ? serial : serial === undefined ? [] : [serial]).map((entry) =>
    sizeOf(entry, hosts.length, play),
  )
  const cut: (readonly T[])[] = []
  for (let start = 0; start < hosts.length;) {
    const size = sizes[Math.min(cut.length, sizes.length - 1)] ?? hosts.length
    cut.push(hosts.slice(start, start + size))
    start += size
  }
  return cut
}

function sizeOf(entry: unknown, count: number, play: Play): number {
  const text = String(entry).trim()
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)
  if (percent !== null) return Math.max(1, Math.floor((Number(percent[1]) * count) / 100))
  if (/^-?\d+$/.test(text)) return Number(text) > 0 ? Number(text) : count
  throw new ProblemsFound([
    {
      message: `serial must be a number, a percentage or a list of these, not ${JSON.stringify(entry)}`,
      at: play.serial?.at(),
    },
  ])
}

/** Whether each host of a play goes on as soon as it can, without waiting for the others. */
export function isFree({ strategy }: Play): boolean {
  const written = strategy?.value
  return typeof written === 'string' && ['free', 'host_pinned'].includes(written.split('.').at(-1) ?? '')
}
