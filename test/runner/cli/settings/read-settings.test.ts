import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings } from '../../../../runner/cli/settings/read-settings.ts'
import { show, writeFiles } from '../../inventory/files.ts'

const nowhere = { home: '/nonexistent', system: '/nonexistent' }

const inventoryOf = (ANSIBLE_INVENTORY: string) => readSettings({ ANSIBLE_INVENTORY }, '/w', nowhere).settings.inventory

describe('readSettings', () => {
  it('reads every kind of value, comments and continued lines; paths start from the file', () => {
    const cwd = writeFiles({
      'etc/my.cfg': [
        '# a comment',
        '[defaults]',
        'inventory = hosts.yml, more',
        'forks=20 ; inline',
        'host_key_checking: False',
        'ROLES_PATH = roles:/usr/share/roles',
        'remote_user = "deploy"',
        'unknown = x',
        '[ssh_connection]',
        "ssh_args = -o 'ProxyCommand=ssh -W %h:%p jump'",
        '    -C',
        '[privilege_escalation]',
        'become = yes',
      ].join('\n'),
    })
    const { settings, problems, file } = readSettings({ ANSIBLE_CONFIG: 'etc/my.cfg' }, cwd, nowhere)
    expect({ problems, file }).toEqual({ problems: [], file: 'etc/my.cfg' })
    expect(settings).toEqual({
      inventory: [join(cwd, 'etc/hosts.yml'), join(cwd, 'etc/more')],
      forks: 20,
      hostKeyChecking: false,
      rolesPath: [join(cwd, 'etc/roles'), '/usr/share/roles'],
      remoteUser: 'deploy',
      sshArgs: ['-o', 'ProxyCommand=ssh -W %h:%p jump', '-C'],
      become: true,
    })
  })

  it('lets DROVER_… win over ANSIBLE_…, and that over the file', () => {
    const cwd = writeFiles({ 'ansible.cfg': '[defaults]\nforks = 1\ntimeout = 1\nremote_user = file\n' })
    const environment = { DROVER_FORKS: '3', ANSIBLE_FORKS: '2', ANSIBLE_TIMEOUT: '2', ANSIBLE_REMOTE_USER: '' }
    expect(readSettings(environment, cwd, nowhere).settings).toEqual({ forks: 3, timeout: 2, remoteUser: 'file' })
  })

  it('takes a list of hosts for one source', () => {
    expect(inventoryOf('a,b,')).toEqual(['a,b,'])
    expect(inventoryOf('a,/b')).toEqual(['/w/a', '/b'])
  })

  it('looks in Ansible’s places, in order', () => {
    const root = writeFiles({
      'home/.ansible.cfg': '[defaults]\nforks = 2\n',
      'system/ansible.cfg': '[defaults]\nforks = 3\n',
      'named/ansible.cfg': '[defaults]\nforks = 4\n',
      'work/ansible.cfg': '[defaults]\nforks = 1\n',
    })
    const places = { home: join(root, 'home'), system: join(root, 'system') }
    const forks = (cwd: string, environment = {}, where = places) =>
      readSettings(environment, join(root, cwd), where).settings.forks
    expect(forks('work')).toBe(1)
    expect(forks('named', { ANSIBLE_CONFIG: '.' })).toBe(4)
    expect(forks('work', { ANSIBLE_CONFIG: join(root, 'gone.cfg') })).toBe(1)
    expect(forks('system', {}, { home: places.home, system: root })).toBe(3)
    expect(forks('home')).toBe(2)
    expect(forks('home', {}, { ...places, home: root })).toBe(3)
  })

  it('passes over ./ansible.cfg where everybody may write, and says so', () => {
    const cwd = writeFiles({ 'ansible.cfg': '[defaults]\nforks = 1\n' })
    chmodSync(cwd, 0o777)
    const { settings, warnings } = readSettings({}, cwd, nowhere)
    expect(settings).toEqual({})
    expect(warnings.map(({ message }) => message)).toEqual([
      `${join(cwd, 'ansible.cfg')} is not read, since everybody may write to its directory`,
    ])
  })

  it('says what is wrong, and where', () => {
    const cwd = writeFiles({
      'ansible.cfg':
        "forks = 1\n[defaults]\nforks = many\nnothing\nhost_key_checking = perhaps\n[ssh_connection]\nssh_args = 'x\n",
    })
    expect(readSettings({ ANSIBLE_TIMEOUT: 'x' }, cwd, nowhere).problems.map(show)).toEqual([
      'ansible.cfg:1:1: this stands above the first [section]',
      'ansible.cfg:4:1: this is neither a [section] nor "key = value"',
      'ansible.cfg:3:1: forks takes a whole number, not "many"',
      'ANSIBLE_TIMEOUT takes a whole number, not "x"',
      'ansible.cfg:5:1: host_key_checking is yes or no, not "perhaps"',
      "ansible.cfg:7:1: ssh_args: this quote is not closed: 'x",
    ])
  })
})
