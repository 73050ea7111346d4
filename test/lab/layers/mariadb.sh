#!/bin/sh
# MariaDB with Galera, as packaged; neither starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends mariadb-server galera-4 rsync
systemctl --quiet disable mariadb.service
