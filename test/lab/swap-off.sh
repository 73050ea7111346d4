#!/bin/sh
# Ends swapping to a dead node's disks: swap-off.sh ROOT DISK, in a mount namespace of its own. Swap belongs to the kernel and outlives
# the node; then its disks cannot be freed, and a reboot is not like one. /proc/swaps gives a path in a file system that it does not
# name, so it is tried in each of the node's: swapoff(2) refuses a file that is not in use.
root=$1 disk=$2

try_below() {
	tail -n +2 /proc/swaps | while read -r path kind rest; do
		file=$1$(printf '%b' "$path")
		[ "$kind" != file ] || [ ! -f "$file" ] || swapoff "$file" 2>/dev/null
	done
}

[ "$(wc -l </proc/swaps)" -gt 1 ] || exit 0
try_below "$root"
for device in "$disk" "$disk"p*; do
	[ -b "$device" ] || continue
	swapoff "$device" 2>/dev/null || :
	! mount "$device" /mnt 2>/dev/null || { try_below /mnt; umount /mnt; }
done
exit 0
