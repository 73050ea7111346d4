import { setTimeout as sleep } from 'node:timers/promises'
import type { Opening } from './job.ts'
import type { Reply } from './transport.ts'

/** What is to be ended: the processes of one request, or with `whole` the long-lived shell too. */
export interface Target extends Opening {
  readonly whole: boolean
}

const GRACE = 2_000
const PATIENCE = 10_000

/**
 * Ends a request's processes, from another shell of the same identity: SIGTERM to all of them, SIGKILL to those that are left 2 s
 * later, again each second for 10 s. `over` resolves when the request's frame is whole. What a script detached from itself before
 * (its parent ended, so that it has another) is not found.
 */
export async function endProcesses(
  target: Target,
  over: Promise<void>,
  run: (script: string) => Promise<Reply>,
): Promise<void> {
  let isOver = false
  const ended = (async (): Promise<void> => {
    await over
    isOver = true
  })()
  let left = pids(await run(signalScript(target, 'TERM', [])))
  const killFrom = performance.now() + GRACE
  await Promise.race([ended, sleep(GRACE, undefined, { ref: false })])
  for (;;) {
    left = left.length === 0 ? left : pids(await run(aliveScript(left)))
    if (isOver && left.length === 0) return
    if (performance.now() >= killFrom) break
    await sleep(100)
  }
  for (const deadline = performance.now() + PATIENCE; performance.now() < deadline;) {
    await run(signalScript(target, 'KILL', left))
    await Promise.race([ended, sleep(1_000, undefined, { ref: false })])
    if (isOver) return
  }
}

const pids = (reply: Reply): readonly number[] => reply.stdout.toString().split(/\s+/).filter(Boolean).map(Number)

/** Prints those that still run; one that has ended and was not yet waited for does not. */
const aliveScript = (left: readonly number[]): string => `
for pid in ${left.join(' ')}; do
  kill -0 $pid 2>/dev/null || continue
  line=; read -r line 2>/dev/null </proc/$pid/stat
  case \${line##*) } in Z*) ;; *) echo $pid ;; esac
done
:`

/**
 * Signals the descendants of the target and what is left of those found before; prints them. All are stopped first, or a script would go
 * on when its child ends before it. A subshell counts only while it is the shell's child: the next request may have begun meanwhile.
 */
export function signalScript(target: Target, signal: 'TERM' | 'KILL', before: readonly number[]): string {
  const { shell, subshell, whole } = target
  const root = whole || subshell === undefined ? `found=" ${shell} "` : `found=" "; root="${subshell} ${shell}"`
  return `
pairs=$(ps -A -o pid= -o ppid= 2>/dev/null) || pairs=$(
  for stat in /proc/[0-9]*/stat; do
    read -r line 2>/dev/null <$stat || continue
    pid=\${line%% *}; set -- \${line##*) }; echo "$pid $2"
  done
)
root=; ${root}
more=yes
while [ "$more" ]; do
  more=; pid=
  for word in $pairs; do
    if [ -z "$pid" ]; then pid=$word; continue; fi
    case $found in
    *" $pid "*) ;;
    *" $word "*) found="$found$pid "; more=yes ;;
    *) [ "$pid $word" = "$root" ] && { found="$found$pid "; more=yes; } ;;
    esac
    pid=
  done
done
${whole ? `kill -KILL ${shell} 2>/dev/null` : ':'}
list="${before.join(' ')}"; for pid in $found; do [ $pid = ${shell} ] || list="$list $pid"; done
if [ "$list" ]; then
  kill -STOP $list; kill -${signal} $list; kill -CONT $list
fi 2>/dev/null
echo $list
:`
}
