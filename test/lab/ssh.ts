import { inNetwork } from './network.ts'

/** A host in a lab's network, and what is needed to log in there. */
export interface Login {
  readonly lab: string
  readonly address: string
  readonly key: string
  readonly knownHosts: string
}

/** The words of an ssh command that runs `command` on a host. */
export function sshTo(
  { lab, address, key, knownHosts }: Login,
  command: readonly string[],
  user = 'root',
  options: readonly string[] = [],
): string[] {
  const settings = ['BatchMode=yes', 'ConnectTimeout=5', 'LogLevel=ERROR', `UserKnownHostsFile=${knownHosts}`]
  const words = ['ssh', '-F', 'none', '-i', key, ...settings.flatMap((setting) => ['-o', setting]), ...options]
  return inNetwork(lab, [...words, `${user}@${address}`, ...command])
}
