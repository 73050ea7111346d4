import { defineFact } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'

export interface Getent {
  /** getent(1)'s exit status: 1 unknown database, 2 no such entry, 3 no enumeration. */
  readonly status: number
  readonly lines: readonly string[]
}

/* Where the host has no getent (busybox), its own files are read. */
const script = `look() { # DATABASE KEY SERVICE
  if command -v getent >/dev/null 2>&1; then getent \${3:+-s "$3"} -- "$1" \${2:+"$2"} 2>/dev/null
  elif [ ! -r "/etc/$1" ]; then return 1
  elif [ -z "$2" ]; then grep -v '^[[:space:]]*\\(#\\|$\\)' "/etc/$1" || :
  else awk -v key="$2" '{ line = $0; split(line, a, /[:[:space:]]+/) } a[1] == key { print; found = 1 } END { exit found ? 0 : 2 }' "/etc/$1"; fi
}
`

const fact = defineFact<readonly string[], Getent>({
  name: 'getent',
  script: (params) => script + params.map((words) => `look ${commandLine(words)}\necho "status $?"\n`).join(''),
  parse(raw) {
    const lines = raw.toString().trimEnd().split('\n')
    return { status: Number(lines.at(-1)?.replace('status ', '') ?? 1), lines: lines.slice(0, -1).filter(Boolean) }
  },
  touchedBy: (path, [database]) => path === `/etc/${database}`,
})

/** What a database has of a key; of all keys where that is empty. */
export const getent = (database: string, key: string, service?: string) => fact([database, key, service ?? ''])
