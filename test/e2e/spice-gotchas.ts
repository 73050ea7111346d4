/** Something that ends in "console is currently unavailable", and what verify.yml has to say of it. nova.conf is put back by the test. */
export interface Gotcha {
  readonly what: string
  readonly on: readonly string[]
  readonly plant: string
  readonly undo?: string
  /** Arguments for verify.yml. */
  readonly more?: readonly string[]
  readonly says: RegExp
}

const conf = (edit: string): string => `sed -i '${edit}' /etc/nova/nova.conf`
const rule =
  "-p tcp -m multiport --dports 6082 -m comment --comment 'Allow SPICE connections for console access ' -j ACCEPT"
const vm = `systemd-run --quiet --unit vm bash -c 'exec -a /usr/bin/qemu-system-x86_64 python3 -c "import time; time.sleep(600)" -name guest=instance-0000002a,x=on -vnc 0.0.0.0:0'`

export const gotchas: readonly Gotcha[] = [
  {
    what: 'VNC is left on',
    on: ['n1'],
    plant: conf('/^\\[vnc\\]/,/^\\[/ s/^enabled = .*/enabled = True/'),
    says: /^VNC is left on in \/etc\/nova\/nova.conf.*Run control.yml/,
  },
  {
    what: 'VNC is on where nothing is said of it, on a compute node',
    on: ['n2'],
    plant: conf('/^\\[vnc\\]/,/^\\[/ s/^enabled = .*//'),
    says: /^VNC is left on .*Run compute.yml/,
  },
  {
    what: 'SPICE is not enabled',
    on: ['n2'],
    plant: conf('/^\\[spice\\]/,/^\\[/ s/^enabled = .*/enabled = false/'),
    says: /^SPICE is not enabled .*Invalid console type.*Run compute.yml/,
  },
  {
    what: 'the console url leads elsewhere',
    on: ['n2'],
    plant: conf('s,^html5proxy_base_url = .*,html5proxy_base_url = http://127.0.0.1:6082/spice_auto.html,'),
    says: /^Browsers are sent elsewhere: html5proxy_base_url .* is http:\/\/127.0.0.1:6082.*, and the proxy is at http:\/\/10.0.32.11:6082.*Run compute.yml/,
  },
  {
    what: 'an option is in nova.conf of the wrong node',
    on: ['n1'],
    plant: conf('s/^html5proxy_host = .*/server_listen = 0.0.0.0/'),
    says: /^spice: html5proxy_host .* is not set, and has to be 0.0.0.0 on this node/,
  },
  {
    what: 'the proxy is told of an address that it is not to use',
    on: ['n2'],
    plant: conf('s/^server_proxyclient_address = .*/server_proxyclient_address = 10.0.32.99/'),
    says: /^spice: server_proxyclient_address .* is 10.0.32.99, and has to be 10.0.32.12/,
  },
  {
    what: 'the compute node has no such address',
    on: ['n2'],
    plant:
      conf('s/^server_proxyclient_address = .*/server_proxyclient_address = 10.0.32.99/') +
      '; touch -r /root/nova.conf /etc/nova/nova.conf',
    more: ['-e', 'spice_proxyclient_address=10.0.32.99'],
    says: /^The proxy looks for consoles of n2 at 10.0.32.99, which is not one of its addresses \(.*10.0.32.12/,
  },
  {
    what: 'nova.conf changed, and the compute service was not restarted',
    on: ['n2'],
    plant: 'touch /etc/nova/nova.conf',
    says: /^nova-compute was not restarted after \/etc\/nova\/nova.conf changed.*Run compute.yml/,
  },
  {
    what: 'an instance was started before SPICE was on',
    on: ['n2'],
    plant: vm,
    undo: 'systemctl stop vm',
    says: /^Started before SPICE was enabled, .*nova reboot --hard.*: instance-0000002a/,
  },
  {
    what: 'the proxy does not start at boot',
    on: ['n1'],
    plant: 'systemctl disable nova-spicehtml5proxy',
    undo: 'systemctl enable nova-spicehtml5proxy',
    says: /^nova-spicehtml5proxy does not start at boot/,
  },
  {
    what: 'the rule stands after the one that rejects',
    on: ['n1'],
    plant: `iptables -D INPUT ${rule}; iptables -A INPUT ${rule}`,
    undo: `iptables -D INPUT ${rule}; iptables -I INPUT ${rule}`,
    says: /^The packet filter has no rule for port 6082, or has it only after one that rejects everything.*Run firewall.yml/,
  },
  {
    what: 'the rule is not permanent',
    on: ['n1'],
    plant: "cp -p /etc/iptables/rules.v4 /root; sed -i '/6082/d' /etc/iptables/rules.v4",
    undo: 'cp -p /root/rules.v4 /etc/iptables/rules.v4',
    says: /^The rule for port 6082 is not permanent: \/etc\/iptables\/rules.v4 lacks it.*Run firewall.yml/,
  },
  {
    what: 'something in between lets nobody through',
    on: ['n2'],
    plant: 'iptables -I OUTPUT -p tcp --dport 6082 -j REJECT',
    undo: 'iptables -D OUTPUT -p tcp --dport 6082 -j REJECT',
    says: /^http:\/\/10.0.32.11:6082\/spice_auto.html cannot be opened from n2: .*look at what is in between/,
  },
  {
    what: 'the pages are missing',
    on: ['n1'],
    plant: 'mv /usr/share/spice-html5/spice_auto.html /root',
    undo: 'mv /root/spice_auto.html /usr/share/spice-html5',
    says: /cannot be opened from n2: .*404.*spice_web leads elsewhere/,
  },
  {
    what: 'https without a certificate',
    on: ['n1', 'n2'],
    plant:
      conf('s,^html5proxy_base_url = http:,html5proxy_base_url = https:,') +
      '; touch -r /root/nova.conf /etc/nova/nova.conf',
    more: ['-e', 'spice_scheme=https'],
    says: /^https:.* cannot be opened from n2: .*https only with a certificate: set spice_certificate, or spice_scheme to http/,
  },
  {
    what: 'the proxy does not run',
    on: ['n1'],
    plant: 'systemctl stop nova-spicehtml5proxy',
    undo: 'systemctl start nova-spicehtml5proxy',
    says: /^nova-spicehtml5proxy is inactive: .*Run control.yml/,
  },
]
