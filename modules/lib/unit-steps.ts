import { unit, unitBefore, type Unit, type UnitScope } from '../facts/unit.ts'
import type { Action, AttributeChange, Effect, Step } from '../step.ts'
import { becomes } from '../step.ts'

/* $1 scope, then systemctl's words. A user's own manager is only reached with the directory of its socket. */
const CALL = `
scope=$1; shift
[ "$scope" != user ] || export XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
exec systemctl --no-pager "--$scope" "$@"
`

/** systemctl, for a scope. */
export function systemctl(scope: UnitScope, ...words: readonly string[]): Action {
  return scope === 'system'
    ? { do: 'run', argv: ['systemctl', ...words] }
    : { do: 'sh', title: `systemctl ${words.join(' ')}`, script: CALL, args: [scope, ...words] }
}

/*
 * $1 scope, $2 verb, $3 unit, $4 seconds to wait while the unit is on its way. Where the job fails, or the unit is not as it should be
 * afterwards, the end of its journal tells why.
 */
const JOB = `
scope=$1 verb=$2 unit=$3 patience=$4
[ "$scope" != user ] || export XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
say() { systemctl --no-pager "--$scope" show -p "$1" -- "$unit" | cut -d= -f2-; }
tell() {
  if [ "$scope" = user ]; then journalctl --user --no-pager -q -n 20 -o short -u "$unit" >&2
  else journalctl --no-pager -q -n 20 -o short -u "$unit" >&2; fi
  echo "$unit is $(say ActiveState) ($(say SubState)), result $(say Result)" >&2
  exit 1
}
systemctl --no-pager "--$scope" "$verb" -- "$unit" || tell
while :; do
  state=$(say ActiveState)
  case $state in activating|deactivating|reloading|refreshing) ;; *) break ;; esac
  [ "$patience" -gt 0 ] || tell
  patience=$((patience - 1)); sleep 1
done
case $verb in
  stop) case $state in inactive|failed) ;; *) tell ;; esac ;;
  *) [ "$state" = active ] || [ "$(say Result)" = success ] || tell ;;
esac
`

/** Seconds that a unit may be activating, deactivating or reloading after systemctl has come back. */
const PATIENCE = 90

export type UnitVerb = 'start' | 'stop' | 'restart' | 'reload'

/** A job for a unit; with `block: false` its end is not waited for. */
export const unitJob = (scope: UnitScope, verb: UnitVerb, name: string, block: boolean): Action =>
  block
    ? { do: 'sh', title: `${verb} ${name}`, script: JOB, args: [scope, verb, name, String(PATIENCE)] }
    : systemctl(scope, '--no-block', verb, '--', name)

/** A step that changes a unit's properties: known under all of its names. */
export function unitStep(
  change: { readonly verb: 'update' | 'run'; readonly name: string; readonly attributes: readonly AttributeChange[] },
  actions: readonly Action[],
  scope: UnitScope,
  after: Unit,
  others: readonly Effect[] = [],
): Step {
  return {
    change: { subject: `unit ${change.name}`, verb: change.verb, attributes: change.attributes },
    actions,
    effects: [...unitBecomes(change.name, scope, after), ...others],
  }
}

/** A unit is the same under each of its names; those of a service without a suffix in front of it, too. */
export function unitBecomes(name: string, scope: UnitScope, after: Unit): readonly Effect[] {
  const names = [...new Set([name, ...(after['Names'] ?? '').split(' ').filter(Boolean)])]
  return names.flatMap((one) => [becomes(unit(one, scope), after), becomes(unitBefore(one, scope), after)])
}
