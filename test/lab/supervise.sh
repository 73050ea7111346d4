#!/bin/sh
# Keeps a node running: supervise.sh "GROUP..." ROOT DISK COMMAND... enters the control groups and runs the command, again and again
# while it ends with 133, which is how systemd-nspawn says that the container reboots. Descriptor 3 is the lab's lock: it is held until
# other runs can see the node in its control groups.
for group in $1; do echo $$ >"$group/cgroup.procs" || exit; done
exec 3>&-
root=$2 disk=$3
shift 3
while :; do
	"$@"
	status=$?
	unshare --mount "${0%/*}/swap-off.sh" "$root" "$disk"
	[ "$status" = 133 ] || exit "$status"
done
