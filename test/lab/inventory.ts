import { stringify } from 'yaml'
import type { LabPaths } from './paths.ts'

/** The text of an inventory of a lab's nodes; `ports` are those on 127.0.0.1, by node. */
export function inventoryOf(
  { key, knownHosts }: Pick<LabPaths, 'key' | 'knownHosts'>,
  ports: Readonly<Record<string, number>>,
): string {
  const hosts = Object.entries(ports).map(([node, port]) => [node, { ansible_port: port }])
  return stringify({
    all: {
      vars: {
        ansible_host: '127.0.0.1',
        ansible_user: 'root',
        ansible_ssh_private_key_file: key,
        ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
      },
      children: { galera: { hosts: Object.fromEntries(hosts) as unknown } },
    },
  })
}
