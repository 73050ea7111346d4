import { ALL, GRANT, type Privileges } from './mysql-privileges.ts'

/** How what is asked for stands to what an account has: `exact` is all that it has, the others add to it or take from it. */
export type Manner = 'exact' | 'append' | 'subtract'
/** What is to be done about one object. */
export interface Shift {
  readonly about: string
  readonly revoke: readonly string[]
  readonly grant: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
}

const EVERYTHING = '*.*'
const NONE: ReadonlySet<string> = new Set()

/** What differs between the privileges that an account has and those wanted. `every` are the server's own, which MySQL 8 shows in place of ALL. */
export function privilegeShifts(
  current: Privileges,
  wanted: Privileges,
  manner: Manner,
  every: readonly string[],
): readonly Shift[] {
  const abouts = [...new Set([...(manner === 'exact' ? current.keys() : []), ...wanted.keys()])]
  return abouts.flatMap((about) => {
    const has = current.get(about) ?? NONE
    const wants = wanted.get(about) ?? NONE
    const hasAll = has.has(ALL) || (about === EVERYTHING && every.length > 0 && every.every((name) => has.has(name)))
    const { revoke, grant } = manner === 'subtract' ? taken(has, wants) : given(has, wants, hasAll, manner)
    if (revoke.length === 0 && grant.length === 0) return []
    const kept = [...has].filter((name) => name === GRANT || !revoke.includes(ALL))
    // Of everything without a part the server makes a list of its own.
    const parted = revoke.some((name) => name !== GRANT && name !== ALL)
    const left = kept.filter((name) => !revoke.includes(name) && !(parted && name === ALL))
    const after = [...new Set([...left, ...grant])]
    return [{ about, revoke, grant, before: [...has].toSorted(), after: after.toSorted() }]
  })
}

interface Moves {
  readonly revoke: readonly string[]
  readonly grant: readonly string[]
}

function given(has: ReadonlySet<string>, wants: ReadonlySet<string>, hasAll: boolean, manner: Manner): Moves {
  const missing = [...wants].filter((name) => !has.has(name) && !(hasAll && name !== GRANT))
  if (manner === 'append') return { revoke: [], grant: missing }
  const surplus = [...has].filter((name) => !wants.has(name) && (name === GRANT || !wants.has(ALL)))
  // Taking everything away takes what is wanted with it.
  if (surplus.includes(ALL))
    return {
      revoke: surplus.filter((name) => name === ALL || name === GRANT),
      grant: [...wants].filter((name) => name !== GRANT || !has.has(GRANT)),
    }
  return { revoke: surplus, grant: missing }
}

function taken(has: ReadonlySet<string>, unwanted: ReadonlySet<string>): Moves {
  const something = [...has].some((name) => name !== GRANT)
  const revoke = [...unwanted].filter((name) =>
    name === ALL ? something : has.has(name) || (has.has(ALL) && name !== GRANT),
  )
  return { revoke, grant: [] }
}

/** The statements of a shift; `?@?` stands for the account. */
export function shiftStatements({ about, revoke, grant }: Shift): readonly string[] {
  const names = grant.filter((name) => name !== GRANT)
  const option = grant.includes(GRANT) ? ' WITH GRANT OPTION' : ''
  return [
    ...(revoke.length === 0 ? [] : [`REVOKE ${revoke.join(', ')} ON ${about} FROM ?@?`]),
    ...(grant.length === 0 ? [] : [`GRANT ${names.join(', ') || 'USAGE'} ON ${about} TO ?@?${option}`]),
  ]
}
