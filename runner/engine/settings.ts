import { userInfo } from 'node:os'
import type { JsonObject } from '../../schema/infer.ts'
import { becomeOf, type BecomeDefaults } from '../inventory/connection-variables.ts'
import type { Scope } from '../template/template.ts'
import { truthy } from '../template/compile.ts'
import type { Endpoint, Identity } from '../transport/transport.ts'
import { evaluate } from './evaluate.ts'
import { every, type Lineage, nearest } from './lineage.ts'

/** What a task's keywords, its own and inherited ones, come to on one host. */
export interface Settings {
  /** How to get at the host: looked at by what needs the host. Throws `ConnectionVariableError` or `TemplateError`. */
  readonly access: () => Access
  readonly check: boolean
  readonly diff: boolean
  readonly noLog: boolean
  readonly ignoreErrors: boolean
  readonly ignoreUnreachable: boolean
  readonly environment: { readonly [name: string]: string }
  /** Milliseconds; undefined: no limit. */
  readonly timeout: number | undefined
  readonly moduleDefaults: readonly JsonObject[]
  /** Where the task may run in the background: for how many seconds, and how many are between two looks at it (0: nobody waits). */
  readonly background: { readonly seconds: number; readonly poll: number } | undefined
  /** Facts that are found belong to the host that is delegated to. */
  readonly delegateFacts: boolean
}

/** Where and how a host is reached, and as whom. */
export interface Access {
  readonly endpoint: Endpoint
  readonly identity: Identity
}

export interface SettingDefaults {
  readonly check: boolean
  readonly diff: boolean
  readonly become: BecomeDefaults
  readonly endpoint: () => Endpoint
  /** A wrong value of a keyword: throws. */
  readonly wrong: (lineage: Lineage, message: string) => never
}

/** Throws `TemplateError`, `ConnectionVariableError`, or what `wrong` throws. */
export function settingsOf(lineage: Lineage, host: string, scope: Scope, defaults: SettingDefaults): Settings {
  const flag = (
    keyword: 'checkMode' | 'diff' | 'noLog' | 'ignoreErrors' | 'ignoreUnreachable' | 'become' | 'delegateFacts',
  ): boolean | undefined => {
    const written = nearest(lineage, keyword)
    return written === undefined ? undefined : isYes(evaluate(written, scope))
  }
  const text = (keyword: 'becomeUser' | 'becomeMethod' | 'becomeFlags'): string | undefined => {
    const written = nearest(lineage, keyword)
    return written === undefined ? undefined : String(evaluate(written, scope))
  }
  const access = (): Access => {
    const endpoint = defaults.endpoint()
    const become = becomeOf(host, (name) => scope.get(name), {
      become: flag('become') ?? defaults.become.become,
      user: text('becomeUser') ?? defaults.become.user,
      method: text('becomeMethod') ?? defaults.become.method,
      flags: text('becomeFlags') ?? defaults.become.flags,
      password: defaults.become.password,
    })
    // Becoming the one who logged in is no work.
    return {
      endpoint,
      identity: become === undefined || become.user === loginUser(endpoint) ? { kind: 'login' } : become,
    }
  }
  let known: Access | undefined
  return {
    access: () => (known ??= access()),
    check: flag('checkMode') ?? defaults.check,
    diff: flag('diff') ?? defaults.diff,
    noLog: flag('noLog') ?? false,
    ignoreErrors: flag('ignoreErrors') ?? false,
    ignoreUnreachable: flag('ignoreUnreachable') ?? false,
    environment: environmentOf(lineage, scope, defaults),
    timeout: timeoutOf(lineage, scope, defaults),
    delegateFacts: flag('delegateFacts') ?? false,
    background: backgroundOf(lineage, scope, defaults),
    moduleDefaults: lineage
      .flatMap(({ moduleDefaults = [] }) => moduleDefaults)
      .map((written) => evaluate(written, scope) as JsonObject)
      .toReversed(),
  }
}

/** Who logs in, where the inventory or this machine says so. */
const loginUser = (endpoint: Endpoint): string | undefined =>
  endpoint.kind === 'ssh' ? endpoint.user : (ownName ??= userInfo().username)
/** Asked for once: it is looked up in the list of all users. */
let ownName: string | undefined

/** Environments add up, the inner one's variables over the outer one's; each is a mapping or a list of mappings. */
function environmentOf(
  lineage: Lineage,
  scope: Scope,
  { wrong }: SettingDefaults,
): { readonly [name: string]: string } {
  const environment: Record<string, string> = {}
  for (const written of every(lineage, 'environment')) {
    const value = evaluate(written, scope)
    for (const part of Array.isArray(value) ? value : [value]) {
      if (part === null || part === '') continue
      if (typeof part !== 'object' || Array.isArray(part))
        wrong(lineage, `environment must be a mapping of names to values, not ${JSON.stringify(part)}`)
      for (const [name, text] of Object.entries(part as Record<string, unknown>)) {
        if (!/^[A-Za-z_]\w*$/.test(name)) wrong(lineage, `environment: "${name}" cannot be the name of a variable`)
        environment[name] = String(text)
      }
    }
  }
  return environment
}

function timeoutOf(lineage: Lineage, scope: Scope, { wrong }: SettingDefaults): number | undefined {
  const written = nearest(lineage, 'timeout')
  if (written === undefined) return undefined
  const seconds = Number(evaluate(written, scope))
  if (!Number.isFinite(seconds) || seconds < 0) wrong(lineage, 'timeout must be a number of seconds')
  return seconds === 0 ? undefined : seconds * 1000
}

function backgroundOf(lineage: Lineage, scope: Scope, { wrong }: SettingDefaults): Settings['background'] {
  const task = lineage.at(-1)
  const seconds = (keyword: 'async' | 'poll', otherwise: number): number => {
    const written = task?.kind === 'task' ? task[keyword] : undefined
    const value = written === undefined ? otherwise : Number(evaluate(written, scope))
    return Number.isSafeInteger(value) && value >= 0
      ? value
      : wrong(lineage, `${keyword} must be a whole number of seconds`)
  }
  const limit = seconds('async', 0)
  return limit === 0 ? undefined : { seconds: limit, poll: seconds('poll', 15) }
}

/** A keyword's yes or no: booleans, and the words that YAML 1.1 and Ansible take for them. */
export function isYes(value: unknown): boolean {
  return typeof value === 'string' ? /^(?:yes|true|on|y|t|1)$/i.test(value.trim()) : truthy(value)
}

/** A name for an identity, under which what it sees of a host is kept. */
export function identityKey(identity: Identity): string {
  return identity.kind === 'login' ? 'login' : JSON.stringify([identity.method, identity.user, identity.flags ?? []])
}
