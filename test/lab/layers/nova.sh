#!/bin/sh
# OpenStack's compute service short of the packages that playbooks/spice-console installs: a repository on the node itself offers those.
set -eu
# ironic is the one driver that comes without a hypervisor.
packages='nova-common spice-html5 nova-consoleproxy nova-compute nova-compute-ironic'
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends $packages
apt-get -qq --yes purge $packages
mkdir /opt/repository
cd /opt/repository
for package in $packages; do cp /var/cache/apt/archives/"$package"_*.deb .; done
dpkg-scanpackages --multiversion . >Packages 2>/dev/null
rm -f /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/opt/repository ./' >/etc/apt/sources.list
# What takes the longest of an installation is of no interest here.
printf 'force-unsafe-io\n' >/etc/dpkg/dpkg.cfg.d/node
rm -f /var/lib/man-db/auto-update
# The real nova-compute says that it has started once a conductor has answered, and there is none: it runs, reads nova.conf and waits.
mkdir -p /etc/systemd/system/nova-compute.service.d
printf '[Service]\nType=simple\n' >/etc/systemd/system/nova-compute.service.d/lab.conf
