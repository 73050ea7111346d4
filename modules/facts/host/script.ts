import { quote } from '../../lib/quote.ts'

/**
 * Files of which every line is read, by one process: `grep ''` prints each with its path in front. Patterns that match nothing are
 * passed over.
 */
const FILES = `
/etc/os-release /usr/lib/os-release /etc/debian_version /etc/redhat-release /etc/centos-release /etc/oracle-release /etc/alpine-release
/etc/system-release /etc/lsb-release /etc/machine-id /var/lib/dbus/machine-id /etc/resolv.conf /etc/selinux/config
/etc/ssh/ssh_host_*_key.pub
/proc/meminfo /proc/cpuinfo /proc/mounts /proc/self/mountinfo /proc/cmdline /proc/uptime /proc/loadavg /proc/self/status /proc/1/comm /proc/1/cgroup
/proc/net/route /proc/net/ipv6_route /proc/net/if_inet6 /proc/xen/capabilities
/proc/sys/kernel/ostype /proc/sys/kernel/osrelease /proc/sys/kernel/version /proc/sys/kernel/hostname /proc/sys/crypto/fips_enabled
/sys/fs/selinux/enforce /sys/fs/selinux/policyvers /sys/hypervisor/type /run/systemd/container /run/host/container-manager
/sys/class/dmi/id/bios_date /sys/class/dmi/id/bios_vendor /sys/class/dmi/id/bios_version /sys/class/dmi/id/board_asset_tag
/sys/class/dmi/id/board_name /sys/class/dmi/id/board_serial /sys/class/dmi/id/board_vendor /sys/class/dmi/id/board_version
/sys/class/dmi/id/chassis_asset_tag /sys/class/dmi/id/chassis_serial /sys/class/dmi/id/chassis_type /sys/class/dmi/id/chassis_vendor
/sys/class/dmi/id/chassis_version /sys/class/dmi/id/product_name /sys/class/dmi/id/product_serial /sys/class/dmi/id/product_uuid
/sys/class/dmi/id/product_version /sys/class/dmi/id/sys_vendor
/sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/type /sys/class/net/*/flags /sys/class/net/*/speed
/sys/class/net/*/bridge/stp_state /sys/class/net/*/bonding/mode /sys/class/net/*/bonding/slaves
/sys/block/*/size /sys/block/*/removable /sys/block/*/device/model /sys/block/*/device/vendor /sys/block/*/queue/rotational
/sys/block/*/queue/scheduler /sys/block/*/queue/logical_block_size /sys/block/*/queue/discard_granularity
/sys/block/*/*/partition /sys/block/*/*/start /sys/block/*/*/size
`
  .trim()
  .replaceAll('\n', ' ')

/** Programs whose being there tells the package manager, most telling first. */
export const PACKAGE_MANAGERS: readonly (readonly [path: string, name: string])[] = [
  ['/usr/bin/dnf5', 'dnf5'],
  ['/usr/bin/dnf-3', 'dnf'],
  ['/usr/bin/microdnf', 'dnf'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/sbin/apk', 'apk'],
  ['/usr/bin/pacman', 'pacman'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/bin/swupd', 'swupd'],
  ['/bin/opkg', 'opkg'],
]

/** Paths whose being there says what the host runs in or on. */
const MARKS =
  '/run/systemd/system /run/openrc/softlevel /.dockerenv /run/.containerenv /proc/xen /proc/vz /proc/bc /proc/lxc /dev/kvm /sys/kernel/security/apparmor /usr/lib/python3/dist-packages/selinux'

/**
 * Reads all facts. A section is a line that starts with the byte 1, and what follows. Few processes: grep for all files, stat for all
 * mount points, and one each for what only a program knows. What might hang (a dead file server, a name server) gets two seconds.
 */
export const hostScript = (factPath: string): string => `
section() { printf '\\001%s\\n' "$1"; }
limit=; command -v timeout >/dev/null && limit='timeout 2'
section files; grep -s '' ${FILES} /dev/null
section machine; uname -m
section fqdn; $limit hostname -f 2>/dev/null
section date; date '+%Y %m %d %H %M %S %s %w %A %W %Z %z %N'
section id; id
section passwd
user=$(id -un 2>/dev/null)
while IFS= read -r line; do case $line in "$user":*) printf '%s\\n' "$line"; break ;; esac; done 2>/dev/null </etc/passwd
section getent; [ -n "$line" ] || getent passwd "$user" 2>/dev/null
section addresses; ip -4 -o addr show 2>/dev/null
section links; lsblk -rnpo NAME,UUID,LABEL 2>/dev/null
section roots; stat -L -c '%d:%i' / /proc/1/root/. 2>/dev/null
section marks; for path in ${MARKS} ${PACKAGE_MANAGERS.map(([path]) => path).join(' ')}; do [ ! -e "$path" ] || printf '%s\\n' "$path"; done
section python
for python in /usr/bin/python3 python3 /usr/libexec/platform-python python; do
  $python -ISc 'import sys
v = sys.version_info
print(sys.executable, sys.implementation.name, *v)' 2>/dev/null && break
done
section mounts
set --
while read -r device target type rest; do
  case $device in /*|*:/*) ;; *) continue ;; esac
  case $target in *\\\\*) target=$(printf '%bx' "$(printf '%s' "$target" | sed 's/\\\\\\([0-7][0-7][0-7]\\)/\\\\0\\1/g')"); target=\${target%x} ;; esac
  set -- "$@" "$target"
done </proc/mounts
[ $# -eq 0 ] || $limit stat -f -c '%s %S %b %f %a %c %d %n' -- "$@" 2>/dev/null
for fact in ${quote(factPath)}/*.fact; do
  [ -e "$fact" ] || continue
  section "local \${fact##*/}"
  if [ -x "$fact" ]; then $limit "$fact" </dev/null 2>&1; else cat -- "$fact"; fi
done
section env; env -0 2>/dev/null || env
:`
