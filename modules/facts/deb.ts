import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine, quote } from '../lib/quote.ts'

/** A package as dpkg knows it. */
export interface Deb {
  readonly name: string
  readonly arch: string
  readonly version: string
  /** `installed`, `config-files`, …: dpkg-query(1). */
  readonly status: string
}

const script = `debs() {
  dpkg-query -W -f='\${Package}\\t\${Architecture}\\t\${Version}\\t\${db:Status-Status}\\n' -- "$1" 2>/dev/null
  echo
}
`
const touchedBy = (path: string): boolean => path.startsWith('/var/lib/dpkg/')

const debFact = defineFact<string, readonly Deb[]>({
  name: 'deb',
  script: (names) => script + names.map((name) => `debs ${quote(name)}\n`).join(''),
  split(output, names) {
    // An empty line ends what belongs to one name.
    const blocks = `\n${output.toString()}`.split(/(?<=\n)\n/)
    return names.map((_, index) => Buffer.from(`${(blocks[index] ?? '').replace(/^\n/, '')}\n`))
  },
  parse: (raw) =>
    raw
      .toString()
      .split('\n')
      .flatMap((line) => {
        const [name = '', arch = '', version = '', status = ''] = line.split('\t')
        return name === '' || status === 'not-installed' ? [] : [{ name, arch, version, status }]
      }),
  touchedBy,
})

/** What dpkg has of a package's name or a pattern of names. */
export const deb = (name: string) => debFact(name)

/** What apt-get would do, dependencies included. */
export interface Simulation {
  /** What apt-get says is wrong; null where nothing is. */
  readonly problem: string | null
  readonly installs: readonly { readonly name: string; readonly before: string | null; readonly after: string }[]
  readonly removals: readonly { readonly name: string; readonly before: string | null }[]
}

const simulationFact = defineFact<readonly string[], Simulation>({
  name: 'apt-simulation',
  script: (simulations) =>
    simulations.map((words) => `apt-get -s -y ${commandLine(words)} 2>&1\necho "status $?"\n`).join(''),
  parse: parseSimulation,
  touchedBy: (path) => touchedBy(path) || path.startsWith('/etc/apt/') || path.startsWith('/var/lib/apt/'),
})
/** What `apt-get WORDS` would do. */
export const aptSimulation = (words: readonly string[]) => simulationFact(words)

function parseSimulation(raw: Buffer): Simulation {
  const lines = raw.toString().split('\n')
  if (!lines.some((line) => line.startsWith('status '))) throw new UnreadableFact('apt-get gave no answer')
  if (lines.some((line) => line === 'status 127')) throw new UnreadableFact('this host has no apt-get')
  const errors = lines.filter((line) => line.startsWith('E: ')).map((line) => line.slice(3))
  return {
    problem: lines.includes('status 0') ? null : errors.join('; ') || lines.slice(-4).join(' ').trim(),
    installs: lines.flatMap((line) => {
      const [, name, before, after] = /^Inst (\S+) (?:\[([^\]]*)\] )?\((\S+)/.exec(line) ?? []
      return name === undefined || after === undefined ? [] : [{ name, before: before ?? null, after }]
    }),
    removals: lines.flatMap((line) => {
      const [, name, before] = /^(?:Remv|Purg) (\S+)(?: \[([^\]]*)\])?/.exec(line) ?? []
      return name === undefined ? [] : [{ name, before: before ?? null }]
    }),
  }
}

export interface AptCache {
  /** The host's clock, in seconds since the epoch. */
  readonly now: number
  /** When the lists of packages were last fetched. */
  readonly updated: number
}

const cacheFact = defineFact<string, AptCache>({
  name: 'apt-cache',
  script: () =>
    'date +%s\nstat -c %Y /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists 2>/dev/null\nls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || echo none\n',
  parse(raw) {
    const [now = '', ...times] = raw.toString().trim().split('\n')
    return { now: Number(now), updated: times.includes('none') ? 0 : Math.max(0, ...times.map(Number)) }
  },
  touchedBy: (path) => path.startsWith('/var/lib/apt/'),
  volatile: true,
})
export const aptCache = () => cacheFact('')

const archiveFact = defineFact<string, Deb | null>({
  name: 'deb-archive',
  script: (paths) =>
    paths
      .map(
        (path) =>
          `dpkg-deb -W --showformat='\${Package}\\t\${Architecture}\\t\${Version}\\n' ${quote(path)} 2>/dev/null || echo\n`,
      )
      .join(''),
  parse(raw) {
    const [name = '', arch = '', version = ''] = raw.toString().trim().split('\t')
    return name === '' ? null : { name, arch, version, status: 'archive' }
  },
  path: (path) => path,
  absent: null,
  touchedBy: (path, own) => path === own,
})
/** What is in a .deb file; null where it is none. */
export const debArchive = (path: string) => archiveFact(path)
