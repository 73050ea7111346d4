import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { missing } from '../lab/available.ts'
import { type Lab, labDown, labUp } from '../lab/lab.ts'
import { LabError } from '../lab/run.ts'
import { type Case, cases } from './cases.ts'
import { chart } from './chart.ts'
import { report } from './report.ts'
import { keepResult, type Measured, readResults } from './results.ts'
import { scale, scaleCases, scaleReport } from './scale.ts'
import { simulated } from './simulated.ts'
import { type Sample, type ToolName, toolNames, tools, type Work } from './tools.ts'
import { transfer } from './transfer.ts'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      tools: { type: 'string', default: toolNames.join(',') },
      report: { type: 'boolean', default: false },
    },
  })
  if (positionals.includes('transfer')) return measureTransfer(Number(values.rounds))
  if (positionals.includes('simulated')) return measureSimulated(Number(values.rounds))
  if (!values.report) {
    const isChosen = ({ name }: { readonly name: string }): boolean => positionals.every((word) => name.includes(word))
    const [chosen, alone] = [cases.filter(isChosen), scaleCases.filter(isChosen)]
    if (chosen.length + alone.length === 0) throw new LabError(`no case has ${positionals.join(' and ')} in its name`)
    if (chosen.length > 0 && missing) throw new LabError(`the lab cannot run here: ${missing}`)
    await measureAlone(alone, Number(values.rounds))
    await measureAll(chosen, Number(values.rounds), values.tools.split(','))
  }
  const results = readResults()
  writeFileSync(new URL('results.svg', import.meta.url), chart(results))
  writeFileSync(new URL('results.md', import.meta.url), await report(results))
}

/** What needs no hosts is not part of the page, whose words are about hosts. */
async function measureAlone(chosen: typeof scaleCases, rounds: number): Promise<void> {
  if (chosen.length === 0) return
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  try {
    console.log(scaleReport(await scale(chosen, directory, rounds)))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureSimulated(rounds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  try {
    console.log(await simulated(directory, rounds))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureTransfer(rounds: number): Promise<void> {
  if (missing) throw new LabError(`the lab cannot run here: ${missing}`)
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  try {
    console.log(await transfer(await labUp({ name: 'bench', nodes: 1 }), directory, rounds))
  } finally {
    rmSync(directory, { recursive: true, force: true })
    await labDown('bench')
  }
}

async function measureAll(chosen: readonly Case[], rounds: number, wanted: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  try {
    for (const each of chosen) {
      const load = loadavg()[0] ?? 0
      const lab = await labUp({ name: 'bench', nodes: each.nodes })
      const names = each.tools.filter((name) => wanted.includes(name))
      const { hosts, samples } = await measureCase(lab, { ...each, tools: names }, directory, rounds)
      const day = new Date().toISOString().slice(0, 10)
      // After each case, so that what was measured is kept when the bench is ended early.
      keepResult(
        { name: each.name, about: each.content.about, hosts, day, load, samples },
        cases.map(({ name }) => name),
      )
      console.log(`${each.name}: ${summary(samples)}`)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
    if (chosen.length > 0) await labDown('bench')
  }
}

/** Runs the tools one after the other, several times over, so that what else the machine does meets them all alike. */
async function measureCase(
  lab: Lab,
  { content, start, tools: names, floor, place: enter }: Case,
  directory: string,
  rounds: number,
): Promise<Pick<Measured, 'hosts' | 'samples'>> {
  const samples: Partial<Record<ToolName, Sample[]>> = {}
  const states = new Map<ToolName, string>()
  const place = await enter(lab, directory)
  const work: Work = { place, playbook: content.write(directory), floor }
  try {
    await place.each(content.clean)
    if (start !== 'cold') await tools.drover({ ...work, forks: 20 })
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) {
        if (start === 'cold') await place.each(content.clean)
        if (start === 'one change') await place.each(content.spoil)
        const sample = await tools[name](work)
        if (start === 'converged' && /changed"?[:=][1-9]/.test(sample.stdout))
          throw new LabError(`${name} changes a converged host:\n${sample.stdout.slice(-4000)}`)
        samples[name] = [...(samples[name] ?? []), sample]
        states.set(name, await place.each(content.list))
      }
      compare(states)
    }
    await place.each(content.clean)
  } finally {
    await place.leave()
  }
  return { hosts: Object.keys(place.addresses).length, samples }
}

/** All tools have to leave the same; throws where one does not. */
function compare(states: ReadonlyMap<ToolName, string>): void {
  const [first, ...others] = [...states].map(([name, state]) => ({ name, lines: state.split('\n') }))
  for (const other of others) {
    if (first === undefined || other.lines.join('\n') === first.lines.join('\n')) continue
    const apart = [
      ...first.lines.filter((line) => !other.lines.includes(line)).map((line) => `${first.name}: ${line}`),
      ...other.lines.filter((line) => !first.lines.includes(line)).map((line) => `${other.name}: ${line}`),
    ]
    throw new LabError(`the end states differ:\n${apart.slice(0, 20).join('\n')}`)
  }
}

const summary = (samples: Measured['samples']): string =>
  Object.entries(samples)
    .map(([name, list]) => `${name} ${list.map(({ wall }) => wall.toFixed(2)).join(' ')} s`)
    .join(', ')

try {
  await main()
} catch (error) {
  if (!(error instanceof LabError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
