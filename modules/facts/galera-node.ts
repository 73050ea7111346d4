import { askFact, type Fact } from '../fact.ts'
import { addressText, type Address, type SqlAnswer } from '../question.ts'

/** Who asks, and where: addresses are tried in order. */
export interface SqlLogin {
  readonly addresses: readonly Address[]
  readonly user: string
  readonly password?: string | undefined
  /** Logs in as root without a password where that is allowed, in place of the user. */
  readonly implicitAdmin?: boolean | undefined
  readonly database?: string | undefined
  /** Seconds for logging in, and again for each statement. */
  readonly patience?: number | undefined
}

/** What a server says of its place in a Galera cluster: its `wsrep_` status and settings, or why it says nothing. */
export type GaleraNode =
  | { readonly kind: 'up'; readonly status: Readonly<Record<string, string>> }
  | { readonly kind: 'down' | 'denied'; readonly message: string }

/** Seconds for logging in, and again for each statement. */
const PATIENCE = 10

/**
 * The state of the server at an address: https://galeracluster.com/library/documentation/galera-status-variables.html. Names are lower case.
 */
export function galeraNode({ addresses, user, password, implicitAdmin }: SqlLogin): Fact<GaleraNode> {
  const statements = [
    { sql: "SHOW GLOBAL STATUS LIKE 'wsrep\\_%'" },
    { sql: "SHOW GLOBAL VARIABLES LIKE 'wsrep\\_cluster\\_name'" },
    { sql: "SHOW GLOBAL VARIABLES LIKE 'wsrep\\_node\\_name'" },
  ]
  const login = {
    addresses,
    user,
    ...(password === undefined ? {} : { password }),
    ...(implicitAdmin === true ? { implicitAdmin } : {}),
  }
  return askFact(
    'galera-node',
    addresses.map(addressText).join(', '),
    { protocol: 'mysql', ...login, statements, patience: PATIENCE },
    nodeOf,
  )
}

function nodeOf(answer: SqlAnswer): GaleraNode {
  switch (answer.kind) {
    case 'answered': {
      const rows = answer.results.flatMap((result) => result.rows)
      const named = rows.map((row) => [(row['Variable_name'] ?? '').toLowerCase(), row['Value'] ?? ''] as const)
      return { kind: 'up', status: Object.fromEntries(named) }
    }
    case 'failed':
      return { kind: 'down', message: answer.message }
    case 'down':
    case 'denied':
      return answer
  }
}
