import { fileURLToPath } from 'node:url'
import { measure } from './measure.ts'
import { table } from './table.ts'

const program = fileURLToPath(new URL('simulated-run.ts', import.meta.url))
const sizes = [1000, 3000, 10_000]

/** Runs ten tasks on more and more hosts that are not there; gives a table of what each host takes. Of several rounds, the one with the least processor. */
export async function simulated(directory: string, rounds: number): Promise<string> {
  const rows: (readonly string[])[] = []
  for (const size of sizes) {
    const taken: { readonly cpu: number; readonly bytes: number }[] = []
    for (let round = 0; round < rounds; round += 1) {
      const argv = [process.execPath, '--expose-gc', '--import', 'tsx', program, directory, `${size}`]
      taken.push(JSON.parse((await measure(argv)).stdout) as { readonly cpu: number; readonly bytes: number })
    }
    const [{ cpu, bytes } = { cpu: 0, bytes: 0 }] = taken.toSorted((a, b) => a.cpu - b.cpu)
    rows.push([`${size}`, cpu.toFixed(2), ((cpu / size) * 1000).toFixed(2), (bytes / 1000).toFixed(1)])
  }
  return table(['hosts', 'CPU s', 'CPU ms a host', 'kB a host'], rows).join('\n')
}
