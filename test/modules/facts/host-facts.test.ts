import { hostname, release } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../schema/infer.ts'
import { hostFacts, parseHostFacts, type HostFacts } from '../../../modules/facts/host-facts.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

/** What the script prints for files with these texts, and other sections. */
function printed(
  files: { readonly [path: string]: string },
  sections: { readonly [name: string]: string } = {},
): string {
  const lines = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`))
  return Object.entries({ files: lines.join('\n'), ...sections })
    .map(([name, text]) => `\u0001${name}\n${text}\n`)
    .join('')
}
const facts = (files: { readonly [path: string]: string }, sections?: { readonly [name: string]: string }): HostFacts =>
  parseHostFacts(printed(files, sections))

describe('distributions', () => {
  const OS = '/etc/os-release'
  test.each<readonly [string, { readonly [path: string]: string }, JsonObject]>([
    [
      'Debian 12',
      { [OS]: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian', '/etc/debian_version': '12.11' },
      { distribution: 'Debian', distribution_version: '12.11', distribution_major_version: '12', distribution_release: 'bookworm', os_family: 'Debian' },
    ],
    [
      'Ubuntu 22.04',
      { [OS]: 'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.4 LTS (Jammy Jellyfish)"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=jammy', '/etc/debian_version': 'bookworm/sid' },
      { distribution: 'Ubuntu', distribution_version: '22.04', distribution_major_version: '22', distribution_release: 'jammy', os_family: 'Debian' },
    ],
    [
      'CentOS 7',
      { [OS]: 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"', '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)', '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)' },
      { distribution: 'CentOS', distribution_version: '7.9', distribution_major_version: '7', distribution_release: 'Core', os_family: 'RedHat' },
    ],
    [
      'CentOS 6, which has no os-release',
      { '/etc/redhat-release': 'CentOS release 6.10 (Final)', '/etc/centos-release': 'CentOS release 6.10 (Final)' },
      { distribution: 'CentOS', distribution_version: '6.10', distribution_major_version: '6', distribution_release: 'Final', os_family: 'RedHat' },
    ],
    [
      'Rocky 9',
      { [OS]: 'NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"', '/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)' },
      { distribution: 'Rocky', distribution_version: '9.3', distribution_major_version: '9', distribution_release: 'Blue Onyx', os_family: 'RedHat' },
    ],
    [
      'Fedora',
      { [OS]: 'NAME="Fedora Linux"\nVERSION="39 (Container Image)"\nID=fedora\nVERSION_ID=39\nVERSION_CODENAME=""', '/etc/redhat-release': 'Fedora release 39 (Thirty Nine)' },
      { distribution: 'Fedora', distribution_version: '39', distribution_major_version: '39', distribution_release: '', os_family: 'RedHat' },
    ],
    [
      'Alpine',
      { [OS]: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"', '/etc/alpine-release': '3.19.1' },
      { distribution: 'Alpine', distribution_version: '3.19.1', distribution_major_version: '3', distribution_release: 'NA', os_family: 'Alpine' },
    ],
    [
      'openSUSE Leap',
      { [OS]: 'NAME="openSUSE Leap"\nVERSION="15.5"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"' },
      { distribution: 'openSUSE Leap', distribution_version: '15.5', distribution_major_version: '15', distribution_release: '5', os_family: 'Suse' },
    ],
    [
      'Arch',
      { [OS]: 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling' },
      { distribution: 'Archlinux', distribution_version: 'NA', distribution_major_version: 'NA', distribution_release: 'NA', os_family: 'Archlinux' },
    ],
    [
      'one that is only like another',
      { [OS]: 'NAME="Some OS"\nID=some\nID_LIKE="ubuntu debian"\nVERSION_ID="1.2"' },
      { distribution: 'Some OS', distribution_version: '1.2', os_family: 'Debian' },
    ],
  ])('%s', (_, files, expected) => expect(facts(files).min).toMatchObject(expected)) // prettier-ignore
})

test('network: addresses, routes and what Ansible computes of them', () => {
  const { network } = facts(
    {
      '/sys/class/net/eth0/address': '02:fc:00:00:00:01',
      '/sys/class/net/eth0/mtu': '1400',
      '/sys/class/net/eth0/operstate': 'up',
      '/sys/class/net/eth0/type': '1',
      '/sys/class/net/eth0/flags': '0x1003',
      '/sys/class/net/lo/address': '00:00:00:00:00:00',
      '/sys/class/net/lo/mtu': '65536',
      '/sys/class/net/lo/operstate': 'unknown',
      '/sys/class/net/lo/type': '772',
      '/sys/class/net/br-lan/bridge/stp_state': '0',
      '/sys/class/net/br-lan/operstate': 'down',
      '/proc/net/route':
        'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\neth1\t00000000\t010200C1\t0003\t0\t0\t200\t00000000',
      '/proc/net/if_inet6':
        'fe8000000000000000fc00fffe000001 02 40 20 80     eth0\nfd000000000000000000000000000002 02 40 00 80     eth0\n00000000000000000000000000000001 01 80 10 80       lo',
      '/proc/net/ipv6_route':
        '00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     eth0',
      '/etc/resolv.conf': '# by hand\nsearch a.example b.example\nnameserver 10.255.255.53\noptions ndots:2 rotate',
    },
    {
      addresses:
        '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\       valid_lft forever\n2: eth0    inet 198.51.100.7/25 scope global secondary eth0:1\\       valid_lft forever',
    },
  )
  expect(network).toMatchObject({
    interfaces: ['eth0', 'lo', 'br-lan'],
    eth0: {
      device: 'eth0',
      active: true,
      macaddress: '02:fc:00:00:00:01',
      mtu: 1400,
      type: 'ether',
      promisc: false,
      ipv4: {
        address: '192.0.2.2',
        broadcast: '192.0.2.255',
        netmask: '255.255.255.0',
        network: '192.0.2.0',
        prefix: '24',
      },
      ipv4_secondaries: [
        { address: '198.51.100.7', netmask: '255.255.255.128', network: '198.51.100.0', prefix: '25' },
      ],
      ipv6: [
        { address: 'fd00::2', prefix: '64', scope: 'global' },
        { address: 'fe80::fc:ff:fe00:1', prefix: '64', scope: 'link' },
      ],
    },
    lo: {
      active: true,
      type: 'loopback',
      ipv4: { network: '127.0.0.0', netmask: '255.0.0.0' },
      ipv6: [{ address: '::1', prefix: '128', scope: 'host' }],
    },
    br_lan: { device: 'br-lan', active: false, type: 'bridge' },
    all_ipv4_addresses: ['192.0.2.2', '198.51.100.7'],
    all_ipv6_addresses: ['fd00::2', 'fe80::fc:ff:fe00:1'],
    default_ipv4: {
      address: '192.0.2.2',
      gateway: '192.0.2.1',
      interface: 'eth0',
      netmask: '255.255.255.0',
      macaddress: '02:fc:00:00:00:01',
      type: 'ether',
    },
    default_ipv6: { address: 'fd00::2', gateway: 'fd00::1', interface: 'eth0', scope: 'global' },
    dns: { nameservers: ['10.255.255.53'], search: ['a.example', 'b.example'], options: { ndots: '2', rotate: true } },
  })
  expect(network['lo']).not.toHaveProperty('macaddress')
})

const cpu = (number: number): string =>
  `processor\t: ${number}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Processor\nphysical id\t: ${number >> 2}\nsiblings\t: 4\ncpu cores\t: 2\n`

test('hardware: processors, memory, disks and mounts', () => {
  const { hardware } = facts(
    {
      '/proc/cpuinfo': [0, 1, 2, 3, 4, 5, 6, 7].map(cpu).join('\n'),
      '/proc/self/status': 'Name:\tgrep\nCpus_allowed_list:\t0-3,6',
      '/proc/meminfo':
        'MemTotal:       24684084 kB\nMemFree:        24257896 kB\nBuffers:           10000 kB\nCached:           140000 kB\nSwapTotal:       1048572 kB\nSwapFree:         524288 kB',
      '/sys/block/vda/size': '536870912',
      '/sys/block/vda/queue/scheduler': 'none [mq-deadline] kyber',
      '/sys/block/vda/vda5/partition': '5',
      '/sys/block/vda/vda5/start': '4096',
      '/sys/block/vda/vda5/size': '4190208',
      '/proc/mounts':
        'proc /proc proc rw 0 0\n/dev/vda5 /my\\040disk ext4 rw,relatime 0 0\nserver:/share /share nfs4 rw 0 0',
    },
    { links: '/dev/vda  \n/dev/vda5 AAAA-BBBB my\\x20label', mounts: '4096 4096 1000 600 500 300 200 /my disk' },
  )
  expect(hardware).toMatchObject({
    processor_count: 2,
    processor_cores: 2,
    processor_threads_per_core: 2,
    processor_vcpus: 8,
    processor_nproc: 5,
    memtotal_mb: 24105,
    memfree_mb: 23689,
    swaptotal_mb: 1023,
    memory_mb: { real: { total: 24105, used: 416, free: 23689 }, swap: { free: 512, used: 511 } },
    devices: {
      vda: {
        size: '256.00 GB',
        scheduler_mode: 'mq-deadline',
        partitions: { vda5: { start: '4096', size: '2.00 GB', uuid: 'AAAA-BBBB', links: { labels: ['my label'] } } },
      },
    },
    mounts: [
      {
        device: '/dev/vda5',
        mount: '/my disk',
        fstype: 'ext4',
        uuid: 'AAAA-BBBB',
        size_total: 4096000,
        size_available: 2048000,
        block_used: 500,
        inode_used: 100,
      },
      { device: 'server:/share', mount: '/share', uuid: 'N/A' },
    ],
    product_name: 'NA',
  })
  expect((hardware['processor'] as readonly string[]).slice(0, 3)).toEqual([
    '0',
    'GenuineIntel',
    'Intel(R) Xeon(R) Processor',
  ])
})

test('mounts: what hides another one, and part of a file system', () => {
  const { hardware } = facts({
    '/proc/mounts': '/dev/vda / ext4 rw 0 0\n/dev/vdb /srv ext4 ro 0 0\n/dev/vda /srv ext4 rw 0 0',
    '/proc/self/mountinfo':
      '21 1 8:0 / / rw shared:1 - ext4 /dev/vda rw\n22 21 8:16 / /srv ro - ext4 /dev/vdb ro\n23 22 8:0 /data /srv rw - ext4 /dev/vda rw',
  })
  expect(hardware['mounts']).toMatchObject([
    { device: '/dev/vda', mount: '/', options: 'rw' },
    { device: '/dev/vda', mount: '/srv', options: 'rw,bind' },
  ])
})

test('the rest: names, users, environment, SELinux, own facts', () => {
  const { min } = facts(
    {
      '/proc/sys/kernel/hostname': 'db1.example.org',
      '/proc/cmdline': 'console=tty0 console=ttyS0 quiet root=UUID=a=b',
      '/sys/fs/selinux/enforce': '0',
      '/sys/fs/selinux/policyvers': '33',
      '/etc/selinux/config': '# SELINUX=x\nSELINUX=enforcing\nSELINUXTYPE=targeted',
      '/etc/ssh/ssh_host_ed25519_key.pub': 'ssh-ed25519 AAAAC3 root@db1',
      '/proc/1/comm': 'systemd',
    },
    {
      fqdn: 'db1.example.org',
      machine: 'x86_64',
      id: 'uid=1000(ann) gid=100(users) groups=100(users),27(sudo)',
      passwd: 'ann:x:1000:100:Ann,,,:/home/ann:/bin/zsh',
      roots: '65024:2\n65024:2',
      marks: '/run/systemd/system\n/usr/bin/dnf-3\n/usr/bin/yum\n/usr/bin/apt-get',
      python: '/usr/bin/python3 cpython 3 11 2 final 0',
      date: '2026 11 23 10 09 17 1795421357 1 Monday 47 CET +0100 889149123',
      'local site.fact': '{"role": "db"}',
      'local old.fact': '[Main]\nColour = red\n',
      'local bad.fact': 'neither',
      env: 'A=1\0B=two\nlines\0',
    },
  )
  expect(min).toMatchObject({
    hostname: 'db1',
    nodename: 'db1.example.org',
    fqdn: 'db1.example.org',
    domain: 'example.org',
    cmdline: { console: 'ttyS0', quiet: true, root: 'UUID=a=b' },
    proc_cmdline: { console: ['tty0', 'ttyS0'] },
    selinux: { status: 'enabled', mode: 'permissive', config_mode: 'enforcing', policyvers: 33, type: 'targeted' },
    ssh_host_key_ed25519_public: 'AAAAC3',
    user_id: 'ann',
    user_uid: 1000,
    user_gid: 100,
    user_gecos: 'Ann,,,',
    user_dir: '/home/ann',
    user_shell: '/bin/zsh',
    service_mgr: 'systemd',
    pkg_mgr: 'dnf',
    python_version: '3.11.2',
    python: { executable: '/usr/bin/python3', version: { major: 3, minor: 11, micro: 2 } },
    is_chroot: false,
    date_time: {
      date: '2026-11-23',
      hour: '10',
      iso8601: '2026-11-23T08:09:17Z',
      iso8601_micro: '2026-11-23T08:09:17.889149Z',
      iso8601_basic_short: '20261123T100917',
      tz_offset: '+0100',
      weeknumber: '47',
    },
    local: {
      site: { role: 'db' },
      old: { Main: { colour: 'red' } },
      bad: expect.stringContaining('error loading facts'),
    },
    env: { A: '1', B: 'two\nlines' },
  })
})

test.each<readonly [string, { readonly [path: string]: string }, string, JsonObject]>([
  ['a container of systemd-nspawn', { '/run/host/container-manager': 'systemd-nspawn' }, '', { virtualization_type: 'container', virtualization_tech_guest: ['container', 'systemd-nspawn'], virtualization_role: 'guest' }],
  ['docker', {}, '/.dockerenv', { virtualization_type: 'docker', virtualization_role: 'guest' }],
  ['KVM', { '/sys/class/dmi/id/product_name': 'KVM' }, '', { virtualization_type: 'kvm', virtualization_role: 'guest' }],
  ['QEMU', { '/sys/class/dmi/id/product_name': 'Standard PC (Q35 + ICH9, 2009)', '/sys/class/dmi/id/sys_vendor': 'QEMU' }, '', { virtualization_type: 'kvm', virtualization_role: 'guest' }],
  ['VMware', { '/sys/class/dmi/id/product_name': 'VMware Virtual Platform' }, '', { virtualization_type: 'VMware', virtualization_role: 'guest' }],
  ['a host of others', {}, '/dev/kvm', { virtualization_type: 'kvm', virtualization_role: 'host' }],
  ['neither', {}, '', { virtualization_type: 'NA', virtualization_role: 'NA' }],
])('virtualization: %s', (_, files, marks, expected) => expect(facts(files, { marks }).virtual).toMatchObject(expected)) // prettier-ignore

test('a host that tells nothing has facts all the same', () => {
  expect(parseHostFacts('').min).toMatchObject({ distribution: 'Linux', selinux: { status: 'disabled' }, local: {} })
})

test.each(SHELLS)('read with %s: this machine', async (...shell) => {
  const [read] = await readLocally([hostFacts('/no such directory')], shell)
  expect(read).toMatchObject({
    min: {
      kernel: release(),
      nodename: hostname(),
      system: 'Linux',
      user_uid: process.getuid?.(),
      env: { LC_ALL: 'C' },
      local: {},
    },
    hardware: { mounts: expect.arrayContaining([]), processor_nproc: expect.any(Number) },
    network: { lo: { type: 'loopback', mtu: expect.any(Number) } },
  })
})
