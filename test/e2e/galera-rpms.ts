import type { LabNode } from '../lab/node.ts'
import { buildRpms, type RpmPackage } from './build-rpms.ts'
import { centosRules, iptablesServices } from './centos-rpms.ts'

/** Where a node keeps Debian's programs that packages bring under CentOS's names. */
const DEBIAN = '/opt/debian'
const PERCONA = '/downloads/percona-release/redhat/0.1-3'

const serverUnit = (of: string, environment: string): string => `[Unit]
Description=Percona XtraDB Cluster${of}
After=network.target
[Service]
EnvironmentFile=-/etc/sysconfig/${environment}
ExecStartPre=/usr/bin/mysql-systemd start-pre
ExecStart=/usr/bin/mysqld_safe --basedir=/usr $EXTRA_ARGS
ExecStartPost=/usr/bin/mysql-systemd start-post $MAINPID
ExecStop=/usr/bin/mysql-systemd stop
ExecStopPost=/usr/bin/mysql-systemd stop-post
TimeoutStartSec=0
TimeoutStopSec=900
[Install]
WantedBy=multi-user.target`

/** What the units of the cluster's packages do besides: make the system tables, refuse a second server, wait for the one. */
const mysqlSystemd = `#!/bin/bash
setting() { my_print_defaults server mysqld mysqld_safe | sed -n "s/^--$1=//p" | tail -n 1; }
datadir=$(setting datadir)
datadir=\${datadir:-/var/lib/mysql}
pidfile=$(setting pid-file)
pidfile=\${pidfile:-$datadir/$(hostname).pid}
runs() { [ -s "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }
case $1 in
start-pre)
  if runs; then echo "Another instance of mysqld running on $(cat "$pidfile"), exiting.." >&2; exit 1; fi
  rm -f "$pidfile"
  install -d -o mysql -g mysql "$(dirname "$pidfile")" "$datadir"
  [ -d "$datadir/mysql" ] || mysql_install_db --rpm --datadir="$datadir" --user=mysql ;;
start-post) until runs; do kill -0 "$2" || exit 1; sleep 0.1; done ;;
# A server that is about to join does not hear the first one.
stop) while runs; do kill -TERM "$(cat "$pidfile")"; sleep 0.5; done ;;
stop-post) while runs; do sleep 0.1; done ;;
esac`

/** The repository that a package from Percona's site brings, and what is in it: MariaDB with Galera does the work of Percona XtraDB Cluster 5.6. */
const percona: Readonly<Record<string, RpmPackage>> = {
  'Percona-XtraDB-Cluster-56': {
    version: '5.6.24-1',
    requires: ['Percona-XtraDB-Cluster-server-56', 'Percona-XtraDB-Cluster-client-56'],
  },
  'Percona-XtraDB-Cluster-server-56': {
    version: '5.6.24-1',
    requires: ['Percona-XtraDB-Cluster-galera-3', 'socat'],
    files: {
      '/etc/sysconfig/mysql.bootstrap': 'EXTRA_ARGS="--wsrep-new-cluster"',
      '/usr/lib/systemd/system/mysql.service': serverUnit('', 'mysql'),
      '/usr/lib/systemd/system/mysql@.service': serverUnit(' with config /etc/sysconfig/mysql.%i', 'mysql.%i'),
    },
    programs: {
      '/usr/bin/mysql-systemd': mysqlSystemd,
      // MariaDB has wsrep off unless it is told otherwise, and its socket elsewhere.
      '/usr/sbin/mysqld': `#!/bin/bash
exec -a /usr/sbin/mysqld ${DEBIAN}/mariadbd --wsrep-on=ON --socket=/var/lib/mysql/mysql.sock "$@"`,
      '/usr/bin/mysqld_safe': `#!/bin/sh\nexec ${DEBIAN}/mariadbd-safe --mysqld=mysqld "$@"`,
      // As that of 5.6 does, it lets in root without a password and who has no name.
      '/usr/bin/mysql_install_db': `#!/bin/sh
exec ${DEBIAN}/mariadb-install-db --auth-root-authentication-method=normal "$@"`,
    },
    links: { '/usr/sbin/mariadbd': `${DEBIAN}/mariadbd` },
    before: 'useradd --system --home-dir /var/lib/mysql --shell /bin/false mysql 2>/dev/null || :',
    after: 'mkdir -p /var/lib/mysql && chown -R mysql:mysql /var/lib/mysql; systemctl daemon-reload || :',
  },
  'Percona-XtraDB-Cluster-client-56': {
    version: '5.6.24-1',
    programs: {
      '/usr/bin/mysql': `#!/bin/sh\nMYSQL_UNIX_PORT=/var/lib/mysql/mysql.sock exec ${DEBIAN}/mariadb "$@"`,
    },
  },
  'Percona-XtraDB-Cluster-galera-3': {
    version: '3.11-1',
    links: { '/usr/lib64/galera3/libgalera_smm.so': `${DEBIAN}/libgalera_smm.so` },
  },
}

