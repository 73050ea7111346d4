import { ended } from '../result.ts'
import { isYes } from '../settings.ts'
import type { Statement } from './statement.ts'

/** Keeps values until the end of the run, for this host or for the run as a whole. */
export const setStats: Statement = ({ args, host, context }) => {
  const { data, per_host: perHost, aggregate } = args
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return Promise.resolve(ended('failed', 'data of set_stats must be a mapping'))
  context.run.stats.keep(
    isYes(perHost ?? false) ? host.name : '',
    data as Record<string, never>,
    isYes(aggregate ?? true),
  )
  return Promise.resolve(
    ended('ok', null, {
      ansible_stats: { data, per_host: isYes(perHost ?? false), aggregate: isYes(aggregate ?? true) },
    }),
  )
}
