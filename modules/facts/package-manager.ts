import { defineFact } from '../fact.ts'

/** What installs rpm packages on a host, and which generation of it: yum 3, dnf 4 or dnf 5. */
export interface RpmManager {
  readonly program: 'dnf5' | 'dnf' | 'yum'
  readonly generation: 3 | 4 | 5
}

const rpmManagerFact = defineFact<string, RpmManager | null>({
  name: 'rpm-manager',
  script: () => `for program in dnf5 dnf yum; do
  path=$(command -v $program) && { echo $program "$(readlink -f "$path")"; break; }
done
`,
  parse(raw) {
    const [program, path = ''] = raw.toString().trim().split(' ')
    if (program !== 'dnf5' && program !== 'dnf' && program !== 'yum') return null
    // One may be a link to another.
    const real = path.slice(path.lastIndexOf('/') + 1)
    return { program, generation: real.startsWith('dnf5') ? 5 : real.startsWith('dnf') ? 4 : 3 }
  },
  touchedBy: (path) => path.startsWith('/usr/bin/'),
})
/** The host's dnf or yum; null where it has neither. */
export const rpmManager = () => rpmManagerFact('')

/** What the packages of a host are kept with. */
export type PackageManager = 'apt' | 'yum' | 'none'

const packageManagerFact = defineFact<string, PackageManager>({
  name: 'package-manager',
  // Debian has dnf, and Fedora apt, in its archive: the family's own comes first.
  script: () => `has() { command -v "$1" >/dev/null; }
if [ -e /etc/debian_version ] && has apt-get; then echo apt
elif has dnf5 || has dnf || has yum; then echo yum
elif has apt-get; then echo apt
else echo none; fi
`,
  parse(raw) {
    const word = raw.toString().trim()
    return word === 'apt' || word === 'yum' ? word : 'none'
  },
})
/** The package manager of the host's own family. */
export const packageManager = () => packageManagerFact('')
