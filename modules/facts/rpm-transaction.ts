import { defineFact, UnreadableFact } from '../fact.ts'
import { quote, commandLine } from '../lib/quote.ts'
import { WAIT_AND_RUN } from '../lib/rpm-lock.ts'

export type RpmVerb = 'install' | 'upgrade' | 'downgrade' | 'reinstall' | 'remove'

/** A package that comes or goes; `version` is as dnf shows it, `2:1.0-1`, without an epoch of 0. */
export interface RpmChange {
  readonly verb: RpmVerb
  readonly name: string
  readonly arch: string
  readonly version: string
}

/** What dnf or yum would do, dependencies included. */
export interface RpmTransaction {
  /** What it says is wrong; null where nothing is. */
  readonly problem: string | null
  readonly changes: readonly RpmChange[]
  /** Groups that are marked as installed, or not any more. */
  readonly groups: readonly string[]
}

const transactionFact = defineFact<readonly string[], RpmTransaction>({
  name: 'rpm-transaction',
  script: (asked) =>
    asked
      .map(([patience = '0', program = '', ...words]) => {
        const call = commandLine([patience, '', program, '--assumeno', ...words])
        return `sh -c ${quote(WAIT_AND_RUN)} sh ${call} 2>&1\necho "status $?"\n`
      })
      .join(''),
  parse: parseTransaction,
  // It may have to fetch what the repositories have.
  patience: 600,
  volatile: true,
  touchedBy: (path) =>
    path.includes('/var/lib/rpm/') || /^\/etc\/(?:yum|dnf)/.test(path) || path.startsWith('/etc/pki/rpm-gpg/'),
})

/** What `PROGRAM WORDS` would do; another run of it is waited for so many seconds. */
export const rpmTransaction = (program: string, words: readonly string[], patience: number) =>
  transactionFact([String(patience), program, ...words])

/** The headings of dnf's table; what comes with which words differs between yum 3, dnf 4 and dnf 5. */
const HEADING = /^([A-Z][a-z]+)( [^:]*)?:$/
const VERBS: { readonly [word: string]: RpmVerb } = {
  Installing: 'install',
  Upgrading: 'upgrade',
  Updating: 'upgrade',
  Downgrading: 'downgrade',
  Reinstalling: 'reinstall',
  Removing: 'remove',
}

export function parseTransaction(raw: Buffer): RpmTransaction {
  const text = raw.toString()
  const status = /^status (\d+)$/m.exec(text)?.[1]
  if (status === undefined) throw new UnreadableFact('dnf gave no answer')
  const lines = text.split('\n').map((line) => line.trimEnd())
  const summary = lines.findIndex((line) => line.startsWith('Transaction Summary'))
  const header = lines.findIndex((line) => /^ ?Package +Arch/.test(line))
  const missing = lines.filter((line) => /^No package .* available/.test(line))
  if (summary < 0 || header < 0) return { problem: status === '0' ? null : trouble(lines), changes: [], groups: [] }
  const table = readTable(lines.slice(header + 1, summary))
  return { problem: missing.length > 0 ? missing.join(' ') : null, ...table }
}

function readTable(lines: readonly string[]): Pick<RpmTransaction, 'changes' | 'groups'> {
  const rows: { readonly heading: RegExpExecArray; readonly cells: string[] }[] = []
  let heading: RegExpExecArray | null = null
  for (const line of lines) {
    const cells = line.trim().split(/\s+/)
    const next = HEADING.exec(line)
    if (next !== null) heading = next
    else if (heading === null || line.trim() === '' || line.startsWith('=')) continue
    else if (/^ \S/.test(line) || cells[0] === 'replacing') rows.push({ heading, cells })
    // What does not fit into the table's width goes on in the next line.
    else rows.at(-1)?.cells.push(...cells)
  }
  const changes: RpmChange[] = []
  const groups: string[] = []
  for (const { heading, cells } of rows) {
    const verb = VERBS[heading[1] ?? '']
    const [name = '', arch = '', version = ''] = cells
    if (name === 'replacing') {
      const old = replaced(cells)
      // The same package in another version is no package that goes.
      if (changes.at(-1)?.name !== old.name) changes.push(old)
    } else if (/ (?:Environment )?[Gg]roups$/.test(heading[2] ?? '')) groups.push(cells.join(' '))
    else if (verb !== undefined && version !== '') changes.push({ verb, name, arch, version: plainVersion(version) })
  }
  return { changes, groups }
}

/** dnf 4 has `replacing  hello.noarch 1.0-1`, dnf 5 `replacing hello noarch 0:1.0-1`. */
function replaced([, name = '', second = '', third]: readonly string[]): RpmChange {
  const dot = name.lastIndexOf('.')
  return third === undefined
    ? { verb: 'remove', name: name.slice(0, dot), arch: name.slice(dot + 1), version: plainVersion(second) }
    : { verb: 'remove', name, arch: second, version: plainVersion(third) }
}

const plainVersion = (version: string): string => version.replace(/^0:/, '')

/** What dnf says after its word for an error, without the options that it recommends. */
function trouble(lines: readonly string[]): string {
  const missing = lines.filter((line) => MISSING.test(line))
  const start = lines.findIndex((line) => ERROR.test(line))
  const said = (start < 0 ? lines.slice(-6) : lines.slice(start))
    .filter((line) => !BESIDE.test(line))
    .map((line) => line.replace(ERROR, '').trim())
    .filter((line) => line !== '' && !(missing.length > 0 && EMPTY.test(line)))
  return [...new Set([...missing, ...said])].join('; ').replaceAll('; - ', ' - ')
}

const ERROR = /^(?:Error:|Failed to resolve the transaction:)\s*/
const MISSING = /^(?:No match for argument|No package .* available|Module or Group .* is not available)/
/** What is said again where something is missing. */
const EMPTY = /^(?:Unable to find a match|Nothing to do)/
const BESIDE = /^\(try to add|^status \d|^You can try|^  --|^Last metadata|is already installed\.$/
