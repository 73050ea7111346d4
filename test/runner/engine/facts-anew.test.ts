import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play, scratch } from './harness.ts'

const gathered = (there: string): string => `setup: { fact_path: ${there}, filter: [local] }`

test('facts that are gathered again know what tasks have changed since', async () => {
  const there = join(scratch(), 'facts.d')
  const playbook = `- hosts: a
  gather_facts: false
  tasks:
    - ${gathered(there)}
    - assert: { that: "not ansible_local" }
    - file: { path: ${there}, state: directory }
    - copy: { dest: ${there}/site.fact, content: '{"role": "web"}' }
    - ${gathered(there)}
    - assert: { that: "ansible_local.site.role == 'web'" }
- hosts: a
  gather_facts: false
  tasks:
    - ${gathered(there)}
    - copy: { dest: ${there}/site.fact, content: '{"role": "db"}' }
- hosts: a
  gather_facts: false
  tasks:
    - ${gathered(there)}
    - assert: { that: "ansible_local.site.role == 'db'" }
`
  const played = await play({ playbook })
  expect(played.exitStatus).toBe(0)
})
