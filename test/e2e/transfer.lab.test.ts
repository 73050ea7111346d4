import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measure } from '../bench/measure.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { main, report, workplace } from './drover.ts'

const size = 200_000_000

describe.skipIf(!labAvailable)('a file of 200 MB', () => {
  let lab: Lab
  let node: LabNode
  const work = workplace()
  const source = join(work.path, 'source')
  let digest: string
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    const piece = randomBytes(1_000_000)
    writeFileSync(source, Buffer.concat(Array.from({ length: size / piece.length }, () => piece)))
    digest = await digestOf(source)
  })
  afterAll(work.remove)

  const playbook = (name: string, task: object): readonly string[] => [
    work.file(`${name}.yml`, stringify([{ hosts: 'n1', gather_facts: false, tasks: [{ name, ...task }] }])),
    '-i',
    lab.inventory,
  ]
  /** Bytes that a run has in memory at most beyond one that moves nothing. */
  const held = async (words: readonly string[]): Promise<number> => {
    const nothing = await measure([process.execPath, main, 'run', ...playbook('idle', { ping: {} })])
    const moved = await measure([process.execPath, main, 'run', ...words])
    return moved.memory - nothing.memory
  }

  it('goes up whole, in a fraction of its size', async () => {
    const words = playbook('up', { copy: { src: source, dest: '/srv/big', mode: '0640' } })
    expect(await held(words)).toBeLessThan(size / 2)
    expect(await node.sh('sha256sum </srv/big; stat -c "%a %s" /srv/big; ls -A /srv')).toBe(
      `${digest}  -\n640 ${size}\nbig\n`,
    )
    expect((await report(words)).results.get('up @ n1')).toMatchObject({ outcome: 'ok' })
  })
  it('comes down whole, in a fraction of its size', async () => {
    const to = join(work.path, 'got', 'big')
    const words = playbook('down', { fetch: { src: '/srv/big', dest: to, flat: true } })
    expect(await held(words)).toBeLessThan(size / 2)
    expect([await digestOf(to), statSync(to).size, readdirSync(join(work.path, 'got'))]).toEqual([
      digest,
      size,
      ['big'],
    ])
    expect((await report(words)).results.get('down @ n1')).toMatchObject({ outcome: 'ok' })
    rmSync(to)
  })
})

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
