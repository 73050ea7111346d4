import type { Case } from './ansible-cases.ts'

/** The files of a role; `extra` overrides and adds. Its tasks tell what they see of the variables that matter here. */
const role = (name: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      'defaults/main.yml': `d: ${name}-default\nd_${name}: ${name}-default\n`,
      'vars/main.yml': `v: ${name}-var\nv_${name}: ${name}-var\n`,
      'tasks/main.yml': tell(name),
      ...extra,
    }).map(([file, text]) => [`roles/GROUP${name}/${file}`, text]),
  )

const seen = ['d', 'v', 'p', 'u', 'd_r1', 'd_r2', 'd_r3', 'v_r1', 'v_r2', 'v_r3']
/** A task that shows variables, `-` for those that are not defined. */
const tell = (what: string): string =>
  `- debug: { msg: "${what} ${seen.map((name) => `${name}={{ ${name} | default('-') }}`).join(' ')} par={{ ansible_parent_role_names | default('-') }}" }\n`

const play = (text: string): string => `- hosts: GROUP\n  gather_facts: false\n${text.replace(/^\n/, '')}`
const three = { ...role('r1'), ...role('r2'), ...role('r3') }
const notifying = (name: string): Record<string, string> =>
  role(name, {
    'tasks/main.yml': `- debug: { msg: ${name} }\n  changed_when: true\n  notify: [own_${name}, same, topic, "GROUP${name} : qualified"]\n`,
    'handlers/main.yml': `- { name: own_${name}, debug: { msg: "own ${name} {{ d }} {{ v }} {{ p | default('-') }} {{ role_name }}" } }
- { name: same, debug: { msg: "same ${name}" } }
- { name: qualified, debug: { msg: "qualified ${name}" } }
- { name: listens, listen: topic, debug: { msg: "topic ${name}" } }
`,
  })

