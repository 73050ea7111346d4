import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** An installed package, as Ansible's package_facts tells it. */
export type InstalledPackage =
  | {
      readonly source: 'apt'
      readonly name: string
      readonly version: string
      readonly arch: string
      /** The section of the archive: `net`. */
      readonly category: string
      /** Who the archive is of: `Debian`; empty for what comes from none that is known. */
      readonly origin: string
    }
  | {
      readonly source: 'rpm'
      readonly name: string
      readonly version: string
      readonly release: string
      readonly epoch: number | null
      readonly arch: string | null
    }

const aptFact = defineFact<string, readonly InstalledPackage[] | null>({
  name: 'apt-packages',
  script: () => `command -v dpkg-query >/dev/null || exit 0
echo apt
dpkg-query -W -f='deb\\t\${Package}\\t\${Version}\\t\${Architecture}\\t\${Section}\\t\${db:Status-Status}\\t\${binary:Package}\\n' 2>/dev/null
command -v apt-cache >/dev/null || exit 0
apt-cache policy 2>/dev/null | sed 's/^/archive /'
dpkg-query -W -f='\${binary:Package}\\n' 2>/dev/null | xargs apt-cache policy 2>/dev/null | sed 's/^/policy /'
:
`,
  parse: (raw) => parseApt(raw.toString('utf8')),
  touchedBy: (path) => path.startsWith('/var/lib/dpkg/'),
  volatile: true,
})
/** What dpkg has installed; null where there is no dpkg. */
export const aptPackages = (): Fact<readonly InstalledPackage[] | null> => aptFact('')

/** What dpkg-query, and apt-cache policy without and with the packages, print. */
export function parseApt(text: string): readonly InstalledPackage[] | null {
  const lines = text.split('\n')
  if (lines[0] !== 'apt') return null
  const origins = originsOf(lines)
  const sources = sourcesOf(lines)
  return lines.flatMap((line) => {
    const [kind, name = '', version = '', arch = '', category = '', status, full = ''] = line.split('\t')
    if (kind !== 'deb' || status !== 'installed') return []
    const from = sources.get(full) ?? sources.get(name)
    const origin = from === undefined ? '' : (origins.get(from) ?? '')
    return [{ source: 'apt' as const, name, version, arch, category, origin }]
  })
}

/** The origin of each archive, by what apt-cache calls it. */
function originsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const origins = new Map<string, string>()
  let archive = ''
  for (const line of lines) {
    archive = /^archive +-?\d+ (.*)$/.exec(line)?.[1] ?? archive
    const origin = /^archive +release (?:.*,)?o=([^,]*)/.exec(line)?.[1]
    if (origin !== undefined) origins.set(archive, origin)
  }
  return origins
}

/** Where the installed version of each package comes from: the first archive that has it. */
function sourcesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  let name = ''
  let installed = false
  for (const line of lines) {
    const named = /^policy (\S+):$/.exec(line)?.[1]
    if (named !== undefined) {
      name = named
      installed = false
    } else if (/^policy {1,5}(?:\*{3}| {3}) \S+ -?\d+$/.test(line)) installed = line.includes(' *** ')
    else if (installed && !sources.has(name)) {
      const source = /^policy +-?\d+ (.*)$/.exec(line)?.[1]
      if (source !== undefined) sources.set(name, source)
    }
  }
  return sources
}

const rpmFact = defineFact<string, readonly InstalledPackage[] | null>({
  name: 'rpm-packages',
  script: () => `command -v rpm >/dev/null || exit 0
echo rpm
rpm -qa --qf '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCH}\\t%{ARCH}\\n' 2>/dev/null | sort
:
`,
  parse: (raw) => parseRpms(raw.toString('utf8')),
  touchedBy: (path) => /\/(?:var\/lib|usr\/lib\/sysimage)\/rpm\//.test(path),
  volatile: true,
})
/** What rpm has installed; null where there is no rpm. */
export const rpmPackages = (): Fact<readonly InstalledPackage[] | null> => rpmFact('')

export function parseRpms(text: string): readonly InstalledPackage[] | null {
  const lines = text.split('\n')
  if (lines[0] !== 'rpm') return null
  return lines.slice(1).flatMap((line) => {
    const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('\t')
    if (version === '') return []
    const known = { epoch: /^\d+$/.test(epoch) ? Number(epoch) : null, arch: arch === '(none)' ? null : arch }
    return [{ source: 'rpm' as const, name, version, release, ...known }]
  })
}
