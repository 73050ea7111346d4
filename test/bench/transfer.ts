import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import type { Lab } from '../lab/lab.ts'
import { LabError } from '../lab/run.ts'
import { measure, median, type Usage } from './measure.ts'

const main = fileURLToPath(new URL('../../dist/runner/cli/main.js', import.meta.url))
const size = 2_000_000_000

/** Moves a file of 2 GB to a host and back, with scp and with drover in turn; gives a table of what that took. */
export async function transfer(lab: Lab, directory: string, rounds: number): Promise<string> {
  const node = lab.node('n1')
  const source = join(directory, 'source')
  const got = join(directory, 'got')
  await makeFile(source)
  mkdirSync(got)
  const play = (name: string, task: object): readonly string[] => {
    const playbook = join(directory, `${name}.yml`)
    writeFileSync(playbook, stringify([{ hosts: 'n1', gather_facts: false, tasks: [task] }]))
    return [process.execPath, main, 'run', playbook, '-i', lab.inventory]
  }
  const scp = [
    'scp',
    '-q',
    '-F',
    'none',
    '-i',
    lab.key,
    '-o',
    `UserKnownHostsFile=${lab.knownHosts}`,
    '-P',
    `${node.port}`,
  ]
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ['scp, up', [...scp, source, 'root@127.0.0.1:/root/file']],
    ['copy', play('up', { copy: { src: source, dest: '/root/file' } })],
    ['scp, down', [...scp, 'root@127.0.0.1:/root/file', join(got, 'file')]],
    ['fetch', play('down', { fetch: { src: '/root/file', dest: `${got}/`, flat: true } })],
  ]
  const samples = new Map<string, Usage[]>(ways.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, argv] of ways) {
      // Each starts with nothing there and nothing left to be written.
      if (name === 'scp, up' || name === 'copy') await node.sh('rm -f /root/file; sync')
      else rmSync(join(got, 'file'), { force: true })
      samples.get(name)?.push(await measure(argv))
      if ((await node.sh('stat -c %s /root/file')) !== `${size}\n`) throw new LabError(`${name} left another file`)
    }
  }
  rmSync(got, { recursive: true })
  const rows = ways.map(([name]) => {
    const usages = samples.get(name) ?? []
    const wall = median(usages.map((usage) => usage.wall))
    const memory = Math.max(...usages.map((usage) => usage.memory)) / 1e6
    return `| ${name} | ${wall.toFixed(1)} s | ${(size / 1e6 / wall).toFixed(0)} MB/s | ${memory.toFixed(0)} MB |`
  })
  return ['| 2 GB | wall | rate | memory |', '|---|---|---|---|', ...rows].join('\n')
}

async function makeFile(path: string): Promise<void> {
  const file = createWriteStream(path)
  const piece = randomBytes(10_000_000)
  for (let left = size; left > 0; left -= piece.length) if (!file.write(piece)) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
}
