import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { missing } from '../lab/available.ts'
import { labDown, labUp } from '../lab/lab.ts'
import { LabError } from '../lab/run.ts'
import { cleanScript, listScript, writePlaybook } from './playbook.ts'
import { type Measured, report } from './report.ts'
import { scale, scaleCases, scaleReport } from './scale.ts'
import { ansible, drover, floor, type Sample, type Tool, type Work } from './tools.ts'
import { transfer } from './transfer.ts'

/** A converged case measures runs that find nothing to do; another one starts each time from a clean host. */
interface Case {
  readonly name: string
  readonly tasks: number
  readonly many: boolean
  readonly converged: boolean
}
const cases: readonly Case[] = [
  { name: '50x1 cold', tasks: 50, many: false, converged: false },
  { name: '50x1 converged', tasks: 50, many: false, converged: true },
  { name: '200x1 converged', tasks: 200, many: false, converged: true },
  { name: '50x10 cold', tasks: 50, many: true, converged: false },
  { name: '50x10 converged', tasks: 50, many: true, converged: true },
]

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '5' }, nodes: { type: 'string', default: '10' } },
  })
  const isChosen = ({ name }: { readonly name: string }): boolean => positionals.every((word) => name.includes(word))
  const chosen = cases.filter(isChosen)
  const directory = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  try {
    // What needs no hosts is not part of the page, whose words are about hosts.
    console.log(scaleReport(await scale(scaleCases.filter(isChosen), directory, Number(values.rounds))))
    if (chosen.length === 0) return
    if (missing) throw new LabError(`the lab cannot run here: ${missing}`)
    const lab = await labUp({ name: 'bench', nodes: chosen.some(({ many }) => many) ? Number(values.nodes) : 1 })
    if (positionals.includes('transfer')) {
      console.log(await transfer(lab, directory, Number(values.rounds)))
      return
    }
    const results: Measured[] = []
    for (const { name, tasks, many, converged } of chosen) {
      const nodes = many ? lab.nodes.slice(0, Number(values.nodes)) : lab.nodes.slice(0, 1)
      const work = { lab, nodes, tasks, playbook: writePlaybook(directory, tasks) }
      // Ten hosts on one machine take their time.
      const rounds = many ? Math.ceil(Number(values.rounds) / 2) : Number(values.rounds)
      const samples = await inTurn(work, rounds, converged)
      results.push({ name, hosts: nodes.length, ...samples })
      console.log(`${name}: done`)
      // After each case, so that what was measured is kept when the bench is ended early.
      if (positionals.length === 0) writeFileSync(new URL('results.md', import.meta.url), await report(results))
    }
    console.log(await report(results))
  } finally {
    rmSync(directory, { recursive: true, force: true })
    if (chosen.length > 0) await labDown('bench')
  }
}

/** Runs the tools one after the other, several times over, so that what else the machine does meets them all alike. */
async function inTurn(work: Work, rounds: number, converged: boolean): Promise<Omit<Measured, 'name' | 'hosts'>> {
  const samples = { drover: [] as Sample[], ansible: [] as Sample[], floor: [] as Sample[] }
  const states = new Map<string, string>()
  const turn = async (name: 'drover' | 'ansible', tool: Tool) => {
    if (!converged) await onEach(work, cleanScript)
    const sample = await tool(work)
    if (converged && /changed"?[:=][1-9]/.test(sample.stdout))
      throw new LabError(`${name} changes a converged host:\n${sample.stdout}`)
    samples[name].push(sample)
    states.set(name, await onEach(work, listScript))
  }
  if (converged) await drover(work)
  for (let round = 0; round < rounds; round += 1) {
    await turn('drover', drover)
    await turn('ansible', ansible)
    if (states.get('drover') !== states.get('ansible'))
      throw new LabError(`the end states differ:\n${difference(states)}`)
    if (converged) samples.floor.push(await floor(work))
  }
  return samples
}

/** The lines that one tool left and the other did not. */
function difference(states: ReadonlyMap<string, string>): string {
  const [ours = [], theirs = []] = ['drover', 'ansible'].map((tool) => states.get(tool)?.split('\n'))
  return [
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `drover:  ${line}`),
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `ansible: ${line}`),
  ].join('\n')
}

/** Runs a script on each node, and gives what they said. */
async function onEach({ nodes }: Work, script: string): Promise<string> {
  return (await Promise.all(nodes.map((node) => node.sh(script)))).join('\n')
}

try {
  await main()
} catch (error) {
  if (!(error instanceof LabError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
