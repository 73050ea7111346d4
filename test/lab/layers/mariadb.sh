#!/bin/sh
# MariaDB with Galera, haproxy, and a web server with PHP, as packaged; none starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	mariadb-server galera-4 rsync haproxy apache2 libapache2-mod-php php-mysql
systemctl --quiet disable mariadb.service haproxy.service apache2.service
