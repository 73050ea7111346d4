import { UnreadableFact } from '../fact.ts'
import { creator, type Creator } from '../facts/creator.ts'
import { getent } from '../facts/getent.ts'
import { packetFilter, rulesStore, type RulesStore } from '../facts/packet-filter.ts'
import { serviceManager } from '../facts/service-manager.ts'
import { unit } from '../facts/unit.ts'
import { IPTABLES_ARGS, type IptablesArgs as Args } from '../lib/iptables-args.ts'
import { argumentProblem, namedGroups, namedPorts, namedUsers } from '../lib/iptables-checks.ts'
import type { IpVersion, Names } from '../lib/iptables-names.ts'
import { planVersion, ruleText } from '../lib/iptables-plan.ts'
import type { Table } from '../lib/iptables-table.ts'
import { wayTo, type Way } from '../lib/parents.ts'
import { readFile, type FileBefore } from '../lib/replace-file.ts'
import type { HostState } from '../module.ts'
import { defineModule, propose, refuse } from '../module.ts'
import type { Step } from '../step.ts'

interface State {
  readonly versions: readonly VersionState[]
  readonly names: Names
  readonly creator: Creator
  /** Whether firewalld runs, which replaces what others put in the packet filter. */
  readonly firewalld: boolean
}
interface VersionState {
  readonly version: IpVersion
  readonly running: Table
  /** Null where the task does not ask for one. */
  readonly kept: { readonly store: RulesStore; readonly file: FileBefore | null; readonly way: Way } | null
}

export default defineModule({
  name: 'iptables',
  summary: 'Keep a rule of the packet filter in its place, now and after a reboot.',
  description: `Rules are compared by what they mean, comments included. A rule after one that catches all packets is not in force: appending puts it before
that, and a rule found only after it is moved.

What could cut the run's own connection is confirmed over a new one. Where that cannot be had within \`confirm_timeout\` seconds, the host itself restores
the old rules. Only then is the file changed that \`persist\` keeps: in it too, only this rule changes, and iptables-restore tests it before it takes the old
one's place; a table that it lacks is written as it runs.`,
  args: IPTABLES_ARGS,
  returns: {
    table: 'The table.',
    ip_version: 'The packet filter.',
    chain: 'The chain.',
    rule: 'The rule, as iptables takes it.',
    state: 'The state that was asked for.',
    flush: 'Whether rules were to be removed.',
    path: 'The file that keeps the rule, if the task asks for one.',
  },
  examples: [
    {
      title: 'Let a port in, now and after a reboot',
      task: 'iptables: { chain: INPUT, protocol: tcp, destination_port: 3306, source: 10.0.0.0/24, comment: galera clients, jump: ACCEPT, persist: true }',
    },
    {
      title: 'Before everything else',
      task: 'iptables: { chain: INPUT, action: insert, ctstate: [ESTABLISHED, RELATED], jump: ACCEPT }',
    },
    {
      title: 'Refuse to pass on what no rule lets through',
      task: 'iptables: { chain: FORWARD, jump: REJECT, reject_with: icmp-host-prohibited }',
    },
    {
      title: 'Redirect a port',
      task: 'iptables: { table: nat, chain: PREROUTING, protocol: tcp, destination_port: 80, jump: REDIRECT, to_ports: 8080 }',
    },
    {
      title: 'Remove a rule',
      given: 'iptables: { ip_version: ipv6, chain: INPUT, protocol: tcp, destination_port: 8080, jump: ACCEPT }',
      task: 'iptables: { ip_version: ipv6, chain: INPUT, protocol: tcp, destination_port: 8080, jump: ACCEPT, state: absent }',
    },
  ],
  observe,
  plan(args: Args, state) {
    const result = {
      table: args.table,
      ip_version: args.ip_version,
      chain: args.chain ?? null,
      rule: ruleText(args),
      state: args.state,
      flush: args.flush,
    }
    const problem = argumentProblem(args)
    if (problem !== null) return refuse(problem, result)
    if (state.firewalld)
      return refuse(
        'firewalld is in charge of the packet filter of this host and would undo this: use firewall-cmd, or stop and mask firewalld',
        result,
      )
    const steps: Step[] = []
    const warnings: string[] = []
    const paths: string[] = []
    for (const version of state.versions) {
      const planned = planVersion(args, version, state)
      if (typeof planned === 'string') return refuse(planned, result)
      steps.push(...planned.steps)
      warnings.push(...planned.warnings)
      if (version.kept?.file) paths.push(version.kept.file.path)
    }
    return propose(steps, { ...result, ...(paths[0] === undefined ? {} : { path: paths[0] }) }, warnings)
  },
})

/** Of a line of passwd or group. */
const id = (line: string): string | undefined => line.split(':')[2]

async function observe(host: HostState, args: Args): Promise<State> {
  const versions: readonly IpVersion[] = args.ip_version === 'both' ? ['ipv4', 'ipv6'] : [args.ip_version]
  const look = (database: string, names: readonly string[], field: (line: string) => string | undefined) =>
    Promise.all(
      names.map(async (name) => [name, field((await host.get(getent(database, name))).lines[0] ?? '')] as const),
    ).then((found) => new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))))
  const [found, services, users, groups, who, manager, firewalld] = await Promise.all([
    Promise.all(versions.map((version) => observeVersion(host, args, version))),
    look('services', namedPorts(args), (line) => /\s(\d+)\//.exec(line)?.[1]),
    look('passwd', namedUsers(args), id),
    look('group', namedGroups(args), id),
    host.get(creator()),
    host.get(serviceManager()),
    host.get(unit('firewalld.service')).catch((error: unknown) => {
      if (error instanceof UnreadableFact) return null
      throw error
    }),
  ])
  return {
    versions: found,
    names: { services, users, groups },
    creator: who,
    firewalld: manager === 'systemd' && firewalld?.['ActiveState'] === 'active',
  }
}

async function observeVersion(host: HostState, args: Args, version: IpVersion): Promise<VersionState> {
  const [running, store] = await Promise.all([
    host.get(packetFilter(version, args.table)),
    args.persist === true
      ? host.get(rulesStore(version))
      : typeof args.persist === 'string'
        ? { path: args.persist, loader: null, enabled: true }
        : null,
  ])
  if (store === null) return { version, running, kept: null }
  const none: Way = { missing: [], blocked: null }
  if (store.path === null) return { version, running, kept: { store, file: null, way: none } }
  const file = await readFile(host, store.path)
  return { version, running, kept: { store, file, way: file.before === null ? await wayTo(host, file.real) : none } }
}
