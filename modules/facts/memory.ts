import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** Bytes, of /proc/meminfo (proc_meminfo(5)). */
export interface Memory {
  readonly total: number
  /** What programs can still take without swapping. */
  readonly available: number
  readonly swapTotal: number
  readonly swapFree: number
}

const meminfo = defineFact<string, Memory>({
  name: 'memory',
  script: () => 'cat /proc/meminfo',
  parse: (raw) => parseMemory(raw.toString('utf8')),
  volatile: true,
})
/** How much memory and swap there is, and how much of it is free. */
export const memory = (): Fact<Memory> => meminfo('')

/** /proc/meminfo as it is: `Name:   123 kB`. */
export function parseMemory(text: string): Memory {
  const bytes = new Map([...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name, kib]) => [name, Number(kib) * 1024]))
  const of = (name: string): number => bytes.get(name) ?? 0
  return {
    total: of('MemTotal'),
    // Linux before 3.14 has no MemAvailable.
    available: bytes.get('MemAvailable') ?? of('MemFree') + of('Buffers') + of('Cached'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
  }
}
