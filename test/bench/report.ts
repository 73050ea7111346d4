import { cpus, loadavg, totalmem } from 'node:os'
import { median } from './measure.ts'
import { table } from './table.ts'
import { ansibleVersion, droverVersion, type Sample } from './tools.ts'

/** The samples of a case by tool; the floor is read on converged hosts alone. */
export interface Measured {
  readonly name: string
  readonly hosts: number
  readonly drover: readonly Sample[]
  readonly ansible: readonly Sample[]
  readonly floor: readonly Sample[]
}

/** The results as a page of Markdown that says where they come from and how to get them again. */
export async function report(results: readonly Measured[]): Promise<string> {
  return [
    '# Results',
    '',
    `${new Date().toISOString().slice(0, 10)}, on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? '?'}), ` +
      `${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux, Node ${process.version}; load average ${loadavg()[0]?.toFixed(1) ?? '?'} at the end. ` +
      'The hosts are containers of the same machine, so that their work takes from the same cores.',
    '',
    `drover ${droverVersion()} and ${await ansibleVersion()} from Debian with ssh pipelining, ControlPersist, as many forks as hosts, no fact gathering and a fixed Python interpreter. ` +
      'Both run the same playbook of `file`, `copy`, `template`, `ini_file`, `mount` and `systemd` tasks and left the same end state. "Cold" starts from clean hosts; "converged" finds nothing to do. ' +
      'The floor is one `ssh HOST sh -s` that reads the same with as few programs as can be. To repeat: `npm run bench` (see [README](README.md)).',
    '',
    ...table(
      ['case', 'tool', 'runs', 'median s', 'min s', 'max s', 'times drover', 'CPU s', 'MiB'],
      results.flatMap((each) =>
        (['drover', 'ansible', 'floor'] as const).flatMap((tool) => usageRow(each, tool, each[tool])),
      ),
    ),
    '',
    'CPU is that of the controller, children included (but not of the ssh process that ControlPersist leaves behind); MiB is the largest single process of the controller, so that the workers of Ansible, one for each host, come on top.',
    '',
    'What drover sent, for the host that needed most:',
    '',
    ...table(
      ['case', 'round trips', 'requests', 'channels', 'sent KiB', 'received KiB'],
      results.map((each) => wireRow(each)),
    ),
    '',
  ].join('\n')
}

function usageRow(measured: Measured, tool: string, samples: readonly Sample[]): readonly (readonly string[])[] {
  if (samples.length === 0) return []
  const walls = samples.map(({ wall }) => wall)
  const ratio = median(walls) / median(measured.drover.map(({ wall }) => wall))
  const memory = Math.max(...samples.map((sample) => sample.memory))
  return [
    [
      measured.name,
      tool,
      `${samples.length}`,
      ...[median(walls), Math.min(...walls), Math.max(...walls)].map((seconds) => seconds.toFixed(2)),
      ratio.toFixed(1),
      median(samples.map(({ cpu }) => cpu)).toFixed(2),
      (memory / 2 ** 20).toFixed(0),
    ],
  ]
}

function wireRow({ name, drover }: Measured): readonly string[] {
  const wire = drover.at(-1)?.wire
  if (wire === undefined) return [name]
  const { roundTrips, requests, channels, bytesSent, bytesReceived } = wire
  return [name, ...[roundTrips, requests, channels].map(String), kibibytes(bytesSent), kibibytes(bytesReceived)]
}

const kibibytes = (bytes: number) => (bytes / 1024).toFixed(1)