/** Of CentOS's own repository. */
const centos: Readonly<Record<string, RpmPackage>> = {
  bash: { provides: '/bin/sh' },
  socat: {},
  'epel-release': {
    files: { '/etc/yum.repos.d/epel.repo': '[epel]\nname=EPEL\nbaseurl=http://none.invalid\nenabled=0' },
  },
  'mariadb-libs': {
    files: {
      '/etc/my.cnf': '[mysqld]\ndatadir=/var/lib/mysql\n!includedir /etc/my.cnf.d',
      '/etc/my.cnf.d/client.cnf': '',
    },
  },
  'iptables-services': iptablesServices,
  haproxy: {
    version: '1.5.18-9',
    files: {
      '/etc/haproxy/haproxy.cfg': 'global\n    user haproxy\ndefaults\n    mode http',
      '/usr/lib/systemd/system/haproxy.service': `[Service]
Type=notify
ExecStart=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
[Install]
WantedBy=multi-user.target`,
    },
    programs: {
      // 1.5 takes `check` of each server alone: https://docs.haproxy.org/ has it for default-server since 1.8.
      '/usr/sbin/haproxy': `#!/bin/sh
file=$(printf '%s\\n' "$@" | sed -n '/^-f$/{n;p}')
if grep -qs 'default-server.* check' "$file"; then echo "'default-server' : unknown keyword 'check'." >&2; exit 1; fi
exec ${DEBIAN}/haproxy "$@"`,
    },
    before: 'useradd --system --home-dir /var/lib/haproxy --shell /bin/false haproxy 2>/dev/null || :',
  },
  httpd: {
    version: '2.4.6-99',
    files: {
      '/etc/httpd/conf/httpd.conf': `ServerRoot /etc/httpd
ServerName localhost
PidFile /run/httpd.pid
Listen 80
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
IncludeOptional conf.modules.d/*.conf
User apache
Group apache
DocumentRoot /var/www/html
TypesConfig /etc/mime.types
ErrorLog /var/log/httpd.log
IncludeOptional conf.d/*.conf`,
      '/usr/lib/systemd/system/httpd.service': `[Service]
ExecStart=/usr/sbin/httpd -DFOREGROUND
[Install]
WantedBy=multi-user.target`,
    },
    programs: { '/usr/sbin/httpd': `#!/bin/sh\nexec ${DEBIAN}/apache2 -f /etc/httpd/conf/httpd.conf "$@"` },
    before: 'useradd --system --home-dir /var/www --shell /bin/false apache 2>/dev/null || :',
    after: 'mkdir -p /var/www/html',
  },
  php: {
    version: '5.4.16-48',
    requires: ['httpd'],
    files: {
      '/etc/httpd/conf.modules.d/10-php.conf': 'LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so',
      '/etc/httpd/conf.d/php.conf': '<FilesMatch \\.php$>\nSetHandler application/x-httpd-php\n</FilesMatch>',
    },
  },
  'php-mysql': {
    version: '5.4.16-48',
    requires: ['php'],
    links: Object.fromEntries(
      ['mysqlnd', 'pdo', 'pdo_mysql'].map((name, index) => [
        `/etc/php/8.2/apache2/conf.d/${index + 1}0-${name}.ini`,
        `/etc/php/8.2/mods-available/${name}.ini`,
      ]),
    ),
  },
}

