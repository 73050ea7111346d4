import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** A key that rpm trusts. */
export interface RpmKey {
  /** The end of its fingerprint, or all of it from rpm 6 on, in hexadecimal digits. */
  readonly version: string
  /** When it was made, in hexadecimal digits. */
  readonly release: string
}

const keysFact = defineFact<string, readonly RpmKey[]>({
  name: 'rpm-keys',
  script: () => String.raw`rpm -q gpg-pubkey --qf '%{VERSION}\t%{RELEASE}\n' 2>&1` + '\n',
  parse(raw) {
    const lines = raw.toString().trim().split('\n')
    const keys = lines.flatMap((line) => {
      const [version, release] = line.split('\t')
      return version !== undefined && release !== undefined ? [{ version, release }] : []
    })
    const trouble = lines.find((line) => /^error:|not found/.test(line))
    if (keys.length === 0 && trouble !== undefined) throw new UnreadableFact(trouble)
    return keys
  },
  touchedBy: (path) => path.startsWith('/var/lib/rpm/') || path.startsWith('/usr/lib/sysimage/rpm/'),
})
/** The keys that rpm trusts. */
export const rpmKeys = () => keysFact('')

const downloadFact = defineFact<readonly [url: string, insecure: string], Buffer | null>({
  name: 'download',
  script: (asked) =>
    asked
      .map(
        ([url, insecure]) =>
          `if command -v curl >/dev/null; then curl -fsSL ${insecure} --connect-timeout 20 --max-time 60 -- ${quote(url)}
else wget -qO- ${insecure === '' ? '' : '--no-check-certificate'} -T 20 -- ${quote(url)}; fi && printf 'status 0'\n`,
      )
      .join(''),
  parse: (raw) => (raw.subarray(-8).toString() === 'status 0' ? raw.subarray(0, -8) : null),
  patience: 90,
  volatile: true,
})
/** What a host gets at a url; null where it gets nothing. For small files only. */
export const download = (url: string, insecure = false) => downloadFact([url, insecure ? '-k' : ''])
