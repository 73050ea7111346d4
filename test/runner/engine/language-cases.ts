import type { Case } from './ansible-cases.ts'

const play = (text: string): string => `- hosts: GROUP\n  gather_facts: false\n${text.replace(/^\n/, '')}`

/** Less common parts of the language. */
export const languageCases: readonly Case[] = [
  {
    name: 'loop_control.extended',
    playbook: play(`
  tasks:
    - debug: { msg: "{{ ansible_loop }}" }
      loop: [a, b, c]
      loop_control: { extended: true }
    - debug: { msg: "{{ ansible_loop.allitems is defined }} {{ ansible_loop.previtem | default('none') }} {{ n }}" }
      loop: [a, b]
      loop_control: { extended: true, extended_allitems: false, index_var: n }
`),
  },
  {
    name: 'loops over lookups',
    playbook: play(`
  vars:
    users: [{ name: x, keys: [1, 2] }, { name: y, keys: [3] }, { name: z }]
  tasks:
    - debug: { msg: "{{ item.0.name }} {{ item.1 }}" }
      with_subelements: ["{{ users }}", keys, { skip_missing: true }]
    - debug: { msg: "{{ item }}" }
      with_lines: "printf 'one\\ntwo\\n'"
    - debug: { msg: "{{ item | basename }}" }
      with_fileglob: "GROUPfiles/*.conf"
    - debug: { msg: "{{ item | basename }}" }
      with_first_found: [GROUPnone.txt, GROUPthere.txt]
    - debug: { msg: "{{ item }}" }
      with_inventory_hostnames: "GROUP:!GROUPb"
    - debug: { msg: "{{ item in [1, 2] }}" }
      with_random_choice: [1, 2]
    - debug: { msg: "{{ item }}" }
      with_cartesian: [[1, 2], [a, b]]
`),
    files: { 'GROUPfiles/a.conf': '', 'GROUPfiles/b.txt': '', 'files/GROUPthere.txt': '' },
  },
  {
    name: 'delegate_facts, and delegate_to on blocks',
    playbook: play(`
  tasks:
    - set_fact: { given: "by {{ me }}" }
      delegate_to: GROUPb
      delegate_facts: true
      when: me == 'a'
    - debug: { msg: "{{ given | default('none') }} {{ hostvars['GROUPb'].given }}" }
    - set_fact: { kept: "by {{ me }}" }
      delegate_to: GROUPb
      when: me == 'a'
    - debug: { msg: "{{ kept | default('none') }}" }
    - delegate_to: GROUPc
      delegate_facts: true
      block:
        - set_fact: { origin: "{{ me }}" }
          run_once: true
    - debug: { msg: "{{ origin | default('none') }}" }
`),
  },
  {
    name: 'add_host and group_by',
    playbook: `${play(`
  tasks:
    - add_host: { name: GROUPnew, groups: [GROUPadded, other group], me: "new {{ me }}", ansible_connection: local }
      register: r
    - debug: { msg: "{{ r.add_host.host_name }} {{ r.add_host.groups }} {{ groups.GROUPadded }} {{ r is changed }}" }
      when: me == 'a'
    - debug: { msg: "{{ r is defined }}" }
    - add_host: "name=GROUPnew{{ item }} groups=GROUPadded"
      loop: [1, 2]
    - group_by: { key: "GROUP-{{ 'x' if me == 'a' else 'y z' }}", parents: GROUPparent }
    - debug: { msg: "{{ group_names }} {{ 'GROUPparent' in group_names }} {{ hostvars['GROUPnew'].me }} {{ from_group | default('none') }}" }
`)}- hosts: GROUPadded
  gather_facts: false
  connection: local
  tasks:
    - debug: { msg: "{{ me | default('-') }} {{ group_names }}" }
- hosts: GROUP-y-z
  gather_facts: false
  tasks:
    - debug: { msg: "{{ me }} {{ from_group }}" }
`,
    files: { 'group_vars/GROUP-y-z.yml': 'from_group: group vars\n' },
  },
  {
    name: 'tags that are templates',
    playbook: play(`
  vars: { t: [one, two] }
  tasks:
    - { debug: { msg: one }, tags: "{{ t }}" }
    - { debug: { msg: three }, tags: "{{ 'th' ~ 'ree' }}" }
`),
    alone: ['--tags', 'two'],
    options: { tags: ['two'] },
  },
  {
    name: 'vars_prompt that nobody answers',
    playbook: play(`
  vars_prompt:
    - { name: colour, prompt: Which one?, default: red, private: false }
    - { name: me_too, default: "{{ 1 + 1 }}", private: true }
  vars: { colour: play }
  tasks:
    - debug: { msg: "{{ colour }} {{ me_too }}" }
`),
    alone: [],
  },
  {
    name: 'tasks in the background',
    otherRecap: 'a task that was ended for taking too long is counted as changed by Ansible',
    playbook: play(`
  tasks:
    - name: waited for
      command: sh -c 'sleep 0.2; echo {{ me }}; echo err >&2'
      async: 20
      poll: 1
      register: waited
    - debug: { msg: "{{ waited.stdout }} {{ waited.stderr }} {{ waited.rc }} {{ waited is changed }}" }
    - name: fails
      command: sh -c 'exit 3'
      async: 20
      poll: 1
      register: failed
      ignore_errors: true
    - debug: { msg: "{{ failed.rc }} {{ failed is failed }}" }
    - name: started
      shell: sleep 0.2; echo later
      async: 20
      poll: 0
      register: started
    - debug: { msg: "{{ started.finished | int }} {{ started.started | int }} {{ started.ansible_job_id is string }}" }
    - name: looked at
      async_status: { jid: "{{ started.ansible_job_id }}" }
      register: later
      until: later.finished
      delay: 1
      retries: 10
    - debug: { msg: "{{ later.stdout }} {{ later.finished | int }} {{ later.rc }}" }
    - name: removed
      async_status: { jid: "{{ started.ansible_job_id }}", mode: cleanup }
    - name: no such job
      async_status: { jid: j1.1 }
      ignore_errors: true
    - name: each of a loop
      command: "echo {{ item }}"
      async: 20
      poll: 1
      loop: [x, y]
      register: each
    - debug: { msg: "{{ each.results | map(attribute='stdout') | list }}" }
    - name: too long
      command: sleep 30
      async: 1
      poll: 2
      ignore_errors: true
`),
  },
  {
    name: 'what a template says of its own file, and raw with line breaks',
    playbook: play(`
  vars: { named: "{{ ansible_managed | default('nobody') }} {{ template_path | default('-') }}", ansible_managed: overridden }
  tasks:
    - template: { src: about.j2, dest: "{{ here }}/{{ me }}.out" }
    - debug: { msg: "{{ lookup('file', here ~ '/' ~ me ~ '.out') }}" }
    - debug: { msg: "{{ lookup('template', 'short.j2') }}" }
    - debug: { msg: "{{ named }}" }
`),
    files: {
      'templates/short.j2': '{{ ansible_managed }} {{ template_path }}',
      'templates/about.j2': `# {{ ansible_managed | comment }} {{ template_path }} {{ template_fullpath == here ~ '/templates/about.j2' }}
{% raw %}
{{ as it is }}
{% endraw %}
{{ named }} {{ template_uid }} {{ template_host | length > 0 }} {{ template_run_date.year > 2000 }}
`,
    },
  },
]
