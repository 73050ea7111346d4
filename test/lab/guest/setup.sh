#!/bin/sh
# Makes a plain Debian into a lab node; runs in the node's root, before its first boot.
set -eu
rm -f /etc/ssh/ssh_host_*

for user in ops locked noisy; do useradd --create-home --shell /bin/bash "$user"; done
useradd --create-home --shell /usr/bin/fish fish
ln -s busybox /bin/ash
echo /bin/ash >>/etc/shells
useradd --create-home --shell /bin/ash ash
echo 'locked:drover-lab' | chpasswd
printf '%s\n' "printf '*** Welcome to %s ***\\n' \"\$(hostname)\"" >/home/noisy/.bashrc
chmod 440 /etc/sudoers.d/lab

for tool in sfdisk fdisk cfdisk sgdisk gdisk parted partprobe partx; do
	! command -v "$tool" >/dev/null || ln -s disk-tool "/usr/local/sbin/$tool"
done

# A distribution's repositories of rpm packages, in small.
rpms=/usr/local/share/rpms
for package in 'socat 1.8' 'rsync 3.2' 'nginx 1.20' 'nginx 1.26' 'telnet 0.17 Requires:libtelnet' 'libtelnet 0.23'; do
	set -- $package
	make-rpm $rpms/lab "$1" "$2" ${3:+"${3%:*}: ${3#*:}"}
done
make-rpm $rpms/epel htop 3.3
for repository in $rpms/*; do createrepo_c --quiet --no-database "$repository"; done
rpm --initdb

systemctl --quiet enable lab-net.service lab-disks.service lab-fstab.service
systemctl --quiet mask systemd-networkd.service systemd-resolved.service systemd-timesyncd.service console-getty.service \
	apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer dnf-makecache.timer e2scrub_all.timer fstrim.timer man-db.timer \
	systemd-udevd.service systemd-udev-trigger.service
