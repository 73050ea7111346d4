import { defineFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** A user of the host. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly comment: string
  readonly home: string
  readonly shell: string
  /** The name of the primary group. */
  readonly group: string
  /** The names of all groups but the primary one. */
  readonly groups: readonly string[]
  /** What shadow(5) says; null where that may not be read. A secret. */
  readonly shadow: Shadow | null
}
export interface Shadow {
  readonly password: string
  /** Days; null where there is no limit. */
  readonly min: number | null
  readonly max: number | null
  /** Days since the epoch. */
  readonly expires: number | null
}
export interface Group {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** Where the host has no getent (busybox), its own files are read. */
const ENTRY = `entry() { # DATABASE KEY
  if command -v getent >/dev/null 2>&1; then getent "$1" "$2" 2>/dev/null
  else awk -F: -v key="$2" '$1 == key || (FILENAME != "/etc/shadow" && $3 == key) { print; exit }' "/etc/$1" 2>/dev/null; fi | head -n 1
}
account() {
  printf '%s\\n%s\\n%s\\n%s\\n' "$(entry passwd "$1")" "$(entry shadow "$1")" "$(id -gn -- "$1" 2>/dev/null)" "$(id -Gn -- "$1" 2>/dev/null)"
}
`
const DATABASES: ReadonlySet<string> = new Set(['/etc/passwd', '/etc/shadow', '/etc/group'])

const accountFact = defineFact<string, Account | null>({
  name: 'account',
  script: (names) => ENTRY + names.map((name) => `account ${quote(name)}\n`).join(''),
  split: (output, names) => {
    const lines = output.toString('latin1').split('\n')
    return names.map((_, index) => Buffer.from(`${lines.slice(index * 4, index * 4 + 4).join('\n')}\n`, 'latin1'))
  },
  parse: (raw) => parseAccount(raw.toString().split('\n')),
  touchedBy: (path) => DATABASES.has(path),
})

/** A user by name; null where there is none. */
export const account = (name: string) => accountFact(name)

function parseAccount([passwd = '', shadow = '', group = '', groups = '']: readonly string[]): Account | null {
  const [name, , uid, gid, comment = '', home = '', shell = ''] = passwd.split(':')
  if (name === undefined || uid === undefined) return null
  const primary = group.trim()
  return {
    name,
    uid: Number(uid),
    gid: Number(gid),
    comment,
    home,
    shell,
    group: primary,
    groups: groups
      .split(' ')
      .filter((one) => one !== '' && one !== primary)
      .toSorted(),
    shadow: parseShadow(shadow),
  }
}

function parseShadow(line: string): Shadow | null {
  const [, password, , min, max, , , expires] = line.split(':')
  if (password === undefined) return null
  return { password, min: days(min), max: days(max), expires: days(expires) }
}

const days = (text: string | undefined): number | null =>
  text === undefined || !/^\d+$/.test(text) ? null : Number(text)

const groupFact = defineFact<string, Group | null>({
  name: 'group',
  script: (names) => ENTRY + names.map((name) => `entry group ${quote(name)}; echo\n`).join(''),
  parse(raw) {
    const [name, , gid, members = ''] = (raw.toString().split('\n')[0] ?? '').split(':')
    if (name === undefined || gid === undefined) return null
    return { name, gid: Number(gid), members: members.split(',').filter(Boolean) }
  },
  touchedBy: (path) => path === '/etc/group',
})

/** A group by name or number; null where there is none. */
export const group = (name: string) => groupFact(name)

/** With what accounts are managed, and how a home directory is made. */
export interface AccountTools {
  readonly kind: 'shadow' | 'busybox' | 'none'
  /** Four octal digits. */
  readonly homeMode: string
}

const toolsFact = defineFact<string, AccountTools>({
  name: 'account-tools',
  script: () => `if command -v useradd >/dev/null 2>&1; then echo shadow
elif command -v adduser >/dev/null 2>&1; then echo busybox
else echo none; fi
sed -n 's/^[[:space:]]*\\(HOME_MODE\\|UMASK\\)[[:space:]][[:space:]]*\\([0-7]*\\).*/\\1 \\2/p' /etc/login.defs 2>/dev/null
`,
  parse(raw) {
    const [kind = '', ...settings] = raw.toString().split('\n')
    const mode = settings.find((line) => line.startsWith('HOME_MODE '))?.slice(10)
    const umask = settings.find((line) => line.startsWith('UMASK '))?.slice(6) ?? '022'
    const homeMode = mode ?? (0o777 & ~Number.parseInt(umask, 8)).toString(8)
    return { kind: kind === 'shadow' || kind === 'busybox' ? kind : 'none', homeMode: homeMode.padStart(4, '0') }
  },
})

export const accountTools = () => toolsFact('')
