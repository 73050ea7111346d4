import type { Format } from '../../report/choose.ts'
import type { RunFlags } from '../run-flags.ts'

/** The options of `drover run` that make no sense for a single task. */
type OfPlaybooks = 'tags' | 'skipTags' | 'startAtTask' | 'step' | 'output' | 'readAhead'

/** The options of `drover exec` as the command line gave them. */
export interface ExecFlags extends Omit<RunFlags, OfPlaybooks> {
  readonly moduleName: string
  readonly args: string
  readonly background?: string
  readonly poll?: string
  readonly playbookDir?: string
  readonly output: Format
}

/** Those of `drover facts`. */
export type FactsFlags = Omit<RunFlags, OfPlaybooks | 'check' | 'diff' | 'verbose'>

/** The options of a run of a single task. */
export const runFlags = (flags: FactsFlags): RunFlags => ({
  verbose: 0,
  ...flags,
  tags: [],
  skipTags: [],
  output: 'lines',
  readAhead: true,
})