const release: Readonly<Record<string, RpmPackage>> = {
  'percona-release': {
    version: '0.1-3',
    files: {
      '/etc/yum.repos.d/percona-release.repo':
        '[percona-release]\nname=Percona\nbaseurl=http://repo.percona.com/centos/\nenabled=1\ngpgcheck=0',
    },
  },
}

/** Takes away what Debian's packages of the layer have in place, but for what CentOS's bring back by other names. */
const strip = `set -e
systemctl --quiet disable --now netfilter-persistent 2>/dev/null
mkdir ${DEBIAN}
mv /usr/sbin/mariadbd /usr/bin/mariadbd-safe /usr/bin/mariadb-install-db /usr/bin/mariadb /usr/lib/libgalera_smm.so \\
  /usr/sbin/haproxy /usr/sbin/apache2 ${DEBIAN}
rm -r /usr/lib/galera /usr/sbin/mysqld /usr/bin/mysql /usr/bin/mysqld_safe /usr/bin/mysql_install_db /etc/mysql /var/lib/mysql \\
  /etc/haproxy /etc/apache2 /var/www /etc/php/8.2/apache2/conf.d/*mysqlnd.ini /etc/php/8.2/apache2/conf.d/*pdo*.ini
rm -r /lib/systemd/system/mariadb* /lib/systemd/system/mysql* /lib/systemd/system/haproxy.service /lib/systemd/system/apache* \\
  /etc/init.d/mariadb /etc/init.d/haproxy /etc/init.d/apache* /etc/init.d/netfilter-persistent /lib/systemd/system/netfilter-persistent.service /usr/sbin/netfilter-persistent
userdel mysql; userdel haproxy
rm -r /etc/debian_version /etc/iptables /etc/yum.repos.d/* /etc/os-release
printf 'ID="centos"\\nID_LIKE="rhel fedora"\\nNAME="CentOS Linux"\\nVERSION_ID="7"\\n' >/etc/os-release
echo 'CentOS Linux release 7.1.1503 (Core)' | tee /etc/centos-release >/etc/redhat-release
systemctl daemon-reload`

/**
 * Makes nodes with the layer `mariadb` into CentOS 7 as the document finds it, in little: yum with CentOS's packages, EPEL, a packet filter
 * that lets in ssh. What is Percona's is at its addresses on the web, which the last node serves.
 */
export async function likeCentosForGalera(nodes: readonly LabNode[]): Promise<void> {
  const mirror = nodes.at(-1)
  if (mirror === undefined) return
  await Promise.all(nodes.map((node) => node.sh(strip)))
  await mirror.sh('mkdir -p /srv/web/centos /srv/web/base')
  await buildRpms(mirror, release, '/srv/release')
  await buildRpms(mirror, percona, '/srv/web/centos')
  await buildRpms(mirror, centos, '/srv/web/base')
  await mirror.sh(`set -e
    mkdir -p /srv/web${PERCONA}
    mv /srv/release/noarch/*.rpm /srv/web${PERCONA}
    printf '[Service]\\nExecStart=/usr/bin/python3 -m http.server 80 --directory /srv/web\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/web.service
    systemctl --quiet enable --now web
    curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null http://127.0.0.1/`)
  await Promise.all(
    nodes.map((node) =>
      node.sh(
        `set -e
        echo '${mirror.address} www.percona.com repo.percona.com mirror.centos.org' >>/etc/hosts
        printf '[base]\\nname=CentOS\\nbaseurl=http://mirror.centos.org/base\\ngpgcheck=0\\n' >/etc/yum.repos.d/CentOS-Base.repo
        dnf --quiet -y install bash epel-release mariadb-libs iptables-services
        cat >/etc/sysconfig/iptables
        systemctl --quiet enable --now iptables`,
        { input: node === mirror ? centosRules.replace('--dport 22 ', '-m multiport --dports 22,80 ') : centosRules },
      ),
    ),
  )
}
