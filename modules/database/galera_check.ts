import { galeraNode, type GaleraNode } from '../facts/galera-node.ts'
import { grastate, type Grastate } from '../facts/grastate.ts'
import type { Fact } from '../fact.ts'
import { bootstrapAdvice, type NamedState } from '../lib/galera-bootstrap.ts'
import { ailments, nodeTable, type NamedNode } from '../lib/galera-health.ts'
import { statesIn } from '../lib/galera-states.ts'
import { loginProperties, loginTo, loginOf } from '../lib/sql-login.ts'
import { defineModule, propose, refuse, type Infer, type JsonObject } from '../module.ts'
import { tooLate } from '../step.ts'

const args = {
  type: 'object',
  requiredOneOf: [['size', 'nodes']],
  properties: {
    ...loginProperties,
    size: {
      type: 'integer',
      minimum: 1,
      description: 'How many nodes the cluster has; as many as `nodes` names where unset.',
      since: '0.1.0',
    },
    nodes: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description:
        'All nodes, as `host` or `host:port`, as this host reaches them: asked in place of its own server, and compared with each other.',
      since: '0.1.0',
    },
    cluster_name: { type: 'string', description: 'The name that the cluster must have.', since: '0.1.0' },
    allow_donor: {
      type: 'boolean',
      default: false,
      description: 'A node that gives its data to another one is healthy, too.',
      since: '0.1.0',
    },
    timeout: {
      type: 'integer',
      minimum: 0,
      default: 300,
      description: 'Seconds to wait at most; a transfer of all data can take hours.',
      since: '0.1.0',
    },
    delay: { type: 'integer', minimum: 1, default: 5, description: 'Seconds between two looks.', since: '0.1.0' },
    datadir: {
      type: 'string',
      format: 'path',
      default: '/var/lib/mysql',
      description: 'The data directory, where grastate.dat says how the node stopped.',
      since: '0.1.0',
    },
    grastates: {
      type: 'object',
      additionalProperties: true,
      description:
        'By host, the `grastate` that this module returned there: to tell after a full stop who is most advanced.',
      since: '0.1.0',
    },
  },
} as const

/** Judges the cluster by what its nodes say and, where none is alive, by how they stopped. */
export default defineModule({
  name: 'galera_check',
  summary: 'Check that a Galera cluster is whole and healthy, or wait until it is.',
  description:
    'Over the ssh connection of the host, so that no database port need be open to the controller. A node is healthy if it is ready, connected, ' +
    'in the primary component and synced, and sees as many nodes as expected; run on every node, since three nodes can each be ' +
    'synced with nobody but themselves. With `nodes`, one host asks them all and compares them. It changes nothing, and in check mode it does not ' +
    'wait. Over a unix socket the server sees the user who logs in over ssh, whatever `become` says. A failure has a table of what the nodes ' +
    'say, and whether a new cluster may be started, and where.',
  args,
  returns: {
    healthy: 'Whether all is as it should be.',
    nodes: 'By node, what it says: its `wsrep_` variables.',
    problems: 'What is not as it should be, a line for each node.',
    grastate:
      'How this host stopped: uuid (empty where a start was broken off), seqno and safe_to_bootstrap; null where it never was in a cluster.',
    bootstrap: 'Whether a new cluster may be started (`safe`), on which node, and why.',
    elapsed: 'Seconds waited.',
  },
  examples: [
    {
      title: 'Each node in turn sees the whole cluster',
      task: 'galera_check: { size: 3, cluster_name: db }',
      needs: 'a Galera cluster',
    },
    {
      title: 'One host asks all nodes',
      task: 'galera_check: { nodes: "{{ groups[\'galera\'] }}", login_user: monitor, login_password: "{{ monitor_password }}" }\nrun_once: true',
      needs: 'a Galera cluster',
    },
  ],
  async observe(host, args): Promise<readonly Seen[]> {
    return Promise.all(factsOf(args).map((fact) => host.get(fact)))
  },
  plan(args, values) {
    const judged = judge(args, values)
    if (judged.problems.length === 0) return propose([], { ...judged.result, changed: false, elapsed: 0 })
    if (args.timeout === 0) return refuse(judged.message, judged.result)
    const title = 'wait for the cluster'
    return propose(
      [
        {
          change: { subject: title, verb: 'run' },
          actions: [
            {
              do: 'await',
              title,
              facts: factsOf(args),
              missing: (now) => judge(args, now as readonly Seen[]).problems.join('\n') || null,
              timeout: args.timeout,
              delay: args.delay,
            },
          ],
          effects: [],
        },
      ],
      { ...judged.result, changed: false, elapsed: 0 },
      ['the cluster is not healthy yet'],
    )
  },
  result(args, _, [waited]) {
    if (waited === undefined) return {}
    const elapsed = Math.round((waited.end - waited.start) / 1000)
    if (waited.status !== 0 && waited.status !== tooLate) return { elapsed }
    // What `await` prints: the last values of `factsOf`, in order.
    const judged = judge(args, JSON.parse(waited.stdout.toString('utf8')) as readonly Seen[])
    if (judged.problems.length === 0) return { ...judged.result, elapsed }
    return { ...judged.result, elapsed, failed: true, msg: `after ${elapsed} s of waiting, ${judged.message}` }
  },
})

type Args = Infer<typeof args>
type Seen = Grastate | GaleraNode | null

/** How the host stopped, then its server or those of all nodes. */
function factsOf(args: Args): readonly Fact<Seen>[] {
  const logins = args.nodes?.map((node) => loginTo(node, args)) ?? [loginOf(args)]
  return [grastate(args.datadir), ...logins.map(galeraNode)]
}

function judge(
  args: Args,
  [own, ...answers]: readonly Seen[],
): {
  readonly problems: readonly string[]
  readonly message: string
  readonly result: JsonObject
} {
  const nodes = answers.map((answer, index): NamedNode => {
    // The order is that of `factsOf`.
    const node = answer as GaleraNode
    const called = node.kind === 'up' ? node.status['wsrep_node_name'] : undefined
    return { name: args.nodes?.[index] ?? called ?? 'this host', node }
  })
  const size = args.size ?? nodes.length
  const state = own as Grastate | null
  const problems = ailments(nodes, { size, clusterName: args.cluster_name, allowDonor: args.allow_donor })
  const states: readonly NamedState[] = statesIn(args.grastates) ?? [{ name: 'this host', state }]
  const bootstrap = bootstrapAdvice(nodes, states, size)
  const advice = `a new cluster ${bootstrap.safe ? 'may' : 'may not'} be started: ${bootstrap.reason}`
  const message = `the cluster is not healthy:\n${problems.join('\n')}\n\n${nodeTable(nodes)}\n\n${advice}`
  return {
    problems,
    message,
    result: {
      healthy: problems.length === 0,
      nodes: Object.fromEntries(nodes.map(({ name, node }) => [name, node.kind === 'up' ? node.status : node])),
      problems,
      grastate:
        state === null ? null : { uuid: state.uuid, seqno: state.seqno, safe_to_bootstrap: state.safeToBootstrap },
      bootstrap: { ...bootstrap },
    },
  }
}
