import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

export type SelinuxMode = 'enforcing' | 'permissive' | 'disabled'

/** What the kernel does, and what it was told at boot. What the next boot brings is in the configuration file. */
export interface Selinux {
  /** What is in force now. */
  readonly running: SelinuxMode
  /** `selinux=` and `enforcing=` of the kernel's command line, as they stand there; they go before the configuration. */
  readonly kernel: readonly string[]
  /** Policies whose files are in the directory that was asked about, e.g. `targeted`. */
  readonly policies: readonly string[]
  /** grubby(8), which keeps the kernel's command line, is there. */
  readonly grubby: boolean
  /** The same words as `kernel`, of the default entry of the boot loader; as far as grubby says. */
  readonly nextKernel: readonly string[]
}

const kind = defineFact<string, Selinux>({
  name: 'selinux',
  script: ([directory = '']) => `PATH=$PATH:/usr/sbin:/sbin
if [ -r /sys/fs/selinux/enforce ]; then echo "running $(cat /sys/fs/selinux/enforce)"; else echo running; fi
for word in $(cat /proc/cmdline 2>/dev/null); do case $word in selinux=*|enforcing=*) echo "kernel $word" ;; esac; done
for policy in ${quote(directory)}/*/policy; do [ ! -d "$policy" ] || { policy=\${policy%/policy}; echo "policy \${policy##*/}"; }; done
if command -v grubby >/dev/null 2>&1; then
  echo grubby
  for word in $(grubby --info=DEFAULT 2>/dev/null | sed -n 's/^args="\\(.*\\)"$/\\1/p'); do
    case $word in selinux=*|enforcing=*) echo "next $word" ;; esac
  done
fi
`,
  parse(raw) {
    const lines = raw.toString('utf8').split('\n')
    const all = (name: string) =>
      lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
    const [enforce] = all('running')
    return {
      running:
        enforce === undefined || enforce === '' ? 'disabled' : enforce.trim() === '1' ? 'enforcing' : 'permissive',
      kernel: all('kernel'),
      policies: all('policy'),
      grubby: lines.includes('grubby'),
      nextKernel: all('next'),
    }
  },
})

/** SELinux as it runs. `directory` holds the policies: /etc/selinux. */
export const selinux = (directory = '/etc/selinux'): Fact<Selinux> => kind(directory)

/** A port or range of ports with its type (`semanage port -l`). */
export interface SelinuxPort {
  readonly type: string
  readonly protocol: string
  readonly from: number
  readonly to: number
}
export interface SelinuxPorts {
  /** False where semanage(8) is not installed. */
  readonly manageable: boolean
  readonly all: readonly SelinuxPort[]
  /** Those that were set on this host, not by the policy. */
  readonly local: readonly SelinuxPort[]
}

/* semanage takes seconds: it starts Python and reads the whole policy. */
const SEMANAGE = 'PATH=$PATH:/usr/sbin:/sbin; command -v semanage >/dev/null 2>&1 || { echo "!missing"; exit 0; }'
const list = (words: string): string => `semanage ${words} 2>&1 || echo "!$?"`

const ports = defineFact<string, SelinuxPorts>({
  name: 'selinux-ports',
  script: () => `${SEMANAGE}\n${list('port -l -n')}\necho ==\n${list('port -l -n -C')}`,
  parse(raw) {
    const text = raw.toString('utf8')
    if (text.startsWith('!missing')) return { manageable: false, all: [], local: [] }
    refuse(text)
    const [all = '', local = ''] = text.split('\n==\n')
    return { manageable: true, all: parsePorts(all), local: parsePorts(local) }
  },
  patience: 120,
})
/** The types of ports. */
export const selinuxPorts = (): Fact<SelinuxPorts> => ports('')

function refuse(text: string): void {
  if (!/^!\d+$/m.test(text)) return
  const said = text.split('\n').find((line) => line.trim() !== '' && !/^(?:!\d+|==)$/.test(line))
  throw new UnreadableFact(`semanage cannot tell: ${said ?? 'no answer'}; it needs root: become: true`)
}

