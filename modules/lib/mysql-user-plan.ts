import { accounts, grants, type Account, type Accounts } from '../facts/mysql-accounts.ts'
import type { SqlLogin } from '../facts/galera-node.ts'
import type { Json } from '../../schema/infer.ts'
import type { Statement } from '../question.ts'
import { becomes, type AttributeChange, type Change, type Effect, type Step } from '../step.ts'
import { alterAccount, createAccount, proven, proves, type Proof } from './mysql-account.ts'
import { privilegeShifts, shiftStatements, type Manner } from './mysql-grants.ts'
import { foldColumns, wantedPrivileges, type Privileges } from './mysql-privileges.ts'
import { sqlStep } from './sql-step.ts'

export interface UserWish {
  readonly name: string
  readonly password?: string | undefined
  readonly encrypted: boolean
  readonly plugin?: string | undefined
  readonly plugin_hash_string?: string | undefined
  readonly plugin_auth_string?: string | undefined
  readonly priv?: Json | undefined
  readonly append_privs: boolean
  readonly subtract_privs: boolean
  readonly column_case_sensitive: boolean
  readonly update_password: 'always' | 'on_create' | 'on_new_username'
  readonly state: 'present' | 'absent'
  readonly sql_log_bin: boolean
}
export interface UserPlan {
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
  readonly passwordChanged: boolean
}

const HIDDEN = '********'

/** The steps for a user's accounts, one or several for each host; a string says what is wrong. */
export function userSteps(
  wish: UserWish,
  hosts: readonly string[],
  login: SqlLogin,
  known: Extract<Accounts, { kind: 'known' }>,
  current: ReadonlyMap<string, Privileges | string>,
): UserPlan | string {
  const { name } = wish
  const wanted = wish.priv === undefined ? new Map<string, ReadonlySet<string>>() : wantedPrivileges(wish.priv)
  if (typeof wanted === 'string') return wanted
  const steps: Step[] = []
  const warnings: string[] = []
  let passwordChanged = false
  let there = known.accounts
  const session: readonly Statement[] = [
    // The client quotes values with backslashes, whatever the server's own mode is.
    { sql: "SET SESSION sql_mode = ''" },
    ...(wish.sql_log_bin ? [] : [{ sql: 'SET SESSION sql_log_bin = 0' }]),
  ]
  const add = (change: Change, statements: readonly Statement[], effects: readonly Effect[]): void => {
    steps.push(sqlStep(login, change, [...session, ...statements], effects))
  }
  const become = (next: readonly Account[]): Effect => {
    there = next
    return becomes(accounts(login, name), { ...known, accounts: next })
  }
  for (const host of hosts) {
    const subject = `database user ${name}@${host}`
    const found = there.find((one) => one.host.toLowerCase() === host.toLowerCase())
    if (wish.state === 'absent') {
      if (found === undefined) continue
      const rest = there.filter((one) => one !== found)
      add({ subject, verb: 'remove' }, [{ sql: 'DROP USER ?@?', values: [name, found.host] }], [become(rest)])
      continue
    }
    const proof = proofOf(wish, there, found !== undefined)
    if (found === undefined) {
      const attributes: AttributeChange[] = proof === null ? [] : [{ name: 'password', before: null, after: HIDDEN }]
      const made = createAccount(known.server, name, host, proof)
      add(
        { subject, verb: 'create', attributes },
        [made],
        [
          become([...there, proven(host, proof)]),
          becomes(grants(login, name, host), new Map<string, ReadonlySet<string>>()),
        ],
      )
      passwordChanged ||= proof !== null
    } else if (proof !== null) {
      const same = proves(found, proof)
      if (same === null)
        warnings.push(
          `what ${found.plugin} keeps of the password of ${name}@${host} cannot be compared, so it is set each time: update_password: on_create leaves it`,
        )
      if (same !== true) {
        const statement = alterAccount(known.server, name, found, proof)
        if (typeof statement === 'string') return statement
        const attributes = [{ name: 'password', before: HIDDEN, after: `${HIDDEN} (another)` }]
        const next = there.map((one) => (one === found ? proven(found.host, proof) : one))
        add({ subject, verb: 'update', attributes }, [statement], [become(next)])
        passwordChanged = true
      }
    }
    if (wish.priv === undefined) continue
    const at = found?.host ?? host
    const has = current.get(at) ?? new Map<string, ReadonlySet<string>>()
    if (typeof has === 'string') return has
    const fold = wish.column_case_sensitive ? (one: Privileges) => one : foldColumns
    const manner: Manner = wish.append_privs ? 'append' : wish.subtract_privs ? 'subtract' : 'exact'
    const shifts = privilegeShifts(fold(has), fold(wanted), manner, known.every)
    if (shifts.length === 0) continue
    const after = new Map(has)
    for (const shift of shifts) after.set(shift.about, new Set(shift.after))
    add(
      {
        subject: `privileges of ${name}@${at}`,
        verb: 'update',
        attributes: shifts.map((shift) => ({
          name: shift.about,
          before: shift.before.join(', ') || null,
          after: shift.after.join(', ') || null,
        })),
      },
      shifts.flatMap(shiftStatements).map((sql) => ({ sql, values: [name, at] })),
      [becomes(grants(login, name, at), after)],
    )
  }
  return { steps, warnings, passwordChanged }
}

/** How the account shall prove itself; null where nothing is said of that, or it is not to be changed. */
function proofOf(wish: UserWish, there: readonly Account[], exists: boolean): Proof | null {
  if (exists && wish.update_password !== 'always') return null
  const [other] = there
  if (wish.update_password === 'on_new_username' && other !== undefined)
    return other.plugin === '' || other.plugin === 'mysql_native_password'
      ? { kind: 'hash', hash: other.kept }
      : { kind: 'plugin', plugin: other.plugin, kept: other.kept }
  if (wish.plugin !== undefined)
    return {
      kind: 'plugin',
      plugin: wish.plugin,
      kept: wish.plugin_hash_string,
      secret: wish.plugin_auth_string,
    }
  if (wish.password === undefined) return null
  return wish.encrypted ? { kind: 'hash', hash: wish.password } : { kind: 'password', password: wish.password }
}
