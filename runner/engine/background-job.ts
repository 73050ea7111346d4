import { defineModule, type Module, propose, refuse } from '../../modules/module.ts'
import type { Action, ActionResult, Step } from '../../modules/step.ts'

/** How a job on a host is doing. */
export type JobStatus =
  { readonly kind: 'missing' | 'lost' | 'running' | 'late' } | { readonly kind: 'ended'; readonly ran: ActionResult }

/** Whether steps are one program, which can go on by itself. */
export function isOneProgram(steps: readonly Step[]): boolean {
  const actions = steps.flatMap((step) => step.actions)
  return actions.length === 1 && actions[0]?.do === 'run'
}

/**
 * Starts the program that an action runs, in a session of its own. What it reads and prints, and how it ended, is kept in a directory that
 * only its user may enter; after its time it is ended with all that it started.
 */
export function startAction(action: Action, id: string, seconds: number): Action {
  if (action.do !== 'run') return action
  const { argv, do: _do, timeout: _timeout, accept: _accept, ...rest } = action
  return {
    ...rest,
    do: 'sh',
    title: 'start a task in the background',
    script: start,
    args: [id, String(seconds), supervise, ...argv],
  }
}

const start = `
mask=$(umask)
umask 077
job=\${HOME:-/tmp}/.drover_async/$1
mkdir -p "$job" && cat > "$job/stdin" || exit 1
limit=$2 supervise=$3
shift 3
umask "$mask"
setsid=$(command -v setsid) || setsid=
$setsid sh -c "$supervise" supervise "$job" "$limit" "$@" < /dev/null > /dev/null 2>&1 &
`

const supervise = `
trap '' HUP
job=$1 limit=$2
shift 2
mask=$(umask)
umask 077
: > "$job/stdout"
: > "$job/stderr"
date +%s > "$job/start"
echo "$$" > "$job/supervisor"
umask "$mask"
setsid=$(command -v setsid) || setsid=
$setsid "$@" < "$job/stdin" > "$job/stdout" 2> "$job/stderr" &
program=$!
$setsid sh -c '
  sleep "$3"
  : > "$1/late"
  kill -TERM "-$2" || kill -TERM "$2"
  sleep 2
  kill -KILL "-$2" || kill -KILL "$2"
' watch "$job" "$program" "$limit" > /dev/null 2>&1 &
watch=$!
wait "$program"
status=$?
[ -e "$job/late" ] || { kill -TERM "-$watch" || kill "$watch"; } 2> /dev/null
date +%s > "$job/end"
echo "$status" > "$job/status.new" && mv "$job/status.new" "$job/status"
`

const look = `
job=\${HOME:-/tmp}/.drover_async/$1
if [ "$2" = cleanup ]; then rm -rf "$job"; rmdir "\${job%/*}" 2> /dev/null; echo missing; exit; fi
[ -d "$job" ] || { echo missing; exit; }
if [ -e "$job/status" ]; then
  if [ -e "$job/late" ]; then echo late; exit; fi
  echo "ended $(cat "$job/status") $(cat "$job/start") $(cat "$job/end")"
  cat "$job/stdout"
  cat "$job/stderr" >&2
elif [ ! -e "$job/supervisor" ] || kill -0 "$(cat "$job/supervisor")" 2> /dev/null; then echo running
else echo lost
fi
`

/** A module that looks at a job, or removes it, and tells how it is doing. */
export function statusModule(tell: (status: JobStatus) => void): Module {
  return defineModule({
    name: 'async_status',
    summary: 'Look at a task that runs in the background on the host.',
    args: {
      type: 'object',
      required: ['jid', 'mode'],
      properties: { jid: { type: 'string' }, mode: { type: 'string' } },
    },
    examples: [],
    observe: () => Promise.resolve(null),
    plan({ jid, mode }) {
      if (!/^[A-Za-z0-9][\w.-]*$/.test(jid)) return refuse(`"${jid}" is not the ansible_job_id of a task`)
      const action: Action = { do: 'sh', title: 'look at a task in the background', script: look, args: [jid, mode] }
      return propose([{ change: { subject: `job ${jid}`, verb: 'run' }, actions: [action], effects: [] }], {
        changed: false,
      })
    },
    result(_args, _state, [ran]) {
      if (ran !== undefined) tell(statusOf(ran))
      return {}
    },
  })
}

function statusOf(looked: ActionResult): JobStatus {
  const newline = looked.stdout.indexOf('\n')
  const [word = '', ...numbers] = looked.stdout.subarray(0, newline).toString('latin1').split(' ')
  if (word === 'running' || word === 'lost' || word === 'late') return { kind: word }
  if (word !== 'ended') return { kind: 'missing' }
  const [status = 0, start = 0, end = 0] = numbers.map(Number)
  const ran = {
    status,
    start: start * 1000,
    end: end * 1000,
    stdout: looked.stdout.subarray(newline + 1),
    stderr: looked.stderr,
  }
  return { kind: 'ended', ran }
}
