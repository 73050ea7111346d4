import { creator } from '../facts/creator.ts'
import type { HostState } from '../module.ts'

/** A path on the host: `~` and `~/…` stand for the home directory of the user that the task runs as. */
export async function hostPath(host: HostState, path: string): Promise<string> {
  if (path !== '~' && !path.startsWith('~/')) return path
  return (await host.get(creator())).home + path.slice(1)
}
