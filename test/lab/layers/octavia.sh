#!/bin/sh
# OpenStack's load balancers and networks, the identity service that both need, and haproxy, set up on MariaDB: the user admin with the password
# that tests have, a catalogue, each service's tables. None starts before it is told to.
set -eu
apt-get -qq update
apt-get -qq --yes -o APT::Keep-Downloaded-Packages=true install --no-install-recommends \
	mariadb-server keystone octavia-api neutron-api haproxy memcached python3-memcache python3-pymysql uwsgi-plugin-python3 curl
systemctl --quiet disable mariadb.service keystone.service octavia-api.service neutron-api.service haproxy.service memcached.service

database() {
	printf '[database]\nconnection = mysql+pymysql://%s:%s@localhost/%s?unix_socket=/run/mysqld/mysqld.sock\n' "$1" "$1" "$1"
}
authtoken() {
	cat <<-'EOF'
		[keystone_authtoken]
		auth_url = http://127.0.0.1:5000
		www_authenticate_uri = http://127.0.0.1:5000
		auth_type = password
		username = admin
		password = 'it is "secret"'
		project_name = admin
		user_domain_name = Default
		project_domain_name = Default
		memcached_servers = 127.0.0.1:11211
	EOF
}
{
	database keystone
	# Each login costs a quarter of a second otherwise.
	printf '[identity]\npassword_hash_rounds = 4\n'
} >/etc/keystone/keystone.conf
# No driver makes anything: what is asked for stays PENDING until the tests' agent has made it.
{
	database octavia
	authtoken
	cat <<-'EOF'
		[api_settings]
		auth_strategy = keystone
		enabled_provider_drivers = noop_driver:nothing
		default_provider_driver = noop_driver
		[controller_worker]
		network_driver = network_noop_driver
		compute_driver = compute_noop_driver
		amphora_driver = amphora_noop_driver
		volume_driver = volume_noop_driver
		image_driver = image_noop_driver
	EOF
} >/etc/octavia/octavia.conf
# No agents, and so no messages to them.
{
	cat <<-'EOF'
		[DEFAULT]
		auth_strategy = keystone
		core_plugin = ml2
		service_plugins = router
		transport_url = fake:/
		notify_nova_on_port_status_changes = False
		notify_nova_on_port_data_changes = False
		[oslo_concurrency]
		lock_path = /var/lock/neutron
	EOF
	database neutron
	authtoken
} >/etc/neutron/neutron.conf
cat >/etc/neutron/plugins/ml2/ml2_conf.ini <<-'EOF'
	[ml2]
	type_drivers = local,flat
	tenant_network_types = local
	mechanism_drivers =
	[ml2_type_flat]
	flat_networks = *
EOF
sed -i -e '/^apparmor-profile/d' -e 's/^processes *=.*/processes = 1/' -e 's/^threads *=.*/threads = 4/' \
	/etc/keystone/keystone-uwsgi.ini /etc/octavia/octavia-api-uwsgi.ini /etc/neutron/neutron-api-uwsgi.ini

install -d -o mysql /run/mysqld
mariadbd --user=mysql --skip-networking &
until mariadb-admin --silent ping 2>/dev/null; do sleep 0.2; done
for name in keystone octavia neutron; do
	mariadb -e "create database $name; grant all on $name.* to $name@localhost identified by '$name'"
done
as() { su -s /bin/sh "$1" -c "$2"; }
keystone-manage db_sync
keystone-manage fernet_setup --keystone-user keystone --keystone-group keystone
keystone-manage credential_setup --keystone-user keystone --keystone-group keystone
keystone-manage bootstrap --bootstrap-password 'it is "secret"' --bootstrap-region-id RegionOne \
	--bootstrap-public-url http://127.0.0.1:5000/v3 --bootstrap-internal-url http://127.0.0.1:5000/v3
# The API of the identity service does not run yet.
for service in octavia:load-balancer:9876 neutron:network:9696; do
	name=${service%%:*} port=${service##*:} type=${service#*:}
	mariadb keystone -e "insert into service (id, type, enabled, extra) values (md5('$name'), '${type%:*}', 1, '{\"name\": \"$name\"}');
		insert into endpoint (id, interface, service_id, url, extra, enabled, region_id)
		values (md5('$name'), 'public', md5('$name'), 'http://127.0.0.1:$port', '{}', 1, 'RegionOne')"
done
chown -R keystone:keystone /var/log/keystone
as octavia 'octavia-db-manage upgrade head'
as neutron 'neutron-db-manage --config-file /etc/neutron/neutron.conf --config-file /etc/neutron/plugins/ml2/ml2_conf.ini upgrade heads'
mariadb-admin shutdown
wait
