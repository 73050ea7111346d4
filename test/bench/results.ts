import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Sample, ToolName } from './tools.ts'

/** What was measured of a case, all in one run. */
export interface Measured {
  readonly name: string
  readonly about: string
  readonly hosts: number
  /** The day, as YYYY-MM-DD. */
  readonly day: string
  /** Processes that wanted a core before the case began, on average over a minute: what else the machine did. */
  readonly load: number
  readonly samples: Readonly<Partial<Record<ToolName, readonly Omit<Sample, 'stdout'>[]>>>
}

const file = new URL('results.json', import.meta.url)

/** What was measured so far, in the order of the cases. */
export function readResults(): readonly Measured[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Measured[]) : []
}

/** Puts a case's results in the place of its older ones. */
export function keepResult(measured: Measured, order: readonly string[]): readonly Measured[] {
  const others = readResults().filter(({ name }) => name !== measured.name && order.includes(name))
  const results = [...others, measured].toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  writeFileSync(file, `${JSON.stringify(results, withoutOutput, 2)}\n`)
  return results
}

const withoutOutput = (key: string, value: unknown): unknown => (key === 'stdout' ? undefined : value)
