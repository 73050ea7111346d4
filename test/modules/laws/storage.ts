import { of } from './case.ts'

/** Of modules that keep disks and packets. */
export const storage = [
  ...of(
    'swapfile',
    ['nothing there', 'changed', '{ path: /srv/laws/swap, size: 16M, fstab: false, state: present }'],
    ['to go', 'ok', '{ path: /srv/laws/no-swap, state: absent }'],
    ['another file in its place', 'failed', '{ path: /srv/laws/swap-text, size: 8M }', 'echo text >swap-text'],
  ),
  ...of(
    'partition',
    [
      'a disk with a label',
      'changed',
      '{ device: /dev/vdb, number: 2, state: present, start: 600MiB, end: 700MiB }',
      'parted -s /dev/vdb mklabel gpt mkpart one 1MiB 512MiB',
    ],
    ['right', 'ok', '{ device: /dev/vdb, number: 1, state: info }'],
    ['no disk', 'failed', '{ device: /dev/laws, number: 1, state: present }'],
  ),
  ...of(
    'filesystem',
    ['nothing there', 'changed', '{ dev: /srv/laws/fs-new, fstype: ext4 }', 'truncate -s 16M fs-new'],
    ['right', 'ok', '{ dev: /srv/laws/fs-right, fstype: ext4 }', 'truncate -s 16M fs-right; mkfs.ext4 -q fs-right'],
    [
      'another one',
      'failed',
      '{ dev: /srv/laws/fs-other, fstype: xfs }',
      'truncate -s 16M fs-other; mkfs.ext4 -q fs-other',
    ],
    ['no device', 'failed', '{ dev: /srv/laws/fs-none, fstype: ext4 }'],
  ),
  ...of(
    'fstab',
    ['no entry', 'changed', '{ src: /dev/laws, path: /srv/laws/mnt-new, fstype: ext4, state: present }'],
    [
      'mounted already',
      'ok',
      '{ src: tmpfs, path: /srv/laws/mnt-tmp, fstype: tmpfs, state: mounted }',
      'mkdir mnt-tmp; echo tmpfs /srv/laws/mnt-tmp tmpfs defaults 0 0 >>/etc/fstab; mount mnt-tmp',
    ],
    [
      'written, not mounted',
      'changed',
      '{ src: tmpfs, path: /srv/laws/mnt-half, fstype: tmpfs, state: mounted }',
      'mkdir mnt-half; echo tmpfs /srv/laws/mnt-half tmpfs defaults 0 0 >>/etc/fstab',
    ],
    [
      'to go',
      'changed',
      '{ path: "/srv/laws/two words", state: absent }',
      "mkdir 'two words'; echo 'tmpfs /srv/laws/two\\040words tmpfs defaults 0 0' >>/etc/fstab; mount 'two words'",
    ],
    ['what cannot be mounted', 'failed', '{ src: /dev/laws, path: /srv/laws/mnt-bad, fstype: ext4, state: mounted }'],
  ),
  ...of(
    'iptables',
    [
      'no rule',
      'changed',
      '{ chain: INPUT, protocol: tcp, destination_port: 4711, jump: ACCEPT, comment: "laws; $(id)" }',
    ],
    [
      'right',
      'ok',
      '{ chain: INPUT, protocol: tcp, destination_port: 4712, jump: ACCEPT }',
      'iptables -A INPUT -p tcp --dport 4712 -j ACCEPT',
    ],
    [
      'to go',
      'changed',
      '{ chain: INPUT, protocol: tcp, destination_port: 4713, jump: ACCEPT, state: absent, confirm_timeout: 10 }',
      'iptables -A INPUT -p tcp --dport 4713 -j ACCEPT',
    ],
    ['no such chain', 'failed', '{ chain: LAWS, protocol: tcp, jump: ACCEPT }'],
  ),
] as const
