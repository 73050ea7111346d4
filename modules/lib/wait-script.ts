/** States of a TCP connection in the kernel's order, from 1 on (include/net/tcp_states.h). */
export const ACTIVE_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
] as const

/** Exit statuses of `WAIT`, 0 apart. */
export const LATE = 2

/*
 * $1 file, port or time; $2 present, absent or drained; $3 a path or host; $4 the port; $5 an extended regular expression or nothing; seconds:
 * $6 to wait, $7 before the first try, $8 between two, $9 for one; $10 the states of live connections as in /proc/net/tcp. Prints the lines that
 * match. Exit status 2: the time is over.
 */
export const WAIT = `
what=$1 wanted=$2 place=$3 port=$4 regex=$5 timeout=$6 delay=$7 pause=$8 patience=$9
shift 9
states=$1
has() { command -v "$1" >/dev/null 2>&1; }
tool=none
choose() {
  if has bash && has timeout && ! bash -c 'exec 3<>/dev/tcp/127.0.0.1/0' 2>&1 | grep -q 'No such file'; then tool=bash
  elif has python3; then tool=python3
  elif has nc; then tool=nc
  elif has perl; then tool=perl
  elif has curl; then tool=curl
  else
    case $place in
      127.* | localhost | ::1 | 0.0.0.0) tool=proc ;;
      *) echo "this host has nothing to connect with: install bash, nc, python3, perl or curl" >&2; exit 3 ;;
    esac
  fi
}
sockets() { # STATES
  awk -v port="$(printf %04X "$port")" -v states=" $1 " '
    index(states, " " $4 " ") && substr($2, length($2) - 3) == port { found = 1 }
    END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
connects() {
  case $tool in
    bash) timeout "$patience" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$place" "$port" 2>/dev/null ;;
    python3) python3 -c 'import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))' "$place" "$port" "$patience" 2>/dev/null ;;
    nc) nc -z -w "$patience" "$place" "$port" >/dev/null 2>&1 ;;
    perl) perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' "$place" "$port" "$patience" 2>/dev/null ;;
    curl)
      case $(curl -s -m "$patience" -o /dev/null -w '%{time_connect}' "telnet://$place:$port" </dev/null) in
        0.000000 | '') return 1 ;;
      esac ;;
    proc) sockets 0A ;;
  esac
}
says() {
  case $tool in
    bash) timeout "$patience" bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat <&3' "$place" "$port" 2>/dev/null ;;
    python3) python3 -c 'import os, socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3]))
while True:
    b = s.recv(4096)
    if not b: break
    os.write(1, b)' "$place" "$port" "$patience" 2>/dev/null ;;
    nc) nc -w "$patience" "$place" "$port" </dev/null 2>/dev/null ;;
    *) echo "this host has nothing to read a port with: install bash, nc or python3" >&2; exit 3 ;;
  esac
}
matches() { grep -aE -e "$regex"; }
holds() {
  case $what:$wanted:$regex in
    time:*) return 1 ;;
    file:present:) [ -e "$place" ] ;;
    file:present:*) [ -e "$place" ] && matches <"$place" ;;
    file:absent:) [ ! -e "$place" ] ;;
    file:absent:*) [ ! -e "$place" ] || ! matches <"$place" >/dev/null ;;
    port:drained:*) ! sockets "$states" ;;
    port:present:) connects ;;
    port:present:*) says | matches ;;
    port:absent:*) ! connects ;;
  esac
}
[ "$what" != port ] || choose
sleep "$delay"
end=$(($(date +%s) + timeout))
until holds; do
  [ "$(date +%s)" -lt $end ] || { [ "$what" = time ] && exit 0; exit 2; }
  sleep "$pause"
done
exit 0
`
