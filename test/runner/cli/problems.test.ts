import { describe, expect, it } from 'vitest'
import { writeFiles } from '../inventory/files.ts'
import { drover } from './drover.ts'

const bad = `- hosts: web
  gather_facts: false
  tasks:
    - name: typo in a keyword
      debug: { msg: hello }
      wehn: true
    - name: typo in an argument
      file: { pth: /tmp/x, state: directory }
    - name: wrong type
      copy: { content: x, dest: /tmp/x, backup: [1] }
    - name: bad template
      debug: { msg: "{{ 1 + }}" }
    - name: undefined variable
      debug: { msg: "{{ colour }} {{ size }}" }
`

describe('a playbook with many mistakes', { timeout: 60_000 }, () => {
  it('is told of all of them at once, each with its place, before any host is contacted', () => {
    const cwd = writeFiles({
      'bad.yml': bad,
      hosts: '[web]\nh ansible_host=192.0.2.1\n',
      'group_vars/web.yml': 'size: 3\n',
    })
    const { status, stdout, stderr } = drover(cwd, ['run', 'bad.yml', '-i', 'hosts'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    const places = [...stderr.matchAll(/^(bad\.yml:\d+:\d+): /gm)].map(([, place]) => place)
    expect(places).toEqual(['bad.yml:6:7', 'bad.yml:8:15', 'bad.yml:10:49', 'bad.yml:12:29', 'bad.yml:14:25'])
    expect(stderr).toContain('did you mean "when"?')
    expect(stderr).toContain('did you mean "path"?')
    expect(stderr).toContain('colour')
    expect(stderr).not.toContain('size is')
  })

  it('does not call a variable undefined that a part which cannot be read may define', () => {
    const playbook = `- hosts: web
  gather_facts: false
  tasks:
    - set_fact: { colour: red }
      wehn: true
    - debug: { msg: "{{ colour }}" }
`
    const cwd = writeFiles({ 'bad.yml': playbook, hosts: '[web]\nh\n' })
    const { stderr } = drover(cwd, ['run', 'bad.yml', '-i', 'hosts'])
    expect([...stderr.matchAll(/^bad\.yml:\d+:\d+/gm)].map(String)).toEqual(['bad.yml:5:7'])
  })

  it('says that nobody is meant: no inventory, a limit that matches no host', () => {
    const playbook = '- hosts: web\n  gather_facts: false\n  tasks: []\n'
    const cwd = writeFiles({ 'p.yml': playbook, hosts: '[web]\nh\n' })
    const none = drover(cwd, ['run', 'p.yml'])
    expect(none).toMatchObject({ status: 1, stdout: '' })
    expect(none.stderr).toContain('inventory')
    const limited = drover(cwd, ['run', 'p.yml', '-i', 'hosts', '--limit', 'db'])
    expect(limited).toMatchObject({ status: 1, stdout: '' })
    expect(limited.stderr).toContain('--limit')
  })
})
