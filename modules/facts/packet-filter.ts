import type { Fact } from '../fact.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import type { IpVersion } from '../lib/iptables-names.ts'
import { runningTable, type Table } from '../lib/iptables-table.ts'
import { commandLine } from '../lib/quote.ts'

/* Without comments, which hold the date, and counters, which always move. sbin is not in every user's path. */
const RULES = `PATH=$PATH:/usr/sbin:/sbin
rules() { # PROGRAM TABLE
  if ! command -v "$1" >/dev/null 2>&1; then echo "!$1 is not installed"; return; fi
  if ! out=$("$1" -t "$2" 2>&1); then printf '!%s\\n' "$out"; return; fi
  printf '%s\\n' "$out" | sed -e '/^#/d' -e 's/^\\(:[^ ]* [^ ]*\\) .*/\\1/'
}
`

const rules = defineFact<readonly string[], Table>({
  name: 'packet-filter',
  script: (params) =>
    RULES +
    params.map(([version, table = '']) => `rules ${commandLine([`${program(version)}-save`, table])}\n`).join(''),
  parse(raw, [version, table = '']) {
    const text = raw.toString('utf8')
    if (!text.startsWith('!')) return runningTable(text, table)
    throw new UnreadableFact(
      `cannot read the table ${table} of ${program(version)}: ${text.slice(1).trim()}${/denied|must be root/i.test(text) ? '; run the task with become: true' : ''}`,
    )
  },
})

const program = (version: string | undefined): string => (version === 'ipv6' ? 'ip6tables' : 'iptables')

/** A table of the packet filter as it is in force, by iptables-save(8). Unreadable for who may not read it, and where it is not installed. */
export const packetFilter = (version: IpVersion, table: string): Fact<Table> => rules([version, table])

/** Where a host keeps the rules that it loads at boot. */
export interface RulesStore {
  /** Null where the host has nothing that loads rules. */
  readonly path: string | null
  /** What loads it; null where nothing does yet. */
  readonly loader: string | null
  readonly enabled: boolean
}

/* The distributions' ways: iptables-persistent (Debian), iptables-services (RHEL), iptables of Arch, OpenRC's init script. */
const STORE = `store() { # PROGRAM DEBIAN
  enabled() { state=$(systemctl is-enabled "$1" 2>/dev/null) && [ "$state" = enabled ] && echo yes || echo no; }
  if command -v netfilter-persistent >/dev/null 2>&1 || [ -x /usr/sbin/netfilter-persistent ]; then
    echo "/etc/iptables/$2 netfilter-persistent $(enabled netfilter-persistent)"
  elif [ -f /etc/sysconfig/iptables-config ] || [ -x /usr/libexec/iptables/iptables.init ]; then
    echo "/etc/sysconfig/$1 $1 $(enabled "$1")"
  elif [ -x /etc/init.d/"$1" ] && [ -d /etc/conf.d ]; then
    save=; . "/etc/conf.d/$1" 2>/dev/null
    case $1 in iptables) save=$IPTABLES_SAVE ;; *) save=$IP6TABLES_SAVE ;; esac
    on=no; [ ! -e "/etc/runlevels/default/$1" ] && [ ! -e "/etc/runlevels/boot/$1" ] || on=yes
    echo "\${save:-/var/lib/$1/rules-save} $1 $on"
  elif [ -f "/usr/lib/systemd/system/$1.service" ]; then echo "/etc/iptables/$1.rules $1 $(enabled "$1")"
  elif [ -d /etc/sysconfig ]; then echo "/etc/sysconfig/$1 - no"
  elif [ -d /etc/iptables ]; then echo "/etc/iptables/$2 - no"
  else echo '- - no'; fi
}
`

const store = defineFact<string, RulesStore>({
  name: 'packet-filter-store',
  script: (versions) =>
    STORE +
    versions.map((version) => `store ${program(version)} ${version === 'ipv6' ? 'rules.v6' : 'rules.v4'}\n`).join(''),
  parse(raw) {
    const [path = '-', loader = '-', enabled] = raw.toString('utf8').trim().split(' ')
    return {
      path: path === '-' ? null : path,
      loader: loader === '-' ? null : loader,
      enabled: enabled === 'yes',
    }
  },
})
/** The file from which the host loads its rules at boot. */
export const rulesStore = (version: IpVersion): Fact<RulesStore> => store(version)
