import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encrypt } from '../../../runner/vault/cipher.ts'
import { writeFiles } from '../inventory/files.ts'
import { drover } from './drover.ts'

const sealed = (text: string): string => encrypt(Buffer.from(text), Buffer.from('pw'))
const value = (text: string): string => `!vault |\n  ${sealed(text).trimEnd().replaceAll('\n', '\n  ')}\n`
const key = '-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF\n-----END KEY-----\n'

const files = {
  pw: 'pw\n',
  hosts: sealed('[g]\nh ansible_connection=local from_inventory=hosts-secret\n'),
  'group_vars/g.yml': sealed('from_group: group-secret\npin: 471142\n'),
  'host_vars/h.yml': `from_host: ${value('host-secret')}`,
  'vars.yml': sealed('from_file: "file-secret"\n'),
  'included.yml': sealed('from_include: include-secret\n'),
  'extra.yml': sealed('from_extra: extra-secret\n'),
  'tasks.yml': sealed('- debug: {msg: "{{ in_task }}"}\n  vars: {in_task: task-secret}\n'),
  'files/key': sealed(key),
  'templates/t.j2': sealed('rendered-secret {{ inventory_hostname }}\n'),
  'playbook.yml': sealed(`- hosts: g
  gather_facts: false
  vars_files: vars.yml
  vars:
    from_play: play-secret
    unused: ${value('x').replaceAll('\n  ', '\n      ').trimEnd()}
  tasks:
    - include_vars: included.yml
    - debug: {msg: "{{ [from_inventory, from_group, from_host, from_file, from_include, from_extra, from_play, pin] | join('+') }}"}
    - debug: {var: from_host}
    - set_fact: {derived: "{{ {'a': from_host, 'n': pin} }}"}
    - include_tasks: tasks.yml
    - copy: {src: key, dest: "{{ playbook_dir }}/out/key", mode: "0600"}
    - copy: {src: key, dest: "{{ playbook_dir }}/out/sealed", decrypt: false}
    - template: {src: t.j2, dest: "{{ playbook_dir }}/out/t"}
    - command: cat {{ playbook_dir }}/out/key
    - debug: {msg: "{{ lookup('file', 'key') }}"}
    - debug: {msg: "{{ from_host | b64encode }}"}
    - fail: {msg: "because of {{ from_group }}"}
`),
  'out/there': '',
}
const secrets = [
  ...['hosts', 'group', 'host', 'file', 'include', 'extra', 'play', 'task', 'rendered'].map((name) => `${name}-secret`),
  'AAAABBBBCCCC',
  'DDDDEEEEFFFF',
  '471142',
  Buffer.from('host-secret').toString('base64'),
]

describe('drover run with a vault', { timeout: 30_000 }, () => {
  const command = ['run', 'playbook.yml', '-i', 'hosts', '-e', '@extra.yml']

  it.each(['lines', 'json'])('opens everything, and shows none of it: --output %s', (output) => {
    const cwd = writeFiles(files)
    const { status, stdout, stderr } = drover(cwd, [...command, '--vault-id', 'pw', '-vvvv', '--diff', '-o', output])
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' })
    expect(stdout).toContain('because of ********')
    expect(stdout).toContain(Array.from({ length: 8 }, () => '********').join('+'))
    for (const secret of secrets) expect(stdout).not.toContain(secret)
    expect(readFileSync(join(cwd, 'out/key'), 'utf8')).toBe(key)
    expect(readFileSync(join(cwd, 'out/sealed'), 'utf8')).toBe(files['files/key'])
    expect(readFileSync(join(cwd, 'out/t'), 'utf8')).toBe('rendered-secret h\n')
  })

  it('says of all encrypted files at once that there is no password, and shows no line of them', () => {
    const cwd = writeFiles({ ...files, other: 'wrong\n' })
    const none = drover(cwd, command)
    expect(none.status).toBe(1)
    for (const name of ['playbook.yml', 'hosts', 'extra.yml'])
      expect(none.stderr).toContain(`${name} is encrypted with ansible-vault, and no vault password was given`)
    const wrong = drover(cwd, [...command, '--vault-password-file', 'other'])
    expect(wrong.stderr).toContain(
      'playbook.yml cannot be decrypted: the vault password "default" is not the right one',
    )
    const broken = { 'bad.yml': sealed('- hosts: g\n  taks: [secret-line]\n'), pw: 'pw\n' }
    const { stderr } = drover(writeFiles(broken), ['run', 'bad.yml', '--vault-password-file', 'pw'])
    expect(stderr).toContain('bad.yml:2:3: unknown keyword "taks"')
    expect(stderr).not.toContain('secret-line')
  })

  it('asks for no password before a value is used, and says where it stands', () => {
    const playbook = `- hosts: localhost\n  gather_facts: false\n  vars:\n    secret: ${value('s3cret').replaceAll('\n  ', '\n      ')}  tasks:\n    - debug: {msg: used}\n    - debug: {var: secret}\n      tags: uses\n`
    const cwd = writeFiles({ 'p.yml': playbook, other: 'wrong\n' })
    expect(drover(cwd, ['run', 'p.yml', '--list-tasks'])).toMatchObject({ status: 0 })
    expect(drover(cwd, ['run', 'p.yml', '--skip-tags', 'uses'])).toMatchObject({ status: 0 })
    expect(drover(cwd, ['run', 'p.yml']).stdout).toMatch(/no vault password was given.*p\.yml:4:/)
    expect(drover(cwd, ['run', 'p.yml', '--vault-password-file', 'other']).stdout).toContain('is not the right one')
  })

  it('takes passwords from the settings', () => {
    const cwd = writeFiles({
      'p.yml': `- hosts: localhost\n  gather_facts: false\n  tasks: [{assert: {that: s == 'x'}}]\n`,
      'v.yml': `s: ${value('x')}`,
      'secret/pw': 'pw\n',
      'ansible.cfg': '[defaults]\nvault_password_file = secret/pw\n',
    })
    expect(drover(cwd, ['run', 'p.yml', '-e', '@v.yml'])).toMatchObject({ status: 0 })
    const environment = { ANSIBLE_CONFIG: '/nowhere', ANSIBLE_VAULT_IDENTITY_LIST: 'a@secret/pw' }
    expect(drover(cwd, ['run', 'p.yml', '-e', '@v.yml'], { environment })).toMatchObject({ status: 0 })
  })
})
