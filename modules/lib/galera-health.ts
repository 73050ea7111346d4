import type { GaleraNode } from '../facts/galera-node.ts'

/** What a healthy cluster is to be like. */
export interface Expected {
  readonly size: number
  readonly clusterName: string | undefined
  /** A node that gives its data to one that joins counts as healthy, too. */
  readonly allowDonor: boolean
}
export interface NamedNode {
  readonly name: string
  readonly node: GaleraNode
}

/** States of a node, `wsrep_local_state`. */
const SYNCED = '4'
const DONOR = '2'

/** One line for each node that is not as it should be: what it says, and what was expected; then what nodes disagree about. */
export function ailments(nodes: readonly NamedNode[], expected: Expected): readonly string[] {
  return [...nodes.flatMap((named) => ofNode(named, expected)), ...between(nodes)]
}

function ofNode({ name, node }: NamedNode, { size, clusterName, allowDonor }: Expected): readonly string[] {
  if (node.kind !== 'up')
    return [`${name}: ${node.kind === 'denied' ? 'the server does not let us in' : 'no answer'}: ${node.message}`]
  const { status } = node
  if (status['wsrep_ready'] === undefined) return [`${name}: the server runs without Galera (wsrep_on is OFF)`]
  const wants: readonly (readonly [name: string, wanted: readonly string[]])[] = [
    ['wsrep_ready', ['ON']],
    ['wsrep_connected', ['ON']],
    ['wsrep_cluster_status', ['Primary']],
    ['wsrep_local_state', allowDonor ? [SYNCED, DONOR] : [SYNCED]],
    ['wsrep_cluster_size', [String(size)]],
    ...(clusterName === undefined ? [] : [['wsrep_cluster_name', [clusterName]] as const]),
  ]
  const wrong = wants.filter(([variable, wanted]) => !wanted.includes(status[variable] ?? ''))
  return wrong.length === 0
    ? []
    : [`${name}: ${wrong.map(([variable, wanted]) => said(status, variable, wanted)).join(', ')}`]
}

function said(status: Readonly<Record<string, string>>, variable: string, wanted: readonly string[]): string {
  const comment = variable === 'wsrep_local_state' ? status['wsrep_local_state_comment'] : undefined
  const value = status[variable] ?? 'unset'
  return `${variable} is ${value}${comment === undefined ? '' : ` (${comment})`} instead of ${wanted.join(' or ')}`
}

/** What is one in one cluster: each node may be synced with nobody but itself. */
function between(nodes: readonly NamedNode[]): readonly string[] {
  return ['wsrep_cluster_state_uuid', 'wsrep_incoming_addresses', 'wsrep_cluster_name'].flatMap((variable) => {
    const values = nodes.flatMap(({ name, node }) => {
      const value = node.kind === 'up' ? node.status[variable] : undefined
      return value === undefined ? [] : [{ name, value: sorted(value) }]
    })
    const apart = new Set(values.map(({ value }) => value)).size > 1
    return apart ? [`${variable} differs: ${values.map(({ name, value }) => `${name} ${value}`).join('; ')}`] : []
  })
}

/** Each node lists the addresses in an order of its own. */
const sorted = (value: string): string => value.split(',').toSorted().join(',')

const COLUMNS = [
  ['ready', 'wsrep_ready'],
  ['connected', 'wsrep_connected'],
  ['status', 'wsrep_cluster_status'],
  ['state', 'wsrep_local_state_comment'],
  ['size', 'wsrep_cluster_size'],
  ['cluster', 'wsrep_cluster_name'],
  ['state uuid', 'wsrep_cluster_state_uuid'],
] as const

/** The nodes and what they say, as a table. */
export function nodeTable(nodes: readonly NamedNode[]): string {
  const rows = [
    ['node', ...COLUMNS.map(([title]) => title)],
    ...nodes.map(({ name, node }) =>
      node.kind === 'up'
        ? [name, ...COLUMNS.map(([, variable]) => node.status[variable] ?? '-')]
        : [name, node.kind === 'down' ? 'no answer' : 'login refused'],
    ),
  ]
  const widths = ['node', ...COLUMNS].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
