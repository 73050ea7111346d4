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

/*
 * Where the policy is kept, as $store: by libsemanage 2.4 and newer, on EL7, and by older ones. What was set on this host stands there in files of
 * its own, which are read much faster than semanage tells; empty where they cannot be read.
 */
const STORE = `type=$(sed -n 's/^[[:space:]]*SELINUXTYPE[[:space:]]*=[[:space:]]*\\([^[:space:]]*\\).*/\\1/p' /etc/selinux/config 2>/dev/null | head -n 1)
for store in "/var/lib/selinux/$type/active" "/etc/selinux/$type/active" "/etc/selinux/$type/modules/active" ''; do
  [ ! -r "$store/commit_num" ] || break
done`

const ports = defineFact<string, SelinuxPorts>({
  name: 'selinux-ports',
  script: () => `${SEMANAGE}
${list('port -l -n')}
echo ==
${STORE}
if [ -z "$store" ]; then ${list('port -l -n -C')}
elif [ -r "$store/ports.local" ]; then
  awk '$1 == "portcon" { split($4, context, ":"); print context[3], $2, $3 }' "$store/ports.local"
fi`,
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

const booleans = defineFact<string, boolean | null>({
  name: 'selinux-boolean',
  script: ([name = '']) =>
    `[ ! -r /sys/fs/selinux/booleans/${quote(name)} ] || cat /sys/fs/selinux/booleans/${quote(name)}`,
  parse(raw) {
    const [now = ''] = raw.toString('utf8').trim().split(' ')
    return now === '' ? null : now === '1'
  },
})
/** What a boolean of the policy is now; null where SELinux does not run, or its policy has none of that name. */
export const selinuxBoolean = (name: string): Fact<boolean | null> => booleans(name)

/** What the policy is loaded with at boot. */
export interface KeptBoolean {
  /** False where semanage(8) is not installed. */
  readonly manageable: boolean
  /** Null where semanage does not say. */
  readonly kept: boolean | null
}
const keptBooleans = defineFact<string, KeptBoolean>({
  name: 'selinux-kept-boolean',
  script: ([name = '']) => `PATH=$PATH:/usr/sbin:/sbin
command -v semanage >/dev/null 2>&1 || exit 0
echo semanage
${STORE}
kept=$(awk -F = -v name=${quote(name)} '$1 == name { print $2 }' "$store/booleans.local" 2>/dev/null)
case $kept in
  0) echo ${quote(name)} '(?, off)' ;;
  1) echo ${quote(name)} '(?, on)' ;;
  *) semanage boolean -l -n 2>&1 | awk -v name=${quote(name)} '$1 == name' ;;
esac`,
  parse(raw, name) {
    const lines = raw.toString('utf8').split('\n')
    const kept = lines.find((line) => line.startsWith(`${name} `))
    return {
      manageable: lines.includes('semanage'),
      kept: kept === undefined ? null : /\(\s*[\w?]+\s*,\s*on\s*\)/.test(kept),
    }
  },
  patience: 120,
})
/** What a boolean of the policy is at boot. */
export const selinuxKeptBoolean = (name: string): Fact<KeptBoolean> => keptBooleans(name)

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
