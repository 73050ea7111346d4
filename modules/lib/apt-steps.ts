import { aptCache, deb, type Simulation } from '../facts/deb.ts'
import { unitsOf } from './package-units.ts'
import { anything, becomes, stale, type AttributeChange, type Effect, type ScriptAction, type Step } from '../step.ts'

/* $1 seconds to wait for dpkg's lock; $2 what policy-rc.d is to answer, or nothing; then apt-get's words. */
const RUN = `
patience=$1 policy=$2
shift 2
export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l
if [ -n "$policy" ] && [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
  printf '#!/bin/sh\\nexit %s\\n' "$policy" >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d || exit 1
fi
end=$(($(date +%s) + patience))
while :; do
  said=$(apt-get "$@" 2>&1 </dev/null)
  status=$?
  case $status:$said in
    0:*) ;;
    *'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock directory'*)
      if [ "$(date +%s)" -lt "$end" ]; then sleep 2; continue; fi
      said="the lock was not free within $patience seconds: $said" ;;
  esac
  break
done
if [ $status -eq 0 ]; then printf '%s\\n' "$said"; else printf '%s\\n' "$said" >&2; fi
[ $status -ne 0 ] || [ "$1" != update ] || touch /var/lib/apt/lists
exit $status
`

export interface AptRun {
  readonly lock_timeout: number
  readonly policy_rc_d?: number | undefined
}

export const aptGet = (run: AptRun, ...words: readonly string[]): ScriptAction => ({
  do: 'sh',
  title: `apt-get ${words.filter((word) => !word.startsWith('-') && !word.includes('::')).join(' ')}`,
  script: RUN,
  args: [String(run.lock_timeout), String(run.policy_rc_d ?? ''), ...words],
})

/** The step that fetches the lists of packages anew. */
export const updateStep = (run: AptRun): Step => ({
  change: { subject: 'lists of packages', verb: 'run' },
  actions: [aptGet(run, 'update')],
  effects: [stale(aptCache())],
})

const shown = (simulation: Simulation): readonly AttributeChange[] => [
  ...simulation.installs.map(({ name, before, after }) => ({ name, before, after })),
  ...simulation.removals.map(({ name, before }) => ({ name, before: before ?? 'present', after: null })),
]

/** The step that carries out what was simulated. `names` are those of the task: what dpkg has of them changes too. */
export function packageStep(simulation: Simulation, names: readonly string[], action: ScriptAction): Step {
  const changed = new Set([
    ...names,
    ...simulation.installs.map(({ name }) => name),
    ...simulation.removals.map(({ name }) => name),
  ])
  const known = new Map<string, Effect>([...changed].map((name) => [name, stale(deb(name))]))
  for (const { name, after } of simulation.installs)
    known.set(name, becomes(deb(name), [{ name, arch: '', version: after, status: 'installed' }]))
  for (const { name } of simulation.removals) known.set(name, becomes(deb(name), []))
  const removes = simulation.installs.length === 0 && simulation.removals.length > 0
  return {
    change: {
      subject: removes ? 'packages to remove' : 'packages',
      verb: removes ? 'remove' : 'update',
      attributes: shown(simulation),
    },
    actions: [action],
    // What a package brings along cannot be foreseen: anything may be read again.
    effects: [...known.values(), ...simulation.installs.flatMap(({ name }) => unitsOf(name)), anything],
  }
}
