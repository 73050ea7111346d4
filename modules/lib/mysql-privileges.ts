import type { Json } from '../../schema/infer.ts'
import { bareName, identifier } from './sql-text.ts'

/** What an account may do: by what it is about (`*.*`, `` `shop`.* ``, `` PROCEDURE `shop`.`p` ``) the names of privileges, in upper case. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>

export const ALL = 'ALL PRIVILEGES'
export const GRANT = 'GRANT OPTION'

/** One name for what servers call differently: MariaDB renamed some privileges, and shows the new names. */
const SAME: { readonly [name: string]: string } = {
  ALL,
  GRANT,
  'WITH GRANT OPTION': GRANT,
  'BINLOG MONITOR': 'REPLICATION CLIENT',
  'REPLICATION REPLICA': 'REPLICATION SLAVE',
  'REPLICATION REPLICA ADMIN': 'REPLICATION SLAVE ADMIN',
  'REPLICA MONITOR': 'SLAVE MONITOR',
  'DELETE VERSIONING ROWS': 'DELETE HISTORY',
}

const NAME = '(?:`(?:[^`]|``)*`|[^`.:/\\s]+)'
const OBJECT = new RegExp(`^\\s*(?:(TABLE|FUNCTION|PROCEDURE)\\s+)?(${NAME})\\.(${NAME})\\s*$`, 'i')

/** What `priv` asks for, as text (`shop.*:SELECT,INSERT/*.*:PROCESS`) or by object; a string says what is wrong with it. */
export function wantedPrivileges(priv: Json): Privileges | string {
  const wanted = new Map<string, ReadonlySet<string>>()
  for (const [place, privileges] of pieces(priv)) {
    const [, kind = '', database, table] = OBJECT.exec(place) ?? []
    if (database === undefined || table === undefined)
      return `priv ${JSON.stringify(place)} is not what privileges are about: write database.table, database.* or *.*`
    if (privileges === null) return `priv says nothing of what may be done with ${place}: write ${place}:SELECT,INSERT`
    const names = namesIn(privileges)
    const strange = [...names].find((name) => !/^[A-Z_ ]+(?: \(`.*`\))?$/s.test(name))
    if (strange !== undefined || names.size === 0) return `${JSON.stringify(strange ?? privileges)} is no privilege`
    if (names.has('REQUIRESSL')) return 'REQUIRESSL is no privilege'
    const about = objectText(kind, database, table)
    wanted.set(about, new Set([...(wanted.get(about) ?? []), ...names]))
  }
  return without(wanted, 'USAGE')
}

function pieces(priv: Json): readonly (readonly [place: string, privileges: string | null])[] {
  if (typeof priv === 'string')
    return (priv.match(/(?:`(?:[^`]|``)*`|[^`/])+/g) ?? []).map((piece) => {
      const [, place = '', privileges] = /^((?:`(?:[^`]|``)*`|[^`:])+):([\s\S]*)$/.exec(piece) ?? ['', piece]
      return [place, privileges ?? null]
    })
  if (priv === null || typeof priv !== 'object' || Array.isArray(priv)) return [[String(priv), null]]
  return Object.entries(priv).map(([place, value]) => {
    const listed: Json = value
    return [place, Array.isArray(listed) ? listed.join(',') : typeof listed === 'string' ? listed : null]
  })
}

const part = (name: string): string => (name === '*' ? '*' : identifier(bareName(name)))

const objectText = (kind: string, database: string, table: string): string => {
  const named = kind === '' || kind.toUpperCase() === 'TABLE' ? '' : `${kind.toUpperCase()} `
  return `${named}${part(database)}.${part(table)}`
}

/** Privileges in a list; one for each column where they are for columns. */
function namesIn(list: string): ReadonlySet<string> {
  return new Set(
    (list.match(/(?:\([^)]*\)|[^,(])+/g) ?? []).flatMap((item) => {
      const [, words = '', columns] = /^\s*([^(]*?)\s*(?:\(([^)]*)\))?\s*$/.exec(item) ?? []
      const name = words.toUpperCase().replaceAll(/\s+/g, ' ')
      const known = SAME[name] ?? name
      if (known === '') return []
      if (columns === undefined) return [known]
      return columns.split(',').map((column) => `${known} (${identifier(bareName(column.trim()))})`)
    }),
  )
}

/** What `SHOW GRANTS` says, a line for each object. Roles and proxies are not privileges on anything. */
export function shownPrivileges(lines: readonly string[]): Privileges {
  const shown = new Map<string, ReadonlySet<string>>()
  for (const line of lines) {
    const [, list, kind = '', database, table, rest = ''] =
      new RegExp(`^GRANT (.+?) ON (?:(TABLE|FUNCTION|PROCEDURE) )?(${NAME})\\.(${NAME}) TO (.*)$`, 's').exec(line) ?? []
    if (list === undefined || database === undefined || table === undefined) continue
    const about = objectText(kind, database, table)
    const option = /\bWITH\b.*\bGRANT OPTION\b/.test(rest) ? [GRANT] : []
    shown.set(about, new Set([...(shown.get(about) ?? []), ...namesIn(list), ...option]))
  }
  return without(shown, 'USAGE')
}

const without = (privileges: ReadonlyMap<string, ReadonlySet<string>>, name: string): Privileges =>
  new Map([...privileges].map(([about, names]) => [about, new Set([...names].filter((one) => one !== name))]))

/** The same with the names of columns in lower case: servers do not tell them apart. */
export const foldColumns = (privileges: Privileges): Privileges =>
  new Map(
    [...privileges].map(([about, names]) => [
      about,
      new Set([...names].map((name) => name.replace(/\(`.*`\)$/s, (column) => column.toLowerCase()))),
    ]),
  )
