#!/bin/sh
# OpenStack's identity service on MariaDB; neither starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	mariadb-server keystone python3-pymysql uwsgi-plugin-python3
systemctl --quiet disable mariadb.service keystone.service
