import type { HostState } from '../module.ts'
import { matches, isPattern } from '../facts/glob.ts'
import { stat } from '../facts/stat.ts'
import { hostPath } from './host-path.ts'
import { from, type InvocationArgs } from './invocation.ts'

/** What `creates` and `removes` find on the host; undefined where the task does not ask. */
export interface Guards {
  readonly created?: boolean
  readonly removable?: boolean
}

/** Looks for what `creates` and `removes` name: paths or shell patterns, relative ones as seen from `chdir`. */
export async function observeGuards(host: HostState, args: InvocationArgs): Promise<Guards> {
  const chdir = args.chdir === undefined ? undefined : await hostPath(host, args.chdir)
  const look = (path: string | undefined) => (path === undefined ? undefined : exists(host, from(chdir, path)))
  const [created, removable] = await Promise.all([look(args.creates), look(args.removes)])
  return { ...(created === undefined ? {} : { created }), ...(removable === undefined ? {} : { removable }) }
}

async function exists(host: HostState, path: string): Promise<boolean> {
  const absolute = await hostPath(host, path)
  return isPattern(absolute) ? host.get(matches(absolute)) : (await host.get(stat(absolute))) !== null
}

/** Why there is nothing to run; null where the command must run. */
export function guarded(args: InvocationArgs, guards: Guards): string | null {
  if (args.creates !== undefined && guards.created === true) return `since '${args.creates}' exists`
  if (args.removes !== undefined && guards.removable === false) return `since '${args.removes}' does not exist`
  return null
}
