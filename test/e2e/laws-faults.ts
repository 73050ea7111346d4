import type { Case } from '../modules/laws/case.ts'
import type { Report } from './drover.ts'

/** A check, the run, and the same again. */
export interface Runs {
  readonly predicted: Report
  readonly done: Report
  readonly again: Report
}

/** How a task ended on a host, without what depends on the weather. */
export const deedOf = ({ results }: Report, name: string, host: string) => {
  const { outcome, changes, message } = results.get(`${name} @ ${host}`) ?? {
    outcome: null,
    changes: [],
    message: 'was not run',
  }
  return { outcome, changes, message }
}

/** Which laws a case breaks: it ends as it should, a check foretells that, a second run has nothing to do or fails again. */
export function faultsOf(
  { name, ends }: Pick<Case, 'name' | 'ends'>,
  host: string,
  { predicted, done, again }: Runs,
): readonly string[] {
  const [foretold, deed, later] = [predicted, done, again].map((each) => JSON.stringify(deedOf(each, name, host)))
  const outcome = deedOf(done, name, host).outcome
  const converged = JSON.stringify({ outcome: 'ok', changes: [], message: null })
  const secondIsRight = ends === 'failed' ? deedOf(again, name, host).outcome === 'failed' : later === converged
  return [
    ...(outcome === ends ? [] : [`it is to end ${ends}: ${deed}`]),
    ...(UNKNOWN.has(name) || foretold === deed ? [] : [`a check says ${foretold}, the run ${deed}`]),
    ...(secondIsRight ? [] : [`a second run: ${later}`]),
  ]
}

/** What no message for people says. */
export const CRASH = /^\s+at .*:\d+:\d+|TypeError|undefined/m

/** What only the real run can tell: where an update fails, a mount, a check of a new file. */
const UNKNOWN = new Set([
  'copy: what must be valid is not',
  'apt_repository: a failing update',
  'fstab: what cannot be mounted',
  'get_url: another checksum',
])
