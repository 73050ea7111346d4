/**
 * A script that runs dnf or yum as soon as nobody else does: $1 seconds to wait; $2 the root directory below which packages
 * are to change, or nothing where only reading is meant; then the command. Where it has waited for too long, it names who holds the lock and ends with 200.
 */
export const WAIT_AND_RUN = `
patience=$1 root=$2
shift 2
export LC_ALL=C LANGUAGE=C
locks=
[ -z "$root" ] || locks="\${root%/}$(rpm --eval '%{?_rpmlock_path}') \${root%/}/run/dnf/rpmtransaction.lock"
# /proc/locks: ORDINAL: KIND ADVISORY WRITE PID MAJOR:MINOR:INODE START END
holder() {
  for inode in $(stat -c %i $locks 2>/dev/null); do
    while read -r _ kind _ mode pid file _; do
      case $kind:$mode:$file in *:WRITE:*:"$inode") echo "$pid"; return ;; esac
    done </proc/locks
  done
}
end=$(($(date +%s) + patience))
while :; do
  pid= said= status=200
  [ -z "$locks" ] || pid=$(holder)
  if [ -z "$pid" ]; then
    said=$("$@" 2>&1 </dev/null)
    status=$?
    case $status:$said in
      0:*) break ;;
      *'already locked by '*) pid=$(printf '%s\\n' "$said" | sed -n 's/.*already locked by \\([0-9]*\\).*/\\1/p' | head -n 1) ;;
      *'running as pid '*) pid=$(printf '%s\\n' "$said" | sed -n 's/.*running as pid \\([0-9]*\\).*/\\1/p' | head -n 1) ;;
      *) pid=$([ -z "$locks" ] || holder) ;;
    esac
    [ -n "$pid" ] || break
  fi
  if [ "$(date +%s)" -ge "$end" ]; then
    command=$(tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")
    status=200 said="Error: another program has locked the packages, and did not end within $patience seconds: process $pid (\${command% })"
    break
  fi
  sleep 1
done
if [ $status -eq 0 ]; then printf '%s\\n' "$said"; else printf '%s\\n' "$said" >&2; fi
exit $status
`
