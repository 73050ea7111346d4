import type { Reporter } from '../engine/events.ts'
import { HostsReporter } from './hosts.ts'
import { JsonReporter } from './json.ts'
import { LinesReporter } from './lines.ts'
import { LiveReporter } from './live.ts'
import { Output, type OutputStream } from './output.ts'
import { styleOf, wantsColour } from './style.ts'

/** `hosts` is for a run of one task: what it gave on each host. */
export type Format = 'auto' | 'live' | 'lines' | 'json' | 'hosts'

export interface ReporterOptions {
  /** `auto` is `live` on a terminal that can move its cursor, else `lines`. */
  readonly format: Format
  readonly stdout: OutputStream
  /** 0 what happened, 1 results as well, 2 what went over the wire as well. */
  readonly verbosity: number
  /** `auto` heeds the terminal, NO_COLOR, FORCE_COLOR and TERM. */
  readonly color?: 'auto' | 'always' | 'never'
  readonly env?: NodeJS.ProcessEnv
}

/** The reporter for a run. It writes to `stdout` alone, and leaves it open. */
export function createReporter(options: ReporterOptions): Reporter {
  const { stdout, verbosity, color = 'auto', env = process.env } = options
  const output = new Output(stdout)
  const style = styleOf(color === 'always' || (color === 'auto' && wantsColour(stdout, env)))
  switch (formatFor(options.format, stdout, env)) {
    case 'json':
      return new JsonReporter(output)
    case 'live':
      return new LiveReporter(output, style, verbosity)
    case 'hosts':
      return new HostsReporter(output, style, verbosity)
    case 'lines':
      return new LinesReporter(output, style, verbosity)
  }
}

/** Lines take the place of the live view where the cursor cannot be moved, even if it was asked for. */
function formatFor(format: Format, stdout: OutputStream, env: NodeJS.ProcessEnv): Exclude<Format, 'auto'> {
  if (format === 'json' || format === 'lines' || format === 'hosts') return format
  if (stdout.isTTY !== true || env['TERM'] === 'dumb') return 'lines'
  return format === 'live' || env['CI'] === undefined ? 'live' : 'lines'
}
