import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabNode } from '../../lab/node.ts'

/** The administrator's password. */
export const adminPassword = 'it is "secret"'

const begin = `
set -eu
systemctl start mariadb
mariadb keystone -e "UPDATE endpoint SET url = REPLACE(url, '127.0.0.1', '$1')"
systemctl start keystone
for tries in $(seq 300); do ! curl -sf http://127.0.0.1:5000/v3 >/dev/null || exit 0; sleep 0.2; done
journalctl -u keystone | tail -n 20 >&2
exit 1
`

/** Makes a node into an OpenStack identity service on port 5000, with the user admin and a catalogue of its own, which has it at `host`. */
export async function startKeystone(node: LabNode, host = '127.0.0.1'): Promise<void> {
  await node.reset('keystone')
  await node.sh('cat >/root/keystone.sh', { input: begin })
  await node.sh(`sh /root/keystone.sh ${host}`, { timeout: 120_000 })
}

const v2 = readFileSync(join(import.meta.dirname, 'keystone-v2.py'), 'utf8')

/** Has an identity service answer on port 35357 as Kilo's did, by the API v2.0 besides v3. */
export async function speakV2(node: LabNode): Promise<void> {
  await node.sh('cat >/root/keystone-v2.py', { input: v2 })
  await node.sh('umask 077; cat >/root/password', { input: adminPassword })
  await node.sh(`systemd-run --quiet --unit keystone-v2 --property StandardInput=file:/root/password python3 /root/keystone-v2.py
    for tries in $(seq 250); do ! curl -sf -o /dev/null http://127.0.0.1:35357/v3 || exit 0; sleep 0.2; done; exit 1`)
}