/** Lines such as `http_port_t    tcp    80, 443, 8008-8010`. */
function parsePorts(text: string): readonly SelinuxPort[] {
  return text.split('\n').flatMap((line) => {
    const [, type = '', protocol = '', list = ''] = /^(\S+)\s+(\S+)\s+([\d, -]+)$/.exec(line.trim()) ?? []
    return list.split(',').flatMap((one) => {
      const [from, to] = one.trim().split('-').map(Number)
      return from === undefined || one.trim() === '' ? [] : [{ type, protocol, from, to: to ?? from }]
    })
  })
}

/** A boolean of the policy; both values are null where it has none of that name. */
export interface SelinuxBoolean {
  /** Null where SELinux does not run. */
  readonly running: boolean | null
  /** What the policy is loaded with; null where semanage does not say. */
  readonly kept: boolean | null
  /** False where semanage(8) is not installed. */
  readonly manageable: boolean
}
const booleans = defineFact<string, SelinuxBoolean>({
  name: 'selinux-boolean',
  script: ([name = '']) => `PATH=$PATH:/usr/sbin:/sbin
[ ! -r /sys/fs/selinux/booleans/${quote(name)} ] || { read -r now next </sys/fs/selinux/booleans/${quote(name)}; echo "running $now"; }
command -v semanage >/dev/null 2>&1 || exit 0
echo semanage
semanage boolean -l -n 2>&1 | awk -v name=${quote(name)} '$1 == name'`,
  parse(raw, name) {
    const text = raw.toString('utf8')
    const running = /^running (\d)/m.exec(text)?.[1]
    const kept = text.split('\n').find((line) => line.startsWith(`${name} `))
    return {
      running: running === undefined ? null : running === '1',
      kept: kept === undefined ? null : /\(\s*\w+\s*,\s*on\s*\)/.test(kept),
      manageable: /^semanage$/m.test(text),
    }
  },
  patience: 120,
})
/** A boolean of the policy. */
export const selinuxBoolean = (name: string): Fact<SelinuxBoolean> => booleans(name)

/** Of one path, what restorecon would give it. */
export interface Relabel {
  readonly path: string
  readonly before: string
  readonly after: string
}
const relabels = defineFact<readonly string[], readonly Relabel[]>({
  name: 'selinux-relabel',
  script: (params) =>
    params
      .map(
        ([path = '', ...flags]) =>
          `PATH=$PATH:/usr/sbin:/sbin; [ ! -e ${quote(path)} ] || restorecon -n -v ${flags.join(' ')} -- ${quote(path)} 2>&1 || echo "!$?"\n`,
      )
      .join(''),
  parse(raw) {
    const text = raw.toString('utf8')
    if (/^!\d+$/m.test(text)) throw new UnreadableFact(`restorecon cannot tell: ${text.replace(/^!\d+$/gm, '').trim()}`)
    return text.split('\n').flatMap((line) => {
      // restorecon 2.5 and older, and newer ones.
      const found =
        /^restorecon reset (?<path>.*) context (?<before>\S+)->(?<after>\S+)$/.exec(line) ??
        /^(?:Would relabel|Relabeled) (?<path>.*) from (?<before>\S+) to (?<after>\S+)$/.exec(line)
      const { path = '', before = '', after = '' } = found?.groups ?? {}
      return found === null ? [] : [{ path, before, after }]
    })
  },
  // New files and other rules are labelled otherwise.
  touchedBy: (path, [own = '']) =>
    path === own || path.startsWith(`${own.replace(/\/$/, '')}/`) || /^\/etc\/selinux\/.*\/file_contexts/.test(path),
  patience: 600,
})
/** What restorecon(8) would change below a path, of which it is told by its flags `-R` and `-F`. */
export const relabel = (path: string, options: { readonly recursive: boolean; readonly force: boolean }) =>
  relabels([path, ...(options.recursive ? ['-R'] : []), ...(options.force ? ['-F'] : [])])
