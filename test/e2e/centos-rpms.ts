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
