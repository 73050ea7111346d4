import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Lab } from '../lab/lab.ts'
import { LabError } from '../lab/run.ts'
import { measure, median, type Usage } from './measure.ts'
import { farAway, nearBy, type Place } from './place.ts'

const main = fileURLToPath(new URL('../../dist/runner/cli/main.js', import.meta.url))
/** Bytes, and how far they go. */
const journeys = [
  { name: 'nearby', size: 2_000_000_000, enter: (lab: Lab, directory: string) => nearBy(lab, directory, 1) },
  { name: '20 ms away', size: 200_000_000, enter: farAway },
]

/** Moves a file to a host and back, with scp and with drover in turn: 2 GB to one nearby, 200 MB to one far away. Gives a table of what that took. */
export async function transfer(lab: Lab, directory: string, rounds: number): Promise<string> {
  const rows: string[] = []
  for (const { name, size, enter } of journeys) {
    const source = join(directory, 'source')
    await makeFile(source, size)
    const place = await enter(lab, directory)
    try {
      for (const [way, usages] of await travel(lab, { place, directory, source, size }, rounds)) {
        const wall = median(usages.map((usage) => usage.wall))
        const memory = Math.max(...usages.map((usage) => usage.memory)) / 1e6
        const rate = `${(size / 1e6 / wall).toFixed(0)} MB/s`
        rows.push(`| ${size / 1e6} MB, ${name}, ${way} | ${wall.toFixed(1)} s | ${rate} | ${memory.toFixed(0)} MB |`)
      }
    } finally {
      await place.leave()
    }
  }
  return ['| | wall | rate | memory |', '|---|---|---|---|', ...rows].join('\n')
}

interface Journey {
  readonly place: Place
  readonly directory: string
  readonly source: string
  readonly size: number
}

/** The usages of each way to move the file. */
async function travel(
  lab: Lab,
  { place, directory, source, size }: Journey,
  rounds: number,
): Promise<ReadonlyMap<string, readonly Usage[]>> {
  const node = lab.node('n1')
  const got = join(directory, 'got')
  mkdirSync(got)
  const play = (name: string, task: object): readonly string[] => {
    const playbook = join(directory, `${name}.yml`)
    writeFileSync(playbook, stringify([{ hosts: 'n1', gather_facts: false, tasks: [task] }]))
    return [process.execPath, main, 'run', playbook, '-i', place.inventory]
  }
  const scp = ['scp', '-q', '-F', 'none', '-i', place.key, '-o', `UserKnownHostsFile=${place.knownHosts}`]
  const there = `root@${node.address}:/root/file`
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ['scp, up', [...scp, source, there]],
    ['copy', play('up', { copy: { src: source, dest: '/root/file' } })],
    ['scp, down', [...scp, there, join(got, 'file')]],
    ['fetch', play('down', { fetch: { src: '/root/file', dest: `${got}/`, flat: true } })],
  ]
  const samples = new Map<string, Usage[]>(ways.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, argv] of ways) {
      // Each starts with nothing there and nothing left to be written.
      if (name === 'scp, up' || name === 'copy') await node.sh('rm -f /root/file; sync')
      else rmSync(join(got, 'file'), { force: true })
      samples.get(name)?.push(await measure(place.inside(argv)))
      if ((await node.sh('stat -c %s /root/file')) !== `${size}\n`) throw new LabError(`${name} left another file`)
    }
  }
  rmSync(got, { recursive: true })
  return samples
}

async function makeFile(path: string, size: number): Promise<void> {
  const file = createWriteStream(path)
  const piece = randomBytes(10_000_000)
  for (let left = size; left > 0; left -= piece.length) if (!file.write(piece)) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
}
