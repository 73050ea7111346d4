import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { delayLink } from '../lab/delay-link.ts'
import type { Lab } from '../lab/lab.ts'
import { inNetwork } from '../lab/network.ts'
import type { LabNode } from '../lab/node.ts'
import { run } from '../lab/run.ts'

/** Hosts, and the way to them. */
export interface Place {
  /** By name. */
  readonly addresses: Readonly<Record<string, string>>
  /** The hosts' names and how to reach them, for drover and for Ansible. */
  readonly inventory: string
  readonly key: string
  readonly knownHosts: string
  /** The words of a program that is to run where the hosts are reached. */
  inside(argv: readonly string[]): readonly string[]
  /** Runs a shell script on each file system of the hosts, and gives what they said. */
  each(script: string): Promise<string>
  leave(): Promise<void>
}

const stay = () => Promise.resolve()

/** So many hosts of the lab. */
export function nearBy(lab: Lab, directory: string, hosts: number): Promise<Place> {
  const nodes = lab.nodes.slice(0, hosts)
  return Promise.resolve(placeOf(lab, directory, nodes, addressesOf(nodes), stay))
}

/** One host of the lab, ten milliseconds away: 20 for a round trip. */
export async function farAway(lab: Lab, directory: string): Promise<Place> {
  const nodes = lab.nodes.slice(0, 1)
  const link = await delayLink(lab.name, ['n1'], 10)
  return placeOf(lab, directory, nodes, addressesOf(nodes), () => link.end())
}

const addressesOf = (nodes: readonly LabNode[]) => Object.fromEntries(nodes.map(({ name, address }) => [name, address]))

/** One host of the lab that answers for as many as wanted: each has an address of its own, and all share its file system. */
export async function crowd(lab: Lab, directory: string, hosts: number): Promise<Place> {
  const [node] = lab.nodes
  if (node === undefined) throw new Error('a lab has a node')
  const network = '10.33.0.0/16'
  await node.sh(
    `ip route replace local ${network} dev lo
     printf 'MaxStartups 2000:30:4000\\nUsePAM no\\n' >/etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh`,
  )
  await run(inNetwork(lab.name, ['ip', 'route', 'replace', network, 'via', node.address]))
  const numbers = Array.from({ length: hosts }, (_, index) => index + 1)
  const addresses = Object.fromEntries(numbers.map((n) => [`h${n}`, `10.33.${Math.floor(n / 250)}.${(n % 250) + 1}`]))
  return placeOf(lab, directory, [node], addresses, async () => {
    await run(inNetwork(lab.name, ['ip', 'route', 'delete', network]))
    await node.sh(`rm /etc/ssh/sshd_config.d/bench.conf; systemctl reload ssh`)
  })
}

function placeOf(
  lab: Lab,
  directory: string,
  nodes: readonly LabNode[],
  addresses: Place['addresses'],
  leave: Place['leave'],
): Place {
  const knownHosts = join(directory, 'known_hosts')
  const [first = ''] = readFileSync(lab.knownHosts, 'utf8').split('\n')
  writeFileSync(knownHosts, `${readFileSync(lab.knownHosts, 'utf8')}10.33.* ${first.split(' ').slice(1).join(' ')}\n`)
  const inventory = join(directory, 'inventory.yml')
  const vars = {
    ansible_user: 'root',
    ansible_ssh_private_key_file: lab.key,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${knownHosts}`,
  }
  const hosts = Object.entries(addresses).map(([name, address]) => [name, { ansible_host: address }])
  writeFileSync(inventory, stringify({ all: { vars, hosts: Object.fromEntries(hosts) as unknown } }))
  return {
    addresses,
    inventory,
    key: lab.key,
    knownHosts,
    inside: (argv) => inNetwork(lab.name, argv),
    each: async (script) => (await Promise.all(nodes.map((node) => node.sh(script)))).join('\n'),
    leave,
  }
}
