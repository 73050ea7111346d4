import { performOn } from '../perform-on.ts'
import { forget, lookAt } from '../background.ts'
import { ended } from '../result.ts'
import type { Statement } from './statement.ts'

/** Tells how a task in the background is doing, or removes what the host keeps of it. */
export const asyncStatus: Statement = async (run) => {
  const { args, settings, target } = run
  const { jid, mode } = args
  if (typeof jid !== 'string' || jid === '') return ended('failed', 'async_status needs the jid of a task')
  // Looking changes nothing, so that check mode does it too.
  const looking = {
    jobs: target.jobs,
    perform: (module: Parameters<typeof performOn>[2], given: typeof args) =>
      performOn(run, { ...settings, check: false }, module, given),
  }
  if (mode === 'cleanup' && settings.check) return ended('ok', null, { ansible_job_id: jid })
  return mode === 'cleanup' ? forget(jid, looking) : lookAt(jid, looking)
}
