#!/bin/sh
# OpenStack's identity service, set up on MariaDB: the user admin with the password that tests have, and a catalogue that has it at 127.0.0.1.
# Neither starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	mariadb-server keystone python3-pymysql uwsgi-plugin-python3
systemctl --quiet disable mariadb.service keystone.service

# Each login costs a quarter of a second otherwise.
cat >/etc/keystone/keystone.conf <<-'EOF'
	[database]
	connection = mysql+pymysql://keystone:keystone@localhost/keystone?unix_socket=/run/mysqld/mysqld.sock
	[identity]
	password_hash_rounds = 4
EOF
sed -i -e '/^apparmor-profile/d' -e 's/^processes *=.*/processes = 2/' /etc/keystone/keystone-uwsgi.ini
install -d -o mysql /run/mysqld
mariadbd --user=mysql --skip-networking &
until mariadb-admin --silent ping 2>/dev/null; do sleep 0.2; done
mariadb -e "create database keystone; grant all on keystone.* to keystone@localhost identified by 'keystone'"
keystone-manage db_sync
keystone-manage fernet_setup --keystone-user keystone --keystone-group keystone
keystone-manage credential_setup --keystone-user keystone --keystone-group keystone
keystone-manage bootstrap --bootstrap-password 'it is "secret"' --bootstrap-region-id RegionOne \
	--bootstrap-admin-url http://127.0.0.1:5000/v3/ --bootstrap-internal-url http://127.0.0.1:5000/v3/ \
	--bootstrap-public-url http://127.0.0.1:5000/v3/
chown -R keystone:keystone /var/log/keystone
mariadb-admin shutdown
wait
