import type { Case } from './ansible-cases.ts'

const tasks = (text: string, keywords = ''): string =>
  `- hosts: GROUP\n  gather_facts: false\n${keywords}  tasks:\n${text.replace(/^\n/, '').replace(/^/gm, '    ').trimEnd()}\n`

/** What random playbooks have found, each by itself. */
export const foundCases: readonly Case[] = [
  {
    name: 'text that a template gives is data where it is written as a list or a mapping',
    playbook: tasks(`
- { shell: "echo '{\\"a\\": [1, 2]}'", register: r, changed_when: false }
- set_fact: { data: "{{ r.stdout }}", text: "{{ r.stdout | string }}" }
- debug: { msg: "{{ data.a[1] }} {{ data is mapping }} {{ text is string }}" }
- debug: { msg: "{{ item }}" }
  loop: "[{{ 1 }}, {{ data.a | max }}]"
- debug: { msg: "{{ written.x }} {{ written.y[0] }}" }
  vars: { written: "{'x': {{ 1 + 1 }}, 'y': ['{{ item | default('z') }}']}" }
- debug: { msg: "{{ 'yes' if flag else 'no' }}" }
  vars: { flag: "{{ 'False' }}" }`),
  },
  {
    name: 'what cannot be evaluated leaves no word of changes, what is passed over none of failure',
    playbook: tasks(`
- { debug: {}, when: missing, register: r, ignore_errors: true }
- debug: { msg: "{{ r.changed | default('-') }} {{ r.failed }}" }
- { debug: { msg: "{{ missing }}" }, register: r, ignore_errors: true }
- debug: { msg: "{{ r.changed | default('-') }} {{ r.failed }}" }
- { debug: {}, when: false, register: r }
- debug: { msg: "{{ r.changed }} {{ r.failed | default('-') }} {{ r.skipped }}" }
- { debug: {}, loop: [1], register: r }
- debug: { msg: "{{ r.failed | default('-') }} {{ r.skipped }}" }`),
  },
  {
    name: 'a loop ends with the item that cannot be evaluated',
    playbook: tasks(`
- { debug: { msg: "{{ item.a }}" }, loop: [{}, { a: 3 }], register: r, ignore_errors: true }
- debug: { msg: "{{ r.results is defined }} {{ r.failed }}" }`),
  },
  {
    name: 'a verdict that cannot be given keeps the result',
    playbook: tasks(`
- { debug: { msg: kept }, failed_when: missing, register: r, ignore_errors: true }
- debug: { msg: "{{ r.msg }} {{ r.changed }}" }
- { debug: { msg: kept }, changed_when: missing, register: r, ignore_errors: true }
- debug: { msg: "{{ r.msg }} {{ r.changed }}" }
- { debug: { msg: kept }, changed_when: true, failed_when: missing, register: r, ignore_errors: true }
- debug: { msg: "{{ r.msg }} {{ r.changed }}" }`),
  },
  {
    name: 'a turn of a loop sees what the one before it gave',
    playbook: tasks(`
- debug: { msg: "{{ (r | default({})).changed | default('-') }}" }
  loop: [1, 2, 3]
  changed_when: item == 2
  register: r
- debug: { msg: "{{ r.results | default('-') }}" }
  loop: [1, 2]
  when: r is not changed
  register: r`),
  },
  {
    name: 'lists of hosts in a play that goes backwards',
    playbook: tasks(
      '- debug: { msg: "{{ ansible_play_hosts }} {{ ansible_play_batch }} {{ ansible_play_hosts_all }}" }',
      '  order: reverse_inventory\n  serial: 2\n',
    ),
  },
  {
    name: 'lists of hosts in what failed hosts run nevertheless',
    playbook: tasks(`
- block:
    - { fail: {}, when: me == 'a' }
  always:
    - debug: { msg: "{{ ansible_play_hosts }} {{ ansible_play_batch }}" }
- debug: { msg: "{{ ansible_play_hosts }}" }`),
  },
  {
    name: 'until without a repetition, and the attempt that verdicts see',
    playbook: tasks(`
- { debug: { msg: x }, until: false, retries: 0, register: r }
- debug: { msg: "{{ r.attempts }}" }
- { debug: { msg: x }, failed_when: r.attempts < 3, until: r is not failed, retries: 4, delay: 0, register: r }
- debug: { msg: "{{ r.attempts }}" }`),
  },
  {
    name: 'run_once tells all hosts, also of a loop and in an include for some',
    playbook: tasks(`
- { set_fact: { f: "{{ me }}{{ item }}" }, loop: [1, 2], run_once: true }
- debug: { msg: "{{ f }}" }
- include_tasks: GROUPonce.yml
  when: me == 'c'
- debug: { msg: "{{ r.msg }}" }`),
    files: { 'GROUPonce.yml': '- { debug: { msg: "{{ me }}" }, run_once: true, register: r }\n' },
  },
  {
    name: 'a host that fails in a handler runs no further one, although they are forced',
    playbook: tasks(
      `
- { debug: {}, changed_when: true, notify: [h1, h2] }
- { fail: {}, when: me == 'b' }`,
      '  force_handlers: true\n',
    ).concat(
      `  handlers:\n    - { name: h1, debug: { msg: h1 }, failed_when: me != 'c' }\n    - { name: h2, debug: { msg: h2 } }\n`,
    ),
  },
  {
    name: 'defaults for what is no module',
    playbook: tasks(
      `
- debug: {}
- { debug: {}, module_defaults: { debug: { msg: nearer } } }
- { fail: {}, ignore_errors: true, register: r }
- debug: { msg: "{{ r.msg }}" }`,
      '  module_defaults: { debug: { msg: "for {{ me }}" }, fail: { msg: sorry } }\n',
    ),
  },
  {
    name: 'a rescue whose tags are not asked for rescues nothing',
    playbook: tasks(`
- block:
    - { fail: {}, when: me == 'a', tags: one }
  rescue:
    - { debug: { msg: rescued }, tags: two }
- { debug: { msg: on }, tags: one }`),
    alone: ['--tags', 'one'],
    options: { tags: ['one'] },
  },
  {
    name: 'too many failures in a part that its own rescue does not cover',
    playbook: tasks(
      `
- block:
    - debug: {}
  rescue:
    - debug: {}
  always:
    - { fail: {}, when: me == 'a' }
- debug: { msg: on }`,
      '  max_fail_percentage: 30\n',
    ),
    alone: [],
  },
  {
    name: 'handlers of a role that is imported in a block with a condition',
    playbook: tasks(`
- block:
    - import_role: { name: GROUProle }
  when: me != 'a'
- { debug: {}, changed_when: true, notify: h }`),
    files: {
      'roles/GROUProle/tasks/main.yml': '- debug: { msg: in }\n',
      'roles/GROUProle/handlers/main.yml': '- { name: h, debug: { msg: "h {{ me }}" } }\n',
    },
  },
]
