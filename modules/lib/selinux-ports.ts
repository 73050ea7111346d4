import { selinuxPorts, type SelinuxPort, type SelinuxPorts } from '../facts/selinux.ts'
import type { Step } from '../step.ts'
import { becomes, run, type RunAction } from '../step.ts'

export interface PortRange {
  readonly from: number
  readonly to: number
}
export interface PortWish {
  readonly proto: string
  readonly setype: string
  readonly state: 'present' | 'absent'
  /** Whether the policy is loaded anew; otherwise it only is at the next boot. */
  readonly load: boolean
}

/** `80`, `8000-8010` or `8000:8010`; null for anything else. */
export function parsePort(text: string): PortRange | null {
  const [, first = '', last = first] = /^\s*(\d+)(?:\s*[-:]\s*(\d+))?\s*$/.exec(text) ?? []
  const range = { from: Number(first), to: Number(last) }
  return first !== '' && range.from <= range.to && range.to <= 65_535 ? range : null
}

const same = (one: PortRange, other: PortRange): boolean => one.from === other.from && one.to === other.to
const covers = (one: PortRange, other: PortRange): boolean => one.from <= other.from && one.to >= other.to
const written = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`)

/** One port or range that is given another type. */
interface PortChange {
  readonly range: PortRange
  readonly verb: '-a' | '-m' | '-d'
  readonly before: string | null
}

/**
 * The step to ports with a type, or without: none, or one, since all are changed together or none. `-m` is for what is defined already: exactly
 * this range, of whatever type.
 */
export function portSteps(
  ranges: readonly PortRange[],
  wish: PortWish,
  before: SelinuxPorts,
): { readonly steps: readonly Step[]; readonly warnings: readonly string[] } {
  const changes: PortChange[] = []
  const warnings: string[] = []
  let now = before
  const { proto, setype: type } = wish
  for (const range of ranges) {
    const of = (all: readonly SelinuxPort[]) => all.filter((port) => port.protocol === proto)
    const exact = of(now.all).filter((port) => same(port, range))
    const local = of(now.local).find((port) => same(port, range))
    // Where several types cover it, the narrowest range decides; what was set here goes before the policy.
    const inForce =
      local ??
      of(now.all)
        .filter((port) => covers(port, range))
        .toSorted((a, b) => a.to - a.from - (b.to - b.from))[0]
    const others = (all: readonly SelinuxPort[]) => all.filter((port) => port.protocol !== proto || !same(port, range))
    if (wish.state === 'present') {
      if (inForce?.type === type) continue
      const entry: SelinuxPort = { type, protocol: proto, ...range }
      now = { ...now, all: [...others(now.all), entry], local: [...others(now.local), entry] }
      changes.push({ range, verb: exact.length > 0 ? '-m' : '-a', before: inForce?.type ?? null })
    } else if (local?.type === type) {
      now = {
        ...now,
        all: now.all.filter((port) => port !== local && !sameEntry(port, local)),
        local: others(now.local),
      }
      changes.push({ range, verb: '-d', before: type })
    } else if (exact.some((port) => port.type === type))
      warnings.push(`${proto} ${written(range)} has the type ${type} by the policy itself, which cannot be removed`)
  }
  return { steps: changes.length === 0 ? [] : [portStep(changes, wish, now)], warnings }
}

const sameEntry = (one: SelinuxPort, other: SelinuxPort): boolean =>
  one.protocol === other.protocol && one.type === other.type && same(one, other)

function portStep(changes: readonly PortChange[], wish: PortWish, after: SelinuxPorts): Step {
  const { proto, setype } = wish
  const [first, ...more] = changes.map(({ verb }) => verb)
  const verb = more.some((other) => other !== first) ? '-m' : first
  const [only] = changes.length === 1 ? changes : []
  return {
    change: {
      subject: only ? `SELinux port ${proto} ${written(only.range)}` : `SELinux ports ${proto}`,
      verb: verb === '-d' ? 'remove' : verb === '-a' ? 'create' : 'update',
      attributes: changes.map(({ range, verb, before }) => ({
        name: only ? 'type' : written(range),
        before,
        after: verb === '-d' ? null : setype,
      })),
    },
    actions: [portAction(changes, wish)],
    effects: [becomes(selinuxPorts(), after)],
  }
}

/** semanage(8) builds the whole policy each time it is called, so several are told to it at once: one transaction (semanage-import(8)). */
function portAction(changes: readonly PortChange[], { proto, setype, load }: PortWish): RunAction {
  const lines = changes.map(({ range, verb }) => {
    const type = verb === '-d' ? [] : ['-t', setype]
    return [verb, ...type, '-p', proto, written(range)]
  })
  const options = load ? [] : ['-N']
  const [only] = lines.length === 1 ? lines : []
  return only
    ? run('semanage', 'port', ...options, ...only)
    : {
        ...run('semanage', 'import', ...options),
        stdin: Buffer.from(lines.map((words) => `port ${words.join(' ')}\n`).join('')),
      }
}
