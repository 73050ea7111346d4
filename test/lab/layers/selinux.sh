#!/bin/sh
# SELinux with Debian's policy, enforcing, and a kernel for it. A container has the kernel of this machine, so there SELinux is disabled;
# the virtual machine (`vm.ts`) boots the same root, with its own network and devices.
set -eu

# Only what the virtual machine needs to find its root: all else is dead weight under emulation.
mkdir -p /etc/initramfs-tools/conf.d
printf 'MODULES=list\nCOMPRESS=lz4\n' >/etc/initramfs-tools/conf.d/lab
printf '%s\n' virtio_pci virtio_blk virtio_net ext4 >/etc/initramfs-tools/modules
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	linux-image-cloud-amd64 initramfs-tools lz4 selinux-basics selinux-policy-default policycoreutils-python-utils
sed -i 's/^SELINUX=.*/SELINUX=enforcing/; s/^SELINUXTYPE=.*/SELINUXTYPE=default/' /etc/selinux/config

# What makes a container look like a machine is not for one, and the other way round.
system=/etc/systemd/system
condition() { mkdir -p "$system/$1.d"; printf '[Unit]\nConditionVirtualization=%s\n' "$2" >"$system/$1.d/lab.conf"; }
for unit in lab-net lab-disks lab-fstab; do condition $unit.service container; done
for unit in systemd-udevd systemd-udev-trigger; do
	rm -f "$system/$unit.service"
	condition $unit.service vm
done
cat >$system/vm-net.service <<'UNIT'
[Unit]
Description=The machine's address (/etc/lab-net.env)
ConditionVirtualization=vm
DefaultDependencies=no
Before=network-pre.target network.target sysinit.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/etc/lab-net.env
ExecStart=ip addr add ${ADDRESS}/24 dev eth0
ExecStart=ip link set eth0 up
ExecStart=ip route add default via ${GATEWAY}

[Install]
WantedBy=sysinit.target
UNIT
systemctl --quiet enable vm-net.service
systemctl --quiet mask selinux-autorelabel-mark.service

# Files that each node gets are written over these, which keeps the labels.
touch /etc/lab-net.env /etc/ssh/lab_authorized_keys /etc/ssh/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key.pub
chmod 600 /etc/ssh/ssh_host_ed25519_key
# Labels can be written by a kernel without SELinux, which spares a boot that does nothing else. What is mounted here is not in the way.
mount --bind / /mnt
setfiles -m -F -r /mnt /etc/selinux/default/contexts/files/file_contexts /mnt
umount /mnt
rm -f /.autorelabel
