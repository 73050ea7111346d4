import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../../lab/node.ts'

/** The administrator's password. */
export const adminPassword = 'it is "secret"'

const setUp = `
set -eu
systemctl start mariadb
mariadb -e "create database keystone; grant all on keystone.* to keystone@localhost identified by 'keystone'"
printf '[database]\\nconnection = mysql+pymysql://keystone:keystone@localhost/keystone?unix_socket=/run/mysqld/mysqld.sock\\n[identity]\\npassword_hash_rounds = 4\\n' >/etc/keystone/keystone.conf
sed -i -e '/^apparmor-profile/d' -e 's/^processes *=.*/processes = 2/' /etc/keystone/keystone-uwsgi.ini
keystone-manage db_sync
keystone-manage fernet_setup --keystone-user keystone --keystone-group keystone
keystone-manage credential_setup --keystone-user keystone --keystone-group keystone
read -r password
keystone-manage bootstrap --bootstrap-password "$password" --bootstrap-region-id RegionOne --bootstrap-admin-url http://$1:5000/v3/ \\
	--bootstrap-internal-url http://$1:5000/v3/ --bootstrap-public-url http://$1:5000/v3/
chown -R keystone:keystone /var/log/keystone
systemctl restart keystone
for second in $(seq 60); do ! curl -sf http://127.0.0.1:5000/v3 >/dev/null || exit 0; sleep 1; done
journalctl -u keystone | tail -n 20 >&2
exit 1
`

/** Makes a node into an OpenStack identity service on port 5000, with the user admin and a catalogue of its own, which has it at `host`. */
export async function startKeystone(node: LabNode, host = '127.0.0.1'): Promise<void> {
  await node.reset('keystone')
  await node.sh('cat >/root/keystone.sh', { input: setUp })
  await node.sh(`sh /root/keystone.sh ${host}`, { input: `${adminPassword}\n`, timeout: 120_000 })
}

const v2 = readFileSync(join(import.meta.dirname, 'keystone-v2.py'), 'utf8')

/** Has an identity service answer on port 35357 as Kilo's did, by the API v2.0 besides v3. */
export async function speakV2(node: LabNode): Promise<void> {
  await node.sh('cat >/root/keystone-v2.py', { input: v2 })
  await node.sh('umask 077; cat >/root/password', { input: adminPassword })
  await node.sh(`systemd-run --quiet --unit keystone-v2 --property StandardInput=file:/root/password python3 /root/keystone-v2.py
    curl -sf --retry 50 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1:35357/v3`)
}
