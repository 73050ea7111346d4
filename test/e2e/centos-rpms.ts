import type { RpmPackage } from './build-rpms.ts'

/** CentOS's service that loads rules of the packet filter at boot. */
export const iptablesServices: RpmPackage = {
  files: {
    '/etc/sysconfig/iptables-config': 'IPTABLES_SAVE_ON_STOP="no"',
    '/usr/lib/systemd/system/iptables.service': `[Unit]
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/iptables-restore /etc/sysconfig/iptables
[Install]
WantedBy=multi-user.target`,
  },
}

/** What CentOS lets in at first: ssh, and nothing else. */
export const centosRules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
`
