import { of } from './case.ts'

/** Of modules that keep a host's own things. Names begin with `laws`. */
export const system = [
  ...of(
    'user',
    ['nobody', 'changed', '{ name: laws-new, comment: "A; user", shell: /bin/sh }'],
    ['right', 'ok', '{ name: laws-right, shell: /bin/sh }', 'useradd -s /bin/sh laws-right'],
    [
      'another shell',
      'changed',
      '{ name: laws-shell, shell: /bin/sh, groups: [adm], append: true }',
      'useradd -s /bin/bash laws-shell',
    ],
    ['half made: no home', 'changed', '{ name: laws-half, password: "!" }', 'useradd -M -p x laws-half'],
    ['to go', 'changed', '{ name: laws-gone, state: absent, remove: true }', 'useradd -m laws-gone'],
    ['gone already', 'ok', '{ name: laws-nobody, state: absent }'],
    ['a name that can be none', 'failed', '{ name: "laws;id" }'],
    ['a number that is taken', 'failed', '{ name: laws-taken, uid: 0 }'],
  ),
  ...of(
    'group',
    ['none', 'changed', '{ name: lawsg-new, gid: 4711 }'],
    ['right', 'ok', '{ name: lawsg-right }', 'groupadd lawsg-right'],
    ['to go', 'changed', '{ name: lawsg-gone, state: absent }', 'groupadd lawsg-gone'],
    ['a number that is taken', 'failed', '{ name: lawsg-taken, gid: 0 }'],
  ),
  ...of(
    'cron',
    ['no file', 'changed', '{ name: a, job: /bin/true, user: root, cron_file: laws-new }'],
    [
      'right',
      'ok',
      '{ name: a, job: /bin/true, user: root, cron_file: laws-right }',
      "printf '#Ansible: a\\n* * * * * root /bin/true\\n' >/etc/cron.d/laws-right",
    ],
    [
      'another time',
      'changed',
      '{ name: a, job: "echo 50%; $(id)", minute: "5", user: root, cron_file: laws-time }',
      "printf '# x\\n#Ansible: a\\n* * * * * root /bin/true\\n' >/etc/cron.d/laws-time",
    ],
    ['a job of two lines', 'failed', '{ name: a, job: "a\\nb", user: root, cron_file: laws-bad }'],
  ),
  ...of(
    'systemd',
    ['no such unit', 'failed', '{ name: laws-none, state: started }'],
    ['stopped', 'changed', '{ name: laws-stopped, state: started, enabled: true }', 'unit laws-stopped'],
    ['running', 'ok', '{ name: laws-running, state: started }', 'unit laws-running; systemctl start laws-running'],
    [
      'running, and disabled',
      'changed',
      '{ name: laws-disabled, state: stopped, enabled: true }',
      'unit laws-disabled; systemctl start laws-disabled',
    ],
    [
      'masked',
      'changed',
      '{ name: laws-masked, masked: false }',
      'unit laws-masked; mv /etc/systemd/system/laws-masked.service /usr/lib/systemd/system; systemctl mask laws-masked',
    ],
  ),
  ...of(
    'sysctl',
    [
      'nothing there',
      'changed',
      '{ name: net.ipv4.ip_default_ttl, value: 70, sysctl_file: /etc/sysctl.d/60-laws.conf }',
    ],
    [
      'right',
      'ok',
      '{ name: net.ipv4.tcp_syn_retries, value: 5, sysctl_file: /etc/sysctl.d/61-laws.conf, sysctl_set: true }',
      'echo net.ipv4.tcp_syn_retries = 5 >/etc/sysctl.d/61-laws.conf; sysctl -qw net.ipv4.tcp_syn_retries=5',
    ],
    [
      'only written',
      'changed',
      '{ name: net.ipv4.tcp_synack_retries, value: 3, sysctl_file: /etc/sysctl.d/62-laws.conf, sysctl_set: true }',
      'echo net.ipv4.tcp_synack_retries=3 >/etc/sysctl.d/62-laws.conf',
    ],
    [
      'to go',
      'changed',
      '{ name: net.ipv4.tcp_fin_timeout, state: absent, sysctl_file: /etc/sysctl.d/64-laws.conf, reload: false }',
      "printf '# x\\nnet.ipv4.tcp_fin_timeout = 60\\n' >/etc/sysctl.d/64-laws.conf",
    ],
    ['no such parameter', 'failed', '{ name: net.laws.none, value: 1, sysctl_file: /etc/sysctl.d/63-laws.conf }'],
  ),
  ...of('hostname', ['right', 'ok', '{ name: "{{ inventory_hostname }}" }'], ['no name', 'failed', '{ name: "a;b" }']),
  ...of(
    'timezone',
    ['another one', 'changed', '{ name: Asia/Tokyo }'],
    ['none of that name', 'failed', '{ name: No/Where }'],
  ),
  ...of(
    'apt_repository',
    ['nothing there', 'changed', '{ repo: "deb [trusted=yes] file:/srv/laws-new ./", update_cache: false }'],
    [
      'right',
      'ok',
      '{ repo: "deb file:/srv/laws-right ./", update_cache: false }',
      "echo 'deb file:/srv/laws-right ./' >/etc/apt/sources.list.d/laws-right.list",
    ],
    ['no repository', 'failed', '{ repo: "deb; $(id)", update_cache: false }'],
    [
      'commented out',
      'changed',
      '{ repo: "deb file:/srv/laws-off ./", update_cache: false }',
      "echo '# deb file:/srv/laws-off ./' >/etc/apt/sources.list.d/laws-off.list",
    ],
    [
      'to go',
      'changed',
      '{ repo: "deb file:/srv/laws-gone ./", state: absent, update_cache: false }',
      "echo 'deb file:/srv/laws-gone ./' >/etc/apt/sources.list.d/laws-gone.list",
    ],
    [
      'a failing update',
      'failed',
      '{ repo: "deb file:/no/such/laws ./", update_cache_retries: 0, filename: laws-fails }',
    ],
  ),
  // The others need an index: `packages of Python`.
  ...of('pip', ['no pip', 'failed', '{ name: laws }']),
  ...of(
    'yum_repository',
    ['nothing there', 'changed', '{ name: laws, description: Laws, baseurl: "file:///srv/laws", enabled: false }'],
    [
      'to go, among others',
      'changed',
      '{ name: laws-b, state: absent, file: laws-two }',
      "printf '[laws-a]\\nname=A\\nbaseurl=file:///a\\nenabled=0\\n[laws-b]\\nname=B\\nbaseurl=file:///b\\nenabled=0\\n' >/etc/yum.repos.d/laws-two.repo",
    ],
  ),
  ...of(
    'getent',
    ['a user', 'ok', '{ database: passwd, key: root }'],
    ['nobody', 'failed', '{ database: passwd, key: laws-nobody }'],
  ),
  ...of('service_facts', ['all', 'ok', '{}']),
  ...of('package_facts', ['all', 'ok', '{}']),
  ...of('setup', ['all', 'ok', '{}']),
  ...of('ping', ['there', 'ok', '{}']),
  // Which users have the group is not known then.
  ...of('group', ['another number', 'changed', '{ name: lawsg-gid, gid: 4712 }', 'groupadd -g 4800 lawsg-gid']),
  ...of('selinux', ['none on this host', 'failed', '{ state: enforcing, policy: targeted }']),
] as const
