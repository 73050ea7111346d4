import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Event, HostFinished } from '../../../runner/engine/events.ts'
import type { RunOptions } from '../../../runner/engine/run.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { startCuttingProxy, type CuttingProxy } from '../transport/cutting-proxy.ts'
import { startSshd, type TestSshd } from '../transport/sshd.ts'
import { play, type Played, scratch } from './harness.ts'
import { randomPlay, randomPlayFiles } from './random-plays.ts'

/** The same plays each time. */
const seed = 20

const hosts = ['a', 'b'] as const

/** All files below a directory with what is in them. */
const tree = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((path) =>
      statSync(join(directory, path)).isDirectory() ? path : `${path}: ${readFileSync(join(directory, path), 'utf8')}`,
    )

/** Without what is another each time: where, when, and what it cost. */
function plain<T>(value: T, directory: string): T {
  const text = JSON.stringify(value)
    .replaceAll(directory, 'HERE')
    .replaceAll(
      /"(?:time|duration|roundTrips|mtime|ctime|atime|inode|version|start|end|delta)":(?:[\d.]+|"[^"]*")/g,
      '"time":0',
    )
    .replaceAll(/\.drover-[0-9a-f]{16}/g, '.drover-X')
  return JSON.parse(text) as T
}

interface Seen {
  /** What happened to the run and its tasks, in order. */
  readonly run: readonly unknown[]
  /** What happened to each host, in order. */
  readonly hosts: readonly (readonly unknown[])[]
  readonly left: readonly (readonly string[])[]
  readonly exitStatus: number
}

const ofRun = (event: Event): boolean => !['host-started', 'host-progress', 'host-finished'].includes(event.event)

async function run(
  written: JsonObject,
  options: Partial<RunOptions>,
  inventory = 'a\nb\n',
): Promise<Seen & { readonly played: Played }> {
  const directory = scratch()
  const played = await play({
    playbook: stringify([written]),
    directory,
    files: randomPlayFiles,
    inventory,
    options,
  })
  const events = plain(played.events, directory)
  return {
    played,
    exitStatus: played.exitStatus,
    run: events.filter(ofRun).map((event) => {
      if (event.event === 'run-started') return { ...event, forks: 0 }
      if (event.event !== 'run-finished') return event
      const recap = Object.entries(event.recap).map(([host, counts]) => [host, { ...counts, wire: null }])
      return { ...event, recap: Object.fromEntries(recap) as unknown }
    }),
    hosts: hosts.map((host) => events.filter((event) => 'host' in event && event.host === host)),
    left: plain(
      hosts.map((host) => tree(join(directory, host))),
      directory,
    ),
  }
}

test('reading ahead and forks change neither what happens, in which order, nor what is left on the hosts', async () => {
  const told = new Set<string>()
  await fc.assert(
    fc.asyncProperty(randomPlay, fc.boolean(), async (written, check) => {
      const { played, ...expected } = await run(written, { check, readAhead: false, forks: 1 })
      for (const { hosts } of played.tasks) for (const { outcome } of Object.values(hosts)) told.add(outcome)
      for (const [readAhead, forks] of [
        [true, 50],
        [true, 1],
        [false, 50],
      ] as const) {
        const { played: _, ...seen } = await run(written, { check, readAhead, forks })
        expect(seen).toEqual(expected)
      }
    }),
    { seed, numRuns: 15 },
  )
  expect([...told].toSorted()).toEqual(['changed', 'failed', 'ok', 'skipped', 'unknown'])
}, 120_000)

/** What came of the tasks of each host, in order, before a task of that number. */
const outcomes = ({ played }: { readonly played: Played }, until: number): readonly unknown[] =>
  hosts.map((host) =>
    finished(played)
      .filter((event) => event.host === host && event.task < until)
      .map(({ task, outcome, ignored, changes, items }) => ({
        task,
        outcome,
        ignored,
        changes: changes.map(({ verb }) => verb),
        items: items.map((item) => item.outcome),
      })),
  )

const finished = ({ events }: Played): readonly HostFinished[] =>
  events.filter((event) => event.event === 'host-finished')

describe('over a line that is cut at random', () => {
  let sshd: TestSshd
  let proxy: CuttingProxy
  beforeAll(async () => {
    sshd = await startSshd()
    proxy = await startCuttingProxy(sshd.port)
  })
  afterAll(async () => {
    await proxy?.stop()
    await sshd?.stop()
  })

  const inventory = (): string => hosts.map((host) => sshd.inventoryLine(host, proxy.port)).join('')

  test('a run that comes to its end has done what one does that is not cut; another has until then', async () => {
    const ends = new Set<number>()
    const cut = fc.record({
      turn: fc.integer({ min: 12, max: 40 }),
      when: fc.constantFrom('before', 'after'),
      forGood: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
    })
    await fc.assert(
      fc.asyncProperty(randomPlay, cut, async (written, { turn, when, forGood }) => {
        const expected = await run(written, { readAhead: false, forks: 1 })
        await proxy.listen()
        proxy.cutAtTurn(turn, when, forGood)
        const seen = await run(written, {}, inventory())
        const lost = finished(seen.played).filter(({ outcome }) => outcome === 'unreachable')
        const until = Math.min(...lost.map(({ task }) => task))
        ends.add(until)
        expect(outcomes(seen, until)).toEqual(outcomes(expected, until))
        expect(until === Infinity ? seen.left : expected.left).toEqual(expected.left)
      }),
      { seed, numRuns: 12 },
    )
    expect(ends).toContain(Infinity)
    expect(ends.size).toBeGreaterThan(1)
  }, 120_000)
})
