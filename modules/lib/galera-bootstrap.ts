import type { Grastate } from '../facts/grastate.ts'
import type { NamedNode } from './galera-health.ts'

/** Whether a new cluster may be started, on which node, and why. */
export interface Bootstrap {
  readonly safe: boolean
  /** The node to start it on; null where any will do, or none. */
  readonly node: string | null
  readonly reason: string
}
/** Where a stopped node stands; null where it has no grastate.dat. */
export interface NamedState {
  readonly name: string
  readonly state: Grastate | null
}

const NO_UUID = '00000000-0000-0000-0000-000000000000'

const no = (reason: string): Bootstrap => ({ safe: false, node: null, reason })

/** True where the node never was in a cluster: what it holds is nobody's. */
const isFresh = ({ state }: NamedState): boolean => state === null || (state.uuid === NO_UUID && state.seqno < 0)

/**
 * Judges by what nodes say and where the stopped ones stand. A second cluster beside a living one, or one that is started on a node that
 * lacks transactions, loses data: whatever is not known counts as unsafe. `size` is the number of nodes that the cluster has.
 */
export function bootstrapAdvice(nodes: readonly NamedNode[], states: readonly NamedState[], size: number): Bootstrap {
  const running = nodes.find(({ node }) => node.kind === 'up' && node.status['wsrep_cluster_status'] === 'Primary')
  if (running !== undefined) return no(`${running.name} is in a primary component: start the other nodes, they join it`)
  const undecided = nodes.find(({ node }) => node.kind !== 'down')
  if (undecided !== undefined)
    return no(
      `${undecided.name} runs, but not in a primary component: stop it first, or repair the connection between the nodes`,
    )
  const marked = states.filter(({ state }) => state?.safeToBootstrap === true && state.uuid !== NO_UUID)
  const [last, second] = marked
  if (second !== undefined)
    return no(
      `${marked.map(({ name }) => name).join(' and ')} both say that they were the last to stop: compare their data`,
    )
  if (last !== undefined)
    return { safe: true, node: last.name, reason: `${last.name} was the last to stop (safe_to_bootstrap: 1)` }
  if (states.length < size)
    return no(
      `only ${states.length} of ${size} nodes are known: give \`grastates\` what the others' galera_check returned as \`grastate\``,
    )
  if (states.every(isFresh))
    return { safe: true, node: null, reason: 'no node has been in a cluster yet: start it on any one of them' }
  const blank = states.filter(({ state }) => state?.uuid === '')
  if (blank.length > 0)
    return no(
      `${blank.map(({ name }) => name).join(', ')}: grastate.dat is empty, since a start was broken off: remove it if the node holds no data of a cluster, otherwise run galera_recovery there`,
    )
  return mostAdvanced(states.filter((named) => !isFresh(named)))
}

function mostAdvanced(states: readonly NamedState[]): Bootstrap {
  const stand = states.map(({ name, state }) => `${name} ${state?.uuid}:${state?.seqno}`).join(', ')
  if (new Set(states.map(({ state }) => state?.uuid)).size > 1)
    return no(`the nodes come from different clusters (${stand})`)
  const unknown = states.filter(({ state }) => state === null || state.seqno < 0)
  if (unknown.length > 0)
    return no(
      `${unknown.map(({ name }) => name).join(', ')} did not stop in order: run galera_recovery there to learn the last transaction`,
    )
  const [best] = states.toSorted((a, b) => (b.state?.seqno ?? -1) - (a.state?.seqno ?? -1))
  if (best === undefined) return no('no node is known')
  return {
    safe: true,
    node: best.name,
    reason: `${best.name} has the last transaction: set safe_to_bootstrap: 1 in its grastate.dat (${stand})`,
  }
}
