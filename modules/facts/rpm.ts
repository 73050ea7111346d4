import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import type { Evr } from '../lib/rpm-version.ts'

/** A package as rpm knows it. */
export interface Rpm extends Evr {
  readonly name: string
  readonly arch: string
}

const FORMAT = String.raw`%{NAME}\t%|EPOCH?{%{EPOCH}}:{0}|\t%{VERSION}\t%{RELEASE}\t%{ARCH}\n`

/* What has a name, a name and a version or what else rpm -q takes; what provides it; a pattern is one of names. */
const script = `rpms() {
  case $2 in
    *[*?[]*) rpm --root "$1" -qa --qf '${FORMAT}' "$2" 2>&1 ;;
    *)
      said=$(rpm --root "$1" -q --qf '${FORMAT}' -- "$2" 2>&1) ||
        case $said in *' is not installed') said=$(rpm --root "$1" -q --whatprovides --qf '${FORMAT}' -- "$2" 2>&1) ;; esac
      printf '%s\\n' "$said" ;;
  esac
  echo
}
`
const inDatabase = (path: string): boolean => path.includes('/var/lib/rpm/') || path.includes('/usr/lib/sysimage/rpm/')

const rpmFact = defineFact<readonly [root: string, written: string], readonly Rpm[]>({
  name: 'rpm',
  script: (asked) => script + asked.map(([root, written]) => `rpms ${quote(root)} ${quote(written)}\n`).join(''),
  split(output, asked) {
    // An empty line ends what belongs to one.
    const blocks = `\n${output.toString()}`.split(/(?<=\n)\n/)
    return asked.map((_, index) => Buffer.from(`${(blocks[index] ?? '').replace(/^\n/, '')}\n`))
  },
  parse(raw) {
    const lines = raw.toString().split('\n')
    const rpms = lines.flatMap(rpmOf)
    const trouble = lines.find((line) => /rpm: (?:command )?not found/.test(line) || ERROR.test(line))
    if (rpms.length === 0 && trouble !== undefined) throw new UnreadableFact(trouble)
    return rpms
  },
  touchedBy: inDatabase,
})

/** An error that is not merely about a file that is not there. */
const ERROR = /^error: (?!file .*: No such file)/

function rpmOf(line: string): readonly Rpm[] {
  const [name, epoch, version, release, arch] = line.split('\t')
  return name === undefined || !epoch || !version || !release || arch === undefined
    ? []
    : [{ name, epoch: Number(epoch), version, release, arch }]
}

/** The installed packages that are meant by a name, `name-version`, a pattern of names, a path or a provide; below a root directory. */
export const rpm = (written: string, root = '/') => rpmFact([root, written])

const query = (from: string): string =>
  `rpm -qp --nosignature --nodigest --qf '${FORMAT}' ${from} 2>/dev/null | grep -v '^error:'`

const archiveFact = defineFact<readonly [source: string, insecure: string], Rpm | null>({
  name: 'rpm-archive',
  // A package's header is at its beginning: of what is far away, rpm reads no more than that.
  script: (asked) =>
    asked
      .map(([source, insecure]) => {
        if (!isUrl(source)) return `[ ! -f ${quote(source)} ] || ${query(quote(source))}\n`
        const word = quote(source)
        return `if command -v curl >/dev/null; then curl -fsSL ${insecure} --connect-timeout 20 -- ${word} 2>/dev/null | ${query('-')}
else wget -qO- ${insecure === '' ? '' : '--no-check-certificate'} -T 20 -- ${word} 2>/dev/null | ${query('-')}; fi\n`
      })
      .join(''),
  parse: (raw) => raw.toString().split('\n').flatMap(rpmOf)[0] ?? null,
  patience: 120,
  volatile: true,
})

/** Whether a package is named by where it can be fetched. */
export const isUrl = (written: string): boolean => /^(?:https?|ftp|file):\/\//.test(written)

/** What is in a package file on the host, or at a url; null where no package can be read there. */
export const rpmArchive = (source: string, insecure = false) => archiveFact([source, insecure ? '-k' : ''])
