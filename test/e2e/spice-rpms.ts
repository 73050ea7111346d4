import type { LabNode } from '../lab/node.ts'
import { offerRpms, unit, type RpmPackage } from './build-rpms.ts'
import { iptablesServices } from './centos-rpms.ts'

/** Nova's own program, from the packages of Debian. */
const nova = (program: string): string => unit(`/usr/bin/python3 -c "from nova.cmd.${program} import main; main()"`)
const standIn = unit('/usr/bin/sleep infinity')

/** Packages by the names of the document's platform, each with its files; what Nova and SPICE do is done by Debian's. */
const packages: Readonly<Record<string, RpmPackage>> = {
  'spice-html5': { takes: ['/usr/share/spice-html5'] },
  'openstack-nova-common': {
    files: {
      '/etc/nova/nova.conf': `[DEFAULT]
vnc_enabled=True
novnc_enabled=True
[database]
connection=mysql://nova:secret@192.168.1.100/nova
[spice]
# Enable spice related features (boolean value)
#enabled=false`,
    },
  },
  'openstack-nova-spicehtml5proxy': {
    requires: ['openstack-nova-common'],
    files: { '/usr/lib/systemd/system/openstack-nova-spicehtml5proxy.service': nova('spicehtml5proxy') },
  },
  'openstack-nova-compute': {
    requires: ['openstack-nova-common'],
    files: { '/usr/lib/systemd/system/openstack-nova-compute.service': nova('compute') },
  },
  'openstack-nova-novncproxy': {
    requires: ['openstack-nova-common'],
    files: { '/usr/lib/systemd/system/openstack-nova-novncproxy.service': standIn },
  },
  httpd: { files: { '/usr/lib/systemd/system/httpd.service': standIn } },
  'iptables-services': iptablesServices,
}

/**
 * Makes a node with the layer `nova` into what packstack leaves on CentOS 7, in little: dnf with the packages of the document, of which
 * Nova's, the dashboard and the packet filter's are installed; VNC is on. A certificate is in /root.
 */
export async function likeCentos(node: LabNode): Promise<void> {
  await node.sh('dpkg-deb -x /opt/repository/spice-html5_*.deb /')
  await offerRpms(node, packages)
  await node.sh(`set -e
    dnf --quiet -y install openstack-nova-common openstack-nova-novncproxy httpd
    systemctl --quiet enable --now httpd openstack-nova-novncproxy
    # From here on it looks for yum, and for iptables-services.
    systemctl --quiet disable netfilter-persistent
    rm /etc/debian_version /usr/sbin/netfilter-persistent /lib/systemd/system/netfilter-persistent.service
    mkdir -p /etc/sysconfig
    mv /etc/iptables/rules.v4 /etc/sysconfig/iptables
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=console -keyout /root/console.key -out /root/console.crt 2>/dev/null`)
}
