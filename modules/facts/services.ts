import type { Fact } from '../fact.ts'
import { defineFact } from '../fact.ts'

/** A service as Ansible's service_facts tells it. */
export interface Service {
  readonly name: string
  /** running, stopped; for what systemd has not loaded: active, inactive, unknown. */
  readonly state: string
  /** Whether it is started with the host; of a failed, masked or missing one, that. */
  readonly status?: string
  readonly runlevel?: string
  readonly source: 'systemd' | 'sysv' | 'openrc'
}

/*
 * What systemd has loaded; its unit files; of those that are not loaded, whether what they stand for is active; then what other
 * managers say. Each line begins with what it is.
 */
const script = `if [ -d /run/systemd/system ]; then
  systemctl list-units --no-pager --type=service --all --plain --no-legend 2>/dev/null | sed 's/^[^ A-Za-z0-9_]* */unit /'
  files=$(systemctl list-unit-files --no-pager --type=service --all --no-legend 2>/dev/null)
  printf '%s\\n' "$files" | sed 's/^/file /'
  set -f; set --
  for name in $(printf '%s\\n' "$files" | awk '$1 !~ /@\\.service$/ { print $1 }'); do set -- "$@" "$name"; done
  [ $# -eq 0 ] || systemctl show --no-pager -p ActiveState -- "$@" 2>/dev/null | awk 'NF { sub(/^[^=]*=/, ""); print }' | {
    while read -r state; do printf 'active %s %s\\n' "$1" "$state"; shift; done
  }
fi
if [ -d /run/openrc ] && command -v rc-status >/dev/null; then rc-status -a -C 2>/dev/null | sed 's/^/rc /'
elif command -v service >/dev/null && command -v update-rc.d >/dev/null; then service --status-all 2>&1 | sed 's/^/sysv /'
elif command -v chkconfig >/dev/null; then
  chkconfig --list --type sysv 2>/dev/null | while read -r name levels; do
    case $levels in *0:*) ;; *) continue ;; esac
    if service "$name" status >/dev/null 2>&1; then state=running; else state=stopped; fi
    case $levels in *3:on*) status=enabled ;; *) status=disabled ;; esac
    printf 'chkconfig %s %s %s\\n' "$name" "$state" "$status"
  done
fi
:
`

const fact = defineFact<string, readonly Service[]>({
  name: 'services',
  script: () => script,
  parse: (raw) => parseServices(raw.toString('utf8')),
  touchedBy: (path) => /\/systemd\/|^\/etc\/(?:init|rc)\b/.test(path),
  volatile: true,
})
/** All services of a host, by whatever keeps them. */
export const services = (): Fact<readonly Service[]> => fact('')

const BAD = ['not-found', 'masked', 'failed']

/** What the script prints. */
export function parseServices(text: string): readonly Service[] {
  const found = new Map<string, Service>()
  const statuses = new Map<string, string>()
  let runlevel = ''
  for (const line of text.split('\n')) {
    const [kind = '', ...words] = line.trim().split(/\s+/)
    const [name = '', second = '', third = '', fourth = ''] = words
    if (kind === 'unit' && name.endsWith('.service')) {
      const bad = BAD.find((word) => word === second || word === third)
      found.set(name, {
        name,
        state: fourth === 'running' ? 'running' : 'stopped',
        status: bad ?? third,
        source: 'systemd',
      })
    } else if (kind === 'file' && second !== '') {
      statuses.set(name, second)
      const loaded = found.get(name)
      if (loaded === undefined) found.set(name, { name, state: 'unknown', status: second, source: 'systemd' })
      else if (!BAD.includes(loaded.status ?? '')) found.set(name, { ...loaded, status: second })
    } else if (kind === 'active') {
      const listed = found.get(name)
      if (listed?.state === 'unknown') found.set(name, { ...listed, state: second })
    } else if (kind === 'sysv') {
      const [, sign = '', service = ''] = /\[\s*([+?-])\s*\]\s+(\S+)/.exec(line) ?? []
      if (service === '') continue
      const state = sign === '+' ? 'running' : sign === '-' ? 'stopped' : 'unknown'
      found.set(service, { name: service, state, source: 'sysv' })
    } else if (kind === 'chkconfig') found.set(name, { name, state: second, status: third, source: 'sysv' })
    else if (kind === 'rc') {
      runlevel = /Runlevel:\s*(\S+)/.exec(line)?.[1] ?? runlevel
      const [, service = '', state = ''] = /^rc\s+(\S+)\s+\[\s*(\S+)/.exec(line) ?? []
      if (service !== '') found.set(service, { name: service, runlevel, state, source: 'openrc' })
    }
  }
  return [...found.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1))
}