export const roleCases: readonly Case[] = [
  {
    name: 'the order of sections, roles and handlers',
    playbook: play(`
  tasks:
    - { debug: { msg: task }, changed_when: true, notify: h }
  post_tasks:
    - { debug: { msg: post }, changed_when: true, notify: h }
  pre_tasks:
    - { debug: { msg: pre }, changed_when: true, notify: h }
  roles: [GROUPr1, { role: GROUPr2 }, { name: GROUPr1 }]
  handlers:
    - { name: h, debug: { msg: h } }
`),
    files: three,
  },
  {
    name: 'defaults, vars, use vars and params against the rest',
    playbook: play(`
  vars: { d: play, v: play, p: play, u: play }
  pre_tasks:
${tell('pre').replace(/^/gm, '    ').trimEnd()}
  roles:
    - { role: GROUPr1, p: param }
    - role: GROUPr2
      vars: { d: use, v: use, u: use }
    - role: GROUPr3
      d: param
      v: param
  tasks:
${tell('task').replace(/^/gm, '    ').trimEnd()}
    - block:
${tell('block').replace(/^/gm, '        ').trimEnd()}
      vars: { d: block, v: block, p: block, u: block }
`),
    files: three,
  },
  {
    name: 'levels within a role',
    playbook: play(`
  roles:
    - { role: GROUPlevels, param: from-param, fact: from-param, vars: { both: use } }
`),
    files: {
      'roles/GROUPlevels/defaults/main.yml':
        'param: default\nfact: default\nboth: default\nblock: default\nloaded: default\nme: default\n',
      'roles/GROUPlevels/vars/main.yml': 'both: var\nblock: var\nloaded: var\n',
      'roles/GROUPlevels/vars/more.yml': 'loaded: included\nblock: included\nfact: included\nparam: included\n',
      'roles/GROUPlevels/tasks/main.yml': `- set_fact: { fact: set, both: set }
- include_vars: more.yml
- debug: { msg: "{{ param }} {{ fact }} {{ both }} {{ block }} {{ loaded }} {{ me }} {{ role_name }}" }
  vars: { param: task, fact: task, both: task, block: task, loaded: task }
- debug: { msg: "{{ registered.msg | default('none') }} {{ ansible_role_name }} {{ role_path | basename }} {{ ansible_play_role_names }}" }
`,
    },
  },
  {
    name: 'dependencies run first, once each, and see their parents',
    playbook: play(`
  roles:
    - { role: GROUPr1, p: from-play, vars: { u: use-r1 } }
    - GROUPr3
`),
    files: {
      ...role('r1', {
        'meta/main.yml': 'dependencies: [GROUPr2, { role: GROUPr3, p: from-r1, vars: { u: use-r3 } }, GROUPr2]\n',
      }),
      ...role('r2', { 'meta/main.yml': 'dependencies: [GROUPr3]\n' }),
      ...role('r3'),
    },
  },
  {
    name: 'duplicates',
    playbook: play(`
  roles:
    - GROUPr1
    - GROUPr1
    - { role: GROUPr1, p: one }
    - { role: GROUPr1, p: one }
    - { role: GROUPr1, p: two }
    - { role: GROUPr1, vars: { u: x } }
    - { role: GROUPr1, tags: t }
    - GROUPr2
    - GROUPr2
  tasks:
    - import_role: { name: GROUPr1 }
    - include_role: { name: GROUPr1 }
    - include_role: { name: GROUPr1 }
    - include_role: { name: GROUPr1, allow_duplicates: false }
    - include_role: { name: GROUPr3, allow_duplicates: false }
    - include_role: { name: GROUPr3, allow_duplicates: false }
`),
    files: {
      ...role('r1'),
      ...role('r2', { 'meta/main.yml': 'allow_duplicates: true\n' }),
      ...role('r3'),
    },
  },
  {
    name: 'a role that ran on some hosts only',
    playbook: play(`
  roles:
    - { role: GROUPr1, when: me == 'a' }
    - { role: GROUPr1, when: me == 'a' }
    - GROUPr2
  tasks:
    - include_role: { name: GROUPr3 }
      when: me == 'b'
`),
    files: three,
  },
  {
    name: 'include_role keeps its variables, or shows them',
    playbook: play(`
  tasks:
    - include_role: { name: GROUPr1 }
      vars: { p: include, v: include, d: include }
${tell('private').replace(/^/gm, '    ').trimEnd()}
    - include_role: { name: GROUPr2, public: true }
${tell('public').replace(/^/gm, '    ').trimEnd()}
    - import_role: { name: GROUPr3 }
      vars: { p: import, v: import, d: import }
${tell('imported').replace(/^/gm, '    ').trimEnd()}
`),
    files: three,
  },
  {
    name: 'roles that include and import roles',
    playbook: play(`
  roles:
    - { role: GROUPr1, p: param-r1 }
`),
    files: {
      ...role('r1', {
        'tasks/main.yml': `${tell('r1')}- include_role: { name: GROUPr2 }
  vars: { p: include, u: include }
${tell('r1 again')}- import_role: { name: GROUPr3 }
  vars: { u: import }
`,
      }),
      ...role('r2', { 'tasks/main.yml': `${tell('r2')}- include_role: { name: GROUPr3 }\n` }),
      ...role('r3'),
    },
  },
  {
    name: 'handlers of roles',
    playbook: play(`
  roles: [{ role: GROUPr1, p: one }, GROUPr2]
  tasks:
    - { debug: { msg: task }, changed_when: true, notify: [same, own_r1, "GROUPr2 : own_r2"] }
  handlers:
    - { name: same, debug: { msg: same play } }
    - { name: listens, listen: topic, debug: { msg: topic play } }
`),
    files: { ...notifying('r1'), ...notifying('r2') },
  },
  {
    name: 'handlers of imported and included roles',
    playbook: play(`
  tasks:
    - { debug: { msg: before }, changed_when: true, notify: [same, topic] }
    - include_role: { name: GROUPr1 }
      vars: { p: included }
    - import_role: { name: GROUPr2 }
    - { debug: { msg: after }, changed_when: true, notify: [same, own_r1] }
    - meta: flush_handlers
    - include_role: { name: GROUPr1 }
      loop: [1, 2]
      vars: { p: "loop {{ item }}" }
  handlers:
    - { name: same, debug: { msg: same play } }
`),
    files: { ...notifying('r1'), ...notifying('r2') },
  },
  {
    name: 'loops over include_role and include_tasks',
    otherRecap: 'Ansible counts an include of tasks once for each item of its loop',
    playbook: play(`
  tasks:
    - include_role: { name: "GROUP{{ item }}" }
      loop: [r1, r2]
      vars: { p: "{{ item }} {{ me }}" }
    - include_role: { name: GROUPr3, tasks_from: other }
      loop: "{{ ['x', 'y'] if me == 'a' else ['y', 'x'] }}"
      loop_control: { loop_var: outer, index_var: number }
    - include_tasks: GROUPtasks.yml
      with_items: [1, 2]
`),
    files: {
      ...three,
      ...role('r3', { 'tasks/other.yml': '- debug: { msg: "other {{ outer }} {{ number }} {{ role_name }}" }\n' }),
      'GROUPtasks.yml': '- debug: { msg: "{{ item }} {{ role_name | default(\'none\') }}" }\n',
    },
  },
  {
    name: 'what imports and includes inherit',
    playbook: play(`
  tasks:
    - import_role: { name: GROUPr1 }
      when: me != 'b'
      vars: { u: import }
    - include_role:
        name: GROUPr2
        apply: { when: "me != 'c'", vars: { u: applied, v: applied } }
      when: me != 'b'
      vars: { u: include }
    - block:
        - include_role: { name: GROUPr3 }
        - import_role: { name: GROUPr1 }
      vars: { v: block, u: block }
      when: me == 'a'
    - include_tasks: { file: GROUPtasks.yml, apply: { vars: { u: applied } } }
`),
    files: { ...three, 'GROUPtasks.yml': '- debug: { msg: "{{ u }}" }\n' },
  },
  {
    name: 'tags of roles',
    playbook: play(`
  roles:
    - { role: GROUPr1, tags: wanted }
    - GROUPr2
  tasks:
    - include_role: { name: GROUPr3 }
      tags: wanted
    - include_role: { name: GROUPr3, apply: { tags: wanted } }
      tags: wanted
    - import_role: { name: GROUPr3 }
      tags: [wanted]
    - include_role: { name: GROUPr3 }
      tags: always
`),
    files: {
      ...role('r1', { 'meta/main.yml': 'dependencies: [GROUPr2]\n' }),
      ...role('r2'),
      ...role('r3', { 'tasks/main.yml': `${tell('r3')}- debug: { msg: tagged }\n  tags: wanted\n` }),
    },
    alone: ['--tags', 'wanted'],
    options: { tags: ['wanted'] },
  },
  {
    name: 'other files of roles',
    playbook: play(`
  tasks:
    - include_role: { name: GROUPr1, tasks_from: other.yml, vars_from: other, defaults_from: other, handlers_from: other }
    - import_role: { name: GROUPr1, tasks_from: er, vars_from: many }
`),
    files: {
      ...role('r1', {
        'tasks/other.yml': `${tell('other')}- { debug: {}, changed_when: true, notify: other }\n`,
        'tasks/er.yml': '- include_tasks: deep/beside.yml\n- import_tasks: deep/beside.yml\n',
        'tasks/deep/beside.yml': `${tell('beside')}- include_tasks: main.yml\n`,
        'vars/other.yml': 'v: other\n',
        'defaults/other.yaml': 'd: other\n',
        'handlers/other.yml': '- { name: other, debug: { msg: "handler {{ v }}" } }\n',
        'vars/many/b.yml': 'v: b\n',
        'vars/many/a.yml': 'v: a\nu: a\n',
      }),
    },
  },
  {
    name: 'files, templates and variables beside a role',
    playbook: play(`
  roles: [GROUPr1]
`),
    files: {
      ...role('r1', {
        'files/f.txt': 'role file',
        'templates/t.j2': "template {{ lookup('file', 'f.txt') }}",
        'vars/extra.yml': 'u: extra\n',
        'tasks/main.yml': `- include_vars: extra.yml
- debug: { msg: "{{ lookup('file', 'f.txt') }} {{ lookup('template', 't.j2') }} {{ lookup('file', 'GROUPplay.txt') }} {{ u }}" }
- include_role: { name: GROUPr2 }
`,
      }),
      ...role('r2', { 'tasks/main.yml': "- debug: { msg: \"{{ lookup('file', 'f.txt') }}\" }\n" }),
      'files/GROUPplay.txt': 'play file',
    },
  },
  {
    name: 'argument_specs',
    playbook: play(`
  tasks:
    - block:
        - include_role: { name: GROUPspec }
          vars: { port: "8080", mode: fast, many: [{ key: a }], flag: "yes" }
      rescue:
        - debug: { msg: never }
    - block:
        - include_role: { name: GROUPspec }
          vars: { port: none, many: [{ kex: a }] }
      rescue:
        - debug: { msg: "{{ ansible_failed_task.name }}" }
    - block:
        - include_role: { name: GROUPspec }
          vars: { port: 1, mode: "{{ 'sl' ~ 'ow' }}" }
      rescue:
        - debug: { msg: rescued }
    - include_role: { name: GROUPspec, rolespec_validate: false }
    - include_role: { name: GROUPspec, tasks_from: other }
`),
    files: {
      'roles/GROUPspec/meta/argument_specs.yml': `argument_specs:
  main:
    short_description: What it takes
    options:
      port: { type: int, required: true }
      mode: { type: str, choices: [fast, slow] }
      flag: { type: bool }
      many: { type: list, elements: dict, options: { key: { type: str, required: true } } }
`,
      'roles/GROUPspec/tasks/main.yml': '- debug: { msg: "runs {{ port | default(0) }}" }\n',
      'roles/GROUPspec/tasks/other.yml': '- debug: { msg: other }\n',
    },
  },
]
