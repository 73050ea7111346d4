import type { LabNode } from '../../lab/node.ts'

/** The user that tests log in as, from anywhere. */
export const login = { user: 'drover', password: 'it\'s "secret" \\ 1' }

const config = (node: LabNode, nodes: readonly LabNode[]): string => `[mysqld]
binlog_format=ROW
innodb_autoinc_lock_mode=2
bind-address=0.0.0.0
innodb_flush_log_at_trx_commit=0
[galera]
wsrep_on=ON
wsrep_provider=/usr/lib/galera/libgalera_smm.so
wsrep_cluster_name=lab
wsrep_cluster_address=gcomm://${nodes.map(({ address }) => address).join(',')}
wsrep_node_name=${node.name}
wsrep_node_address=${node.address}
wsrep_sst_method=rsync
wsrep_provider_options="gcache.size=32M"
`

/** Makes nodes into a cluster of MariaDB servers, all of them synced. */
export async function startGalera(nodes: readonly LabNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.reset('mariadb')))
  await Promise.all(
    nodes.map((node) => node.sh('cat >/etc/mysql/mariadb.conf.d/60-galera.cnf', { input: config(node, nodes) })),
  )
  const [first, ...others] = nodes
  await first?.sh('galera_new_cluster')
  const user = `'${login.user}'@'%' identified by '${login.password.replace(/['\\]/g, '\\$&')}'`
  await first?.sh('mariadb', { input: `grant process, replication client on *.* to ${user};` })
  for (const node of others) await node.sh('systemctl start mariadb')
}
