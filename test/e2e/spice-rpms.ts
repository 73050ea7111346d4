import type { LabNode } from '../lab/node.ts'

const service = (run: string): string => `[Unit]
Description=${run}
[Service]
ExecStart=${run}
[Install]
WantedBy=multi-user.target`
/** Nova's own program, from the packages of Debian. */
const nova = (program: string): string => service(`/usr/bin/python3 -c "from nova.cmd.${program} import main; main()"`)
const standIn = service('/usr/bin/sleep infinity')

/** Packages by the names of the document's platform, each with its files; what Nova and SPICE do is done by Debian's. */
const packages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'spice-html5': {},
  'openstack-nova-common': {
    '/etc/nova/nova.conf': `[DEFAULT]
vnc_enabled=True
novnc_enabled=True
[database]
connection=mysql://nova:secret@192.168.1.100/nova
[spice]
# Enable spice related features (boolean value)
#enabled=false`,
  },
  'openstack-nova-spicehtml5proxy': {
    '/usr/lib/systemd/system/openstack-nova-spicehtml5proxy.service': nova('spicehtml5proxy'),
  },
  'openstack-nova-compute': { '/usr/lib/systemd/system/openstack-nova-compute.service': nova('compute') },
  'openstack-nova-novncproxy': { '/usr/lib/systemd/system/openstack-nova-novncproxy.service': standIn },
  httpd: { '/usr/lib/systemd/system/httpd.service': standIn },
  'iptables-services': {
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

/**
 * Makes a node with the layer `nova` into what packstack leaves on CentOS 7, in little: dnf with the packages of the document, of which
 * Nova's, the dashboard and the packet filter's are installed; VNC is on. A certificate is in /root.
 */
export async function likeCentos(node: LabNode): Promise<void> {
  const specs = Object.entries(packages).map(([name, files]) => {
    const install = Object.entries(files).map(
      ([path, text]) => `install -D -m 644 /dev/stdin %{buildroot}${path} <<'FILE'\n${text}\nFILE`,
    )
    const pages = name === 'spice-html5' ? ['cp -r /root/pages/usr %{buildroot}'] : []
    return `Name: ${name}
Version: 1
Release: 1
Summary: ${name}
License: none
BuildArch: noarch
AutoReqProv: no
${/-(spicehtml5proxy|compute|novncproxy)$/.test(name) ? 'Requires: openstack-nova-common' : ''}
%description
%install
mkdir -p %{buildroot}
${install.join('\n')}
${pages.join('\n')}
%files
${[...Object.keys(files), ...(pages.length > 0 ? ['/usr/share/spice-html5'] : [])].join('\n')}`
  })
  await node.sh(
    `set -e
    cat >/root/specs
    dpkg-deb -x /opt/repository/spice-html5_*.deb /root/pages
    rm -r /root/pages/usr/share/doc
    csplit -s -z -f /root/spec- -b %02d.spec /root/specs '/^%%%%$/' '{*}'
    sed -i '/^%%%%$/d' /root/spec-*.spec
    for spec in /root/spec-*.spec; do
      rpmbuild -bb --quiet --define '_topdir /root/rpm' --define '_rpmdir /opt/rpms' $spec
    done
    createrepo_c --quiet /opt/rpms
    printf '[document]\\nname=document\\nbaseurl=file:///opt/rpms\\ngpgcheck=0\\n' >/etc/yum.repos.d/document.repo
    dnf --quiet -y install openstack-nova-common openstack-nova-novncproxy httpd
    systemctl --quiet enable --now httpd openstack-nova-novncproxy
    # From here on it looks for yum, and for iptables-services.
    systemctl --quiet disable netfilter-persistent
    rm /etc/debian_version /usr/sbin/netfilter-persistent /lib/systemd/system/netfilter-persistent.service
    mkdir -p /etc/sysconfig
    mv /etc/iptables/rules.v4 /etc/sysconfig/iptables
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=console -keyout /root/console.key -out /root/console.crt 2>/dev/null`,
    { input: specs.join('\n%%%%\n'), timeout: 120_000 },
  )
}
