import type { LabNode } from '../lab/node.ts'

/** What is written to by a login as such: logs, records of who was there, the clock. */
const busy = ['/var/log', '/var/lib/systemd', '/var/cache', '/run', '/proc', '/sys', '/dev', '/tmp']

/**
 * All that a tool could change on a host, line by line: every file with its kind, size, mode, owner, time and target; what is in /etc and
 * on the disk; mounts, swaps, partitions, programs and units.
 */
export async function snapshot(node: LabNode): Promise<readonly string[]> {
  const pruned = busy.map((path) => `-path ${path}`).join(' -o ')
  const script = `
    # What starts with the host has started.
    systemctl is-system-running --wait >/dev/null || true
    cd /
    find / -xdev \\( ${pruned} \\) -prune -o -printf '%p %y %s %m %U:%G %T@ %l\\n' | sort
    find /etc -type f -print0 | sort -z | xargs -0 sha256sum
    cat /proc/self/mountinfo /proc/swaps
    # The disk's alone: the machine has disks of other hosts too.
    disk=$(basename "$(readlink /sys/dev/block/$(stat --format %Hr:%Lr /dev/vdb))")
    grep -E " $disk(p[0-9]+)?$" /proc/partitions; sfdisk --dump /dev/vdb 2>&1; head -c 64M /dev/vdb | sha256sum
    systemctl list-units --all --no-legend --plain --type=service,swap,mount,timer | grep -v -e '^user' -e '^session' -e '^run-user' | sort
  `
  return (await node.sh(script)).split('\n')
}

/** Lines of a snapshot that another one does not have, `-` and `+` in front. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const less = new Set(before)
  const more = new Set(after)
  return [
    ...before.filter((line) => !more.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !less.has(line)).map((line) => `+ ${line}`),
  ]
}
