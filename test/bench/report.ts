import { cpus, totalmem } from 'node:os'
import { median } from './measure.ts'
import type { Measured } from './results.ts'
import { table } from './table.ts'
import { type ToolName, toolNames, versions } from './tools.ts'

/** The results as a page of Markdown that says where they come from and how to get them again. */
export async function report(results: readonly Measured[]): Promise<string> {
  const { drover, ansible, mitogen } = await versions()
  return `# Results

![Seconds by the clock, by case and tool](results.svg)

Taken on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? '?'}) with ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux, Node ${process.version}; the hosts are containers of the same machine, so that their work takes from the same cores. "Load" is what else the machine did when the case began: 2 is all that its cores can do.

drover ${drover}; ${ansible} from Debian, with ssh pipelining, ControlPersist, as many forks as hosts, no fact gathering and a fixed Python interpreter; the same with ansible-mitogen ${mitogen}. All run the same playbook, in turn, and left the same end state. "Cold" starts from clean hosts, "converged" finds nothing to do, "one change" has one file to mend. The floor is, for a few hosts, one \`ssh HOST sh -s\` each that does the same with as few programs as can be; for many, bare connections of one process with one command each.

To repeat: \`npm run bench\`, or \`npm run bench -- WORDS\` for the cases that have these words in their names (see [README](README.md)).

${table(
  ['case', 'tool', 'runs', 'median s', 'min s', 'max s', 'times drover', 'CPU s', 'MiB', 'processes', 'load', 'day'],
  results.flatMap((each) => toolNames.flatMap((tool) => usageRow(each, tool))),
).join('\n')}

CPU is that of the controller, children included (but not of the ssh process that ControlPersist leaves behind); MiB is the most that the controller's processes had together; processes are those that began on the whole machine, threads and hosts included.

What drover sent, for the host that needed most:

${table(
  ['case', 'round trips', 'requests', 'channels', 'sent KiB', 'received KiB'],
  results.map((each) => wireRow(each)),
).join('\n')}
`
}

function usageRow(measured: Measured, tool: ToolName): readonly string[][] {
  const samples = measured.samples[tool] ?? []
  if (samples.length === 0) return []
  const walls = samples.map(({ wall }) => wall)
  const own = median((measured.samples.drover ?? []).map(({ wall }) => wall))
  return [
    [
      measured.name,
      tool,
      `${samples.length}`,
      ...[median(walls), Math.min(...walls), Math.max(...walls)].map((seconds) => seconds.toFixed(2)),
      (median(walls) / own).toFixed(1),
      median(samples.map(({ cpu }) => cpu)).toFixed(2),
      (Math.max(...samples.map(({ memory }) => memory)) / 2 ** 20).toFixed(0),
      median(samples.map(({ begun }) => begun)).toFixed(0),
      measured.load.toFixed(1),
      measured.day,
    ],
  ]
}

function wireRow({ name, samples }: Measured): string[] {
  const wire = samples.drover?.at(-1)?.wire
  if (wire === undefined) return [name, '', '', '', '', '']
  const { roundTrips, requests, channels, bytesSent, bytesReceived } = wire
  return [name, ...[roundTrips, requests, channels].map(String), kibibytes(bytesSent), kibibytes(bytesReceived)]
}

const kibibytes = (bytes: number) => (bytes / 1024).toFixed(1)
