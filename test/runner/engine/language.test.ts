import { expect, test } from 'vitest'
import { compareWithAnsible } from './compare.ts'
import { play, scratch } from './harness.ts'
import { languageCases } from './language-cases.ts'

compareWithAnsible('drover runs what is less common', languageCases)

const tasks = (text: string): string =>
  `- hosts: a\n  gather_facts: false\n  tasks:\n${text.replace(/^\n/, '').replace(/^/gm, '    ')}`

test('break_when ends a loop after the turn in which it holds', async () => {
  const { of } = await play({
    playbook: tasks(`
- name: looping
  command: echo {{ item }}
  loop: [1, 2, 3, 4]
  register: done
  loop_control: { break_when: [done.stdout == '2', true] }`),
  })
  expect(of('looping').result?.['results']).toHaveLength(2)
})

test('set_stats is told at the end', async () => {
  const { events } = await play({
    playbook: tasks(`
- set_stats: { data: { n: 1, l: [a] } }
- set_stats: { data: { n: 2, l: [b] } }
- set_stats: { data: { n: 5 }, aggregate: false, per_host: true }`),
  })
  expect(events.at(-1)).toMatchObject({ stats: { '': { n: 3, l: ['a', 'b'] }, a: { n: 5 } } })
})

test('vars_prompt asks, and asks again until both answers are the same', async () => {
  const answers = ['one', 'other', 'same', 'same', '']
  const asked: string[] = []
  const { said } = await play({
    playbook: `- hosts: a
  gather_facts: false
  vars_prompt:
    - { name: given, prompt: not asked }
    - { name: secret, prompt: Which, confirm: true }
    - { name: other, prompt: Else, default: usual, private: false }
  tasks:
    - debug: { msg: "{{ given }} {{ secret | length }} {{ other }}" }
`,
    extraVars: { given: 'extra' },
    dependencies: {
      ask: (prompt) => {
        asked.push(prompt)
        return Promise.resolve(answers.shift())
      },
    },
  })
  expect(asked).toEqual(['Which', 'Which (again)', 'Which', 'Which (again)', 'Else [usual]'])
  expect(said()).toEqual(['extra 4 usual'])
})

test('vars_prompt without a default where nobody can answer', async () => {
  const run = play({ playbook: '- hosts: a\n  vars_prompt: [{ name: needed }]\n  tasks: []\n', directory: scratch() })
  await expect(run).rejects.toThrow('"needed" is to be asked for')
})

test('what a role takes may be described with templates, and what is wrong with it is said with its name', async () => {
  const { of } = await play({
    playbook: tasks('- include_role: { name: r }\n  vars: { port: none, list: [{ other: 1 }] }'),
    files: {
      'roles/r/tasks/main.yml': '- debug: {}\n',
      'roles/r/meta/argument_specs.yml': `argument_specs:
  main:
    options:
      port: { type: int, description: "{{ such_as }}" }
      needed: { required: true }
      list: { type: list, elements: dict, options: { key: { required: true } } }
`,
    },
  })
  expect(of("r : Validating arguments against arg spec 'main'").message).toBe(
    'the variables of role "r" are not what it takes: "port" must be a whole number, not "none"; unknown argument "list[0].other" (it takes key); "list[0]" lacks "key"; missing argument "needed"',
  )
})

test('what a role takes with no_log is shown nowhere', async () => {
  const { of } = await play({
    playbook: tasks('- include_role: { name: r }\n  vars: { password: not for all, user: ada }'),
    files: {
      'roles/r/tasks/main.yml': '- debug: { msg: "{{ user }}: {{ password }}" }\n',
      'roles/r/meta/argument_specs.yml':
        'argument_specs: { main: { options: { user: {}, password: { no_log: true } } } }\n',
    },
  })
  expect(of('r : debug').result).toMatchObject({ msg: 'ada: ********' })
})

test('an include that never ends fails the hosts', async () => {
  const { recap, warnings } = await play({
    playbook: tasks('- include_tasks: again.yml'),
    files: { 'again.yml': '- include_tasks: again.yml\n' },
  })
  expect(recap['a']?.failed).toBe(1)
  expect(warnings.join()).toContain('more than 100 includes are inside each other')
})

test('variables that lead to each other fail the task', async () => {
  const { of } = await play({
    playbook: tasks(`
- debug: { msg: "{{ x }}" }
  vars: { x: "{{ y }}", y: "{{ x }}" }
  ignore_errors: true`),
  })
  expect(of('debug').outcome).toBe('failed')
  expect(of('debug').message).toMatch(/itself|recurs|each other/)
})

test('how a host is reached is said by the play, a task, variables, and set_fact', async () => {
  const { of, exitStatus } = await play({
    inventory: 'a\nb ansible_connection=local\n',
    options: { connection: {} },
    playbook: `- hosts: a
  gather_facts: false
  connection: local
  vars: { of_play: 127.0.0.1 }
  tasks:
    - { name: by the play, command: echo here }
    - name: by a task
      command: echo never
      connection: ssh
      remote_user: someone
      port: 1
      vars: { ansible_host: "{{ of_play }}" }
      ignore_unreachable: true
    - name: delegated
      command: echo here
      connection: ssh
      delegate_to: b
    - { set_fact: { ansible_connection: embedded } }
    - { name: by a fact, command: echo here }
    - { set_fact: { ansible_connection: none such } }
    - { name: wrong, command: echo never, ignore_errors: true }
    - { set_fact: { ansible_connection: local } }
- hosts: a
  gather_facts: false
  tasks:
    - { name: in the next play, command: echo here }
`,
  })
  expect(of('by the play')).toMatchObject({ outcome: 'changed' })
  expect(of('by a task')).toMatchObject({ outcome: 'unreachable' })
  expect(of('by a task').message).toContain('127.0.0.1:1, user someone')
  expect(of('delegated')).toMatchObject({ outcome: 'changed' })
  expect(of('by a fact')).toMatchObject({ outcome: 'changed' })
  expect(of('wrong').message).toContain('"none such" is not known')
  expect(of('in the next play')).toMatchObject({ outcome: 'changed' })
  expect(exitStatus).toBe(0)
})
