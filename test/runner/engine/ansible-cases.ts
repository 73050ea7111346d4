/** A playbook that drover and Ansible must run alike. `GROUP` stands for its hosts GROUPa, GROUPb and GROUPc, whose variable `me` is a, b and c. */
export interface Case {
  readonly name: string
  readonly playbook: string
  readonly files?: Readonly<Record<string, string>>
  /** Needs a run of its own: options, or all of its hosts fail. */
  readonly alone?: readonly string[]
  /** The host that cannot be reached: `a`, `b` or `c`. */
  readonly unreachable?: string
  /** Why the recap is not compared. */
  readonly otherRecap?: string
  readonly options?: {
    readonly tags?: readonly string[]
    readonly skip?: readonly string[]
    readonly forceHandlers?: boolean
  }
}

const tasks = (text: string, keywords = ''): string =>
  `- hosts: GROUP\n  gather_facts: false\n${keywords}  tasks:\n${text.replace(/^\n/, '').replace(/^/gm, '    ').trimEnd()}\n`

const tagged = tasks(`
- { debug: { msg: t1 }, tags: one }
- { debug: { msg: t2 }, tags: [two, one] }
- { debug: { msg: always }, tags: always }
- { debug: { msg: always one }, tags: [always, one] }
- { debug: { msg: never }, tags: never }
- { debug: { msg: never one }, tags: [never, one] }
- { debug: { msg: never always }, tags: [never, always] }
- { debug: { msg: untagged } }`)

export const cases: readonly Case[] = [
  {
    name: 'a host that fails drops out',
    playbook: tasks(`
- debug: { msg: "one {{ me }}" }
- fail: { msg: no }
  when: me == 'b'
- debug: { msg: "two {{ me }}" }`),
  },
  {
    name: 'serial by number, and the list of live hosts',
    playbook: tasks(
      `- debug: { msg: "{{ ansible_play_batch }} {{ ansible_play_hosts }} {{ ansible_play_hosts_all }}" }`,
      '  serial: 2\n',
    ),
  },
  { name: 'serial by list', playbook: tasks('- debug: { msg: "{{ ansible_play_batch }}" }', '  serial: [1, "50%"]\n') },
  {
    name: 'serial by percentage',
    playbook: tasks('- debug: { msg: "{{ ansible_play_batch }}" }', '  serial: "67%"\n'),
  },
  {
    name: 'serial as a template',
    playbook: tasks('- debug: { msg: "{{ ansible_play_batch }}" }', '  vars: { n: 2 }\n  serial: "{{ n }}"\n'),
  },
  {
    name: 'a batch that fails whole ends the play',
    playbook: tasks(
      `
- fail: {}
  when: me == 'a'
- debug: { msg: on }`,
      '  serial: 1\n',
    ),
    alone: [],
  },
  { name: 'order', playbook: tasks('- debug: { msg: "{{ ansible_play_batch }}" }', '  order: reverse_sorted\n') },
  {
    name: 'run_once shares its result',
    playbook: tasks(`
- debug: { msg: "{{ me }}" }
  run_once: true
  register: r
- debug: { msg: "{{ r.msg }}" }
- set_fact: { f: "{{ me }}" }
  run_once: true
- debug: { msg: "{{ f }}" }`),
  },
  {
    name: 'run_once and a handler',
    playbook: tasks(`
- debug: {}
  changed_when: true
  run_once: true
  notify: h`).concat('  handlers:\n    - { name: h, debug: { msg: "{{ me }}" } }\n'),
  },
  {
    name: 'run_once that fails',
    playbook: tasks(`
- fail: {}
  run_once: true
- debug: {}`),
    alone: [],
  },
  {
    name: 'run_once that is rescued',
    playbook: tasks(`
- block:
    - fail: {}
      run_once: true
  rescue:
    - debug: { msg: "rescued {{ me }}" }
- debug: { msg: after }`),
  },
  {
    name: 'run_once on a block, with when',
    playbook: tasks(`
- run_once: true
  block:
    - debug: { msg: "{{ me }}" }
      when: me == 'b'
      register: r
    - debug: { msg: "{{ r is skipped }}" }`),
  },
  {
    name: 'delegate_to',
    playbook: tasks(`
- debug: { msg: "{{ me }} {{ inventory_hostname }}" }
  delegate_to: GROUPb
  register: r
- debug: { msg: "{{ r.msg }}" }
- debug: { msg: "to {{ item }}" }
  delegate_to: "{{ item }}"
  loop: [GROUPa, localhost]
  when: me == 'c'`),
  },
  {
    name: 'any_errors_fatal',
    playbook: tasks(
      `
- fail: {}
  when: me == 'b'
- debug: { msg: never }`,
      '  any_errors_fatal: true\n',
    ),
    alone: [],
  },
  {
    name: 'any_errors_fatal looks at its own task',
    playbook: tasks(`
- fail: {}
  when: me == 'b'
- debug: { msg: one }
  any_errors_fatal: true
- debug: { msg: two }`),
  },
  {
    name: 'any_errors_fatal in a block with rescue and always',
    playbook: tasks(`
- any_errors_fatal: true
  block:
    - fail: {}
      when: me == 'b'
    - debug: { msg: never }
  rescue:
    - debug: { msg: "rescue {{ me }}" }
  always:
    - debug: { msg: "always {{ me }}" }
- debug: { msg: after }`),
  },
  {
    name: 'any_errors_fatal and always',
    playbook: tasks(`
- any_errors_fatal: true
  block:
    - fail: {}
      when: me == 'b'
  always:
    - debug: { msg: "always {{ me }}" }`),
    alone: [],
  },
  {
    name: 'max_fail_percentage is exceeded',
    playbook: tasks(
      `
- fail: {}
  when: me == 'b'
- debug: { msg: never }`,
      '  max_fail_percentage: 30\n',
    ),
    alone: [],
  },
  {
    name: 'max_fail_percentage is not exceeded',
    playbook: tasks(
      `
- fail: {}
  when: me == 'b'
- debug: { msg: on }`,
      '  max_fail_percentage: 34\n',
    ),
  },
  {
    name: 'ignore_errors',
    playbook: tasks(`
- fail: { msg: "no {{ me }}" }
  ignore_errors: "{{ me != 'c' }}"
  register: r
- debug: { msg: "{{ r.failed }} {{ r.msg }} {{ r is failed }} {{ r is changed }}" }`),
  },
  {
    name: 'block, rescue, always',
    playbook: tasks(`
- block:
    - debug: { msg: in }
    - fail: { msg: "no {{ me }}" }
      name: the failing
      when: me != 'c'
    - debug: { msg: past }
  rescue:
    - debug: { msg: "{{ ansible_failed_task.name }} {{ ansible_failed_result.msg }}" }
  always:
    - debug: { msg: always }
- debug: { msg: after }`),
  },
  {
    name: 'failures in rescue and always, nested',
    playbook: tasks(`
- block:
    - block:
        - fail: { msg: one }
      rescue:
        - fail: { msg: two }
          when: me == 'a'
        - debug: { msg: rescued inside }
      always:
        - debug: { msg: inner always }
  rescue:
    - debug: { msg: "outer rescue {{ ansible_failed_result.msg }}" }
  always:
    - debug: { msg: outer always }
    - fail: { msg: three }
      when: me == 'b'
- debug: { msg: "after {{ me }}" }`),
  },
  {
    name: 'always without rescue',
    playbook: tasks(`
- block:
    - fail: {}
      when: me == 'a'
  always:
    - debug: { msg: "always {{ me }}" }
- debug: { msg: after }`),
  },
  {
    name: 'handlers run in order of definition, once',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: {}
      changed_when: "{{ me != 'b' }}"
      notify: [second, first]
    - debug: {}
      changed_when: true
      notify: second
    - debug: {}
      notify: never
  handlers:
    - { name: first, debug: { msg: "1 {{ me }}" } }
    - { name: second, debug: { msg: "2 {{ me }}" } }
    - { name: never, debug: { msg: no } }
`,
  },
  {
    name: 'handlers that listen, by templates and from loops',
    playbook: `- hosts: GROUP
  gather_facts: false
  vars: { which: one }
  tasks:
    - debug: { msg: "{{ item }}" }
      loop: [1, 2, 3]
      changed_when: item == 2
      notify: "topic"
    - debug: {}
      changed_when: true
      notify: "handler {{ which }}"
  handlers:
    - { name: x, listen: topic, debug: { msg: "x" } }
    - { name: y, listen: [other, topic], debug: { msg: "y" } }
    - { name: "handler one", debug: { msg: "z" } }
`,
  },
  {
    name: 'handlers that notify handlers',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: {}
      changed_when: true
      notify: second
  handlers:
    - { name: first, debug: { msg: "1" } }
    - { name: second, debug: { msg: "2" }, changed_when: true, notify: [third] }
    - { name: third, debug: { msg: "3" } }
`,
  },
  {
    name: 'a handler that notifies an earlier one',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: {}
      changed_when: true
      notify: second
    - meta: flush_handlers
    - debug: { msg: between }
    - debug: { msg: between2 }
      changed_when: true
      notify: third
  handlers:
    - { name: first, debug: { msg: "1" } }
    - { name: second, debug: { msg: "2" }, changed_when: true, notify: [first] }
    - { name: third, debug: { msg: "3" } }
`,
  },
  {
    name: 'flush_handlers, sections',
    playbook: `- hosts: GROUP
  gather_facts: false
  pre_tasks:
    - { debug: { msg: pre }, changed_when: true, notify: h }
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h }
    - meta: flush_handlers
    - { debug: { msg: t2 }, changed_when: true, notify: h }
  post_tasks:
    - { debug: { msg: post }, changed_when: true, notify: h }
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
  },
  {
    name: 'failed hosts run no handlers',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h }
    - fail: {}
      when: me == 'b'
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
  },
  {
    name: 'force_handlers',
    playbook: `- hosts: GROUP
  gather_facts: false
  force_handlers: true
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h }
    - fail: {}
      when: me == 'b'
    - { debug: { msg: t2 } }
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
  },
  {
    name: 'force_handlers where all fail',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h }
    - fail: {}
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
    alone: ['--force-handlers'],
    options: { forceHandlers: true },
  },
  {
    name: 'a handler that fails',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: [h, i] }
  post_tasks:
    - { debug: { msg: post } }
  handlers:
    - { name: h, fail: { msg: "h" }, when: me == 'a' }
    - { name: i, debug: { msg: "i" } }
`,
  },
  {
    name: 'notify on a block',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - notify: h
      block:
        - { debug: { msg: t1 }, changed_when: "{{ me == 'a' }}" }
        - { debug: { msg: t2 } }
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
  },
  {
    name: 'handlers of one name: the last one counts',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h }
  handlers:
    - { name: h, debug: { msg: "old" } }
    - { name: h, debug: { msg: "new" } }
`,
  },
  {
    name: 'a rescued failure and its handlers',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - block:
        - { debug: { msg: t1 }, changed_when: true, notify: h }
        - fail: {}
      rescue:
        - debug: { msg: rescue }
  handlers:
    - { name: h, debug: { msg: "h" } }
`,
  },
  {
    name: 'handlers see loops, when and register',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: t1 }, changed_when: true, notify: h, register: r }
  handlers:
    - name: h
      debug: { msg: "{{ item }} {{ r.msg }}" }
      loop: [1, 2]
      when: item == 2
`,
  },
  {
    name: 'end_host',
    playbook: tasks(`
- meta: end_host
  when: me == 'b'
- debug: { msg: "{{ ansible_play_hosts }}" }`),
  },
  {
    name: 'end_host of a whole batch',
    playbook: tasks(
      `
- meta: end_host
  when: me == 'a'
- debug: { msg: on }`,
      '  serial: 1\n',
    ),
  },
  {
    name: 'end_play',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - { debug: { msg: one }, changed_when: true, notify: h }
    - meta: end_play
      when: me == 'c'
    - debug: { msg: two }
  handlers:
    - { name: h, debug: { msg: "h" } }
- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: { msg: next play }
`,
  },
  {
    name: 'end_batch',
    playbook: `- hosts: GROUP
  gather_facts: false
  serial: 2
  tasks:
    - debug: { msg: one }
    - meta: end_batch
      when: me == 'b'
    - debug: { msg: two }
`,
  },
  {
    name: 'end_host is for the play',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - meta: end_host
    - debug: { msg: two }
- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: { msg: next play }
`,
  },
  {
    name: 'clear_host_errors',
    playbook: tasks(`
- fail: {}
  when: me == 'b'
- debug: { msg: "without {{ me }}" }
- meta: clear_host_errors
- debug: { msg: "back {{ me }}" }`),
  },
  {
    name: 'a failed host is out of later plays',
    playbook: `- hosts: GROUP
  gather_facts: false
  tasks:
    - fail: {}
      when: me == 'b'
- hosts: GROUP
  gather_facts: false
  tasks:
    - debug: { msg: "{{ ansible_play_hosts_all }}" }
`,
  },
  {
    name: 'when',
    playbook: tasks(`
- debug: { msg: both }
  when: [me == 'a', "1 < 2"]
- debug: { msg: text }
  when: cond
  vars: { cond: "me == 'b'" }
- debug: { msg: defined }
  when: nothing is defined and nothing.more
- block:
    - debug: { msg: inner }
      when: me == 'c'
  when: me != 'a'
- debug: { msg: boolean }
  when: false`),
  },
  {
    name: 'when and loops',
    playbook: tasks(`
- debug: { msg: "{{ item }}" }
  loop: "{{ nothing }}"
  when: false
- debug: { msg: "{{ item }}" }
  loop: [1, 2, 3]
  when: item > 1
  register: r
- debug: { msg: "{{ r.results | map(attribute='skipped', default=false) | list }} {{ r is changed }}" }
- debug: { msg: "{{ item }}" }
  loop: [1]
  when: item > 1
  register: s
- debug: { msg: "{{ s is skipped }} {{ s.results | length }}" }
- debug: { msg: "{{ item }}" }
  loop: []
  register: t
- debug: { msg: "{{ t is skipped }} {{ t.results }}" }`),
  },
  {
    name: 'register on skipped and failed',
    playbook: tasks(`
- debug: {}
  when: me == 'a'
  register: r
- debug: { msg: "{{ r is skipped }} {{ r is not skipped }} {{ r.changed }} {{ r.skipped | default('none') }}" }
- command: sh -c 'echo out; exit 3'
  register: c
  ignore_errors: true
- debug: { msg: "{{ c.rc }} {{ c.stdout }} {{ c is failed }} {{ c is changed }} {{ c.msg }}" }`),
  },
  {
    name: 'until, retries, delay',
    playbook: tasks(`
- debug: { msg: x }
  register: r
  until: r.attempts | default(1) | int >= 1
  retries: 2
  delay: 0
- debug: { msg: "{{ r.attempts }}" }
- command: 'false'
  register: c
  until: c.rc == 0
  retries: 2
  delay: 0
  ignore_errors: true
- debug: { msg: "{{ c.attempts }} {{ c is failed }}" }
- command: 'sh -c "echo x >> {{ here }}/GROUP{{ me }}; wc -l < {{ here }}/GROUP{{ me }}"'
  register: d
  until: d.stdout | int == 3
  retries: 5
  delay: 0
- debug: { msg: "{{ d.attempts }} {{ d.stdout }}" }
- debug: { msg: z }
  register: e
  until: false
  retries: 1
  delay: 0
  ignore_errors: true
- debug: { msg: "{{ e.attempts }} {{ e is failed }}" }`),
  },
  {
    name: 'changed_when and failed_when',
    playbook: tasks(`
- command: sh -c 'exit 2'
  register: a
  failed_when: false
- debug: { msg: "{{ a is failed }} {{ a is changed }} {{ a.failed_when_result }}" }
- command: echo hi
  register: b
  changed_when: [b.rc == 0, "'ho' in b.stdout"]
- debug: { msg: "{{ b is changed }}" }
- command: echo hi
  register: c
  failed_when: [c.rc == 0, "'hi' in c.stdout"]
  ignore_errors: true
- debug: { msg: "{{ c is failed }} {{ c is changed }} {{ c.failed_when_result }}" }
- debug: { msg: "{{ item }}" }
  loop: [1, 2]
  register: d
  changed_when: item == 2
  failed_when: item == 3
- debug: { msg: "{{ d is changed }} {{ d.results | map(attribute='changed') | list }}" }
- fail: { msg: f }
  failed_when: false
  register: e
- debug: { msg: "{{ e is failed }} {{ e is changed }} {{ e.msg }}" }
- debug: { msg: "{{ item }}" }
  loop: [1, 2]
  failed_when: item == 1
  ignore_errors: true
  register: g
  when: me == 'a'
- debug: { msg: "{{ g.results | map(attribute='failed') | list }}" }
  when: me == 'a'`),
  },
  {
    name: 'loop_control',
    playbook: tasks(`
- debug: { msg: "{{ thing }} {{ n }} {{ ansible_loop_var }} {{ ansible_index_var }}" }
  loop: [x, y]
  loop_control: { loop_var: thing, index_var: n, label: "l {{ thing }}" }
  register: r
- debug: { msg: "{{ r.results | map(attribute='thing') | list }} {{ r.results[1].n }} {{ r.results[0].ansible_loop_var }}" }`),
  },
  {
    name: 'with_*',
    playbook: tasks(`
- debug: { msg: "{{ item }}" }
  with_items: [1, [2, 3], "{{ [4, [5]] }}"]
- debug: { msg: "{{ item.key }}={{ item.value }}" }
  with_dict: { x: 1, y: 2 }
- debug: { msg: "{{ item }}" }
  with_list: [1, [2]]
- debug: { msg: "{{ item }}" }
  with_nested: [[1, 2], [a, b]]
- debug: { msg: "{{ item }}" }
  with_together: [[1, 2], [a, b, c]]
- debug: { msg: "{{ item }}" }
  with_sequence: start=1 end=5 stride=2 format=n%02d
- debug: { msg: "{{ item }}" }
  with_indexed_items: [a, b]
- debug: { msg: "{{ item }}" }
  with_flattened: [1, [2, [3]]]`),
  },
  {
    name: 'precedence',
    playbook: `- hosts: GROUP
  gather_facts: false
  vars: { v: play, w: play, x: play, y: play, only: play }
  vars_files: [GROUP-vars.yml]
  tasks:
    - debug: { msg: "{{ v }} {{ w }} {{ x }} {{ y }} {{ only }}" }
    - vars: { v: block, w: block, x: block }
      block:
        - debug: { msg: "{{ v }} {{ w }} {{ x }} {{ y }}" }
          vars: { v: task }
        - set_fact: { x: fact }
        - debug: { msg: "{{ v }} {{ w }} {{ x }} {{ y }}" }
          vars: { v: task, x: task }
        - include_vars: GROUP-more.yml
        - debug: { msg: "{{ v }} {{ w }} {{ x }} {{ y }}" }
          vars: { v: task, w: task }
        - debug: { msg: registered }
          register: w
        - debug: { msg: "{{ w.msg }}" }
          vars: { w: task }
`,
    files: { 'GROUP-vars.yml': 'y: file\nonly: file\n', 'GROUP-more.yml': 'w: included\nx: included\n' },
  },
  {
    name: 'variables are lazy',
    playbook: `- hosts: GROUP
  gather_facts: false
  vars: { a1: "{{ b1 }}!", b1: "{{ me }}", list: ["{{ a1 }}", { k: "{{ b1 }}" }] }
  tasks:
    - debug: { msg: "{{ a1 }} {{ list }}" }
    - set_fact: { b1: new }
    - debug: { msg: "{{ a1 }} {{ list }}" }
    - debug: { var: list }
    - debug: { var: "list[1].k" }
    - debug: { var: undefined_thing }
    - debug: { msg: "{{ hostvars['GROUPb'].b1 }} {{ hostvars.GROUPa.me }} {{ groups['GROUP'] }}" }
`,
  },
  {
    name: 'include_tasks',
    otherRecap: 'Ansible counts an include once for each item of its loop',
    playbook: tasks(`
- include_tasks: GROUP-one.yml
  vars: { p: "from {{ me }}" }
- include_tasks: GROUP-one.yml
  vars: { p: "{{ item }}" }
  loop: [x, y]
  when: me != 'b'
- include_tasks: "GROUP-{{ me }}.yml"
  when: me == 'a'
- include_tasks: { file: GROUP-one.yml }
  loop: [q]
  loop_control: { loop_var: outer, index_var: ix }
  vars: { p: "{{ outer }} {{ ix }}" }`),
    files: {
      'GROUP-one.yml': '- debug: { msg: "{{ p }}" }\n- include_tasks: GROUP-two.yml\n  vars: { q: "{{ p }}2" }\n',
      'GROUP-two.yml': '- debug: { msg: "two {{ p }} {{ q }}" }\n',
      'GROUP-a.yml': '- debug: { msg: "a only" }\n',
    },
  },
  {
    name: 'include_tasks of what is not there',
    otherRecap: 'Ansible counts a missing file as failed although it was rescued',
    playbook: tasks(`
- block:
    - include_tasks: "GROUP-{{ me }}.yml"
  rescue:
    - debug: { msg: "rescued {{ me }}" }
- debug: { msg: after }`),
    files: { 'GROUP-a.yml': '- debug: { msg: "a only" }\n' },
  },
  {
    name: 'import_tasks',
    playbook: tasks(`
- import_tasks: GROUP-one.yml
  vars: { p: 1 }
  when: me == 'a'`),
    files: { 'GROUP-one.yml': '- debug: { msg: "{{ p }}" }\n- debug: { msg: "two" }\n' },
  },
  {
    name: 'environment adds up',
    playbook: tasks(
      `
- environment: { B: block, C: block }
  block:
    - command: sh -c 'echo $A $B $C $D'
      environment: { C: task, D: "{{ me }}" }
      register: r
    - debug: { msg: "{{ r.stdout }}" }`,
      '  environment: { A: play, B: play }\n',
    ),
  },
  {
    name: 'module_defaults',
    playbook: tasks(
      `
- command: pwd
  register: r
- debug: { msg: "{{ r.stdout }}" }
- command: pwd
  args: { chdir: /usr }
  register: r
- debug: { msg: "{{ r.stdout }}" }
- module_defaults: { command: { chdir: /etc } }
  block:
    - command: pwd
      register: r
    - debug: { msg: "{{ r.stdout }}" }`,
      '  module_defaults: { command: { chdir: / } }\n',
    ),
  },
  {
    name: 'module_defaults in lists',
    playbook: tasks(
      `
- ping:
  register: p
- command: pwd
  register: r
- debug: { msg: "{{ p.ping }} {{ r.stdout }}" }
- module_defaults: [{ command: { chdir: /usr } }, {}]
  block:
    - command: pwd
      register: r
    - command: pwd
      register: t
      module_defaults: [{ command: { chdir: /etc } }, { command: { chdir: /var } }]
    - debug: { msg: "{{ r.stdout }} {{ t.stdout }}" }`,
      '  module_defaults: [{ command: { chdir: /etc }, ping: { data: lost } }, { command: { chdir: / } }, { ping: {} }]\n',
    ),
  },
  {
    name: 'omit',
    playbook: tasks(`
- command: { cmd: pwd, chdir: "{{ nothing | default(omit) }}" }
  register: r
- debug: { msg: "{{ r is succeeded }}" }`),
  },
  {
    name: 'templated names',
    playbook: tasks(
      `
- name: "for {{ inventory_hostname }} {{ x }}"
  debug: {}
- name: "undefined {{ zzz_ }}"
  debug: {}
  when: zzz_ is defined`,
      '  vars: { x: 1 }\n',
    ),
  },
  {
    name: 'assert, fail, pause, set_fact',
    playbook: tasks(`
- assert: { that: [me != 'b', "1 == 1"], fail_msg: "not b" }
  ignore_errors: true
  register: r
- debug: { msg: "{{ r.msg }}" }
- pause: { seconds: 0 }
- set_fact: { "dyn_{{ me }}": 5, other: "{{ [1, 2] }}" }
- debug: { msg: "{{ lookup('vars', 'dyn_' + me) }} {{ other | sum }}" }
- set_fact: { acc: "{{ (acc | default([])) + [item] }}" }
  loop: [1, 2, 3]
- debug: { msg: "{{ acc }}" }`),
  },
  {
    name: 'tags',
    playbook: tasks(`
- { debug: { msg: t1 }, tags: one }
- { debug: { msg: t2 }, tags: [two, one] }
- { debug: { msg: always }, tags: always }
- { debug: { msg: never }, tags: never }
- { debug: { msg: never one }, tags: [never, one] }
- { debug: { msg: untagged } }
- tags: one
  block:
    - { debug: { msg: inherited } }
    - { debug: { msg: inherited two }, tags: two, changed_when: true, notify: h }
- { include_tasks: GROUP-in.yml, tags: one }
- { import_tasks: GROUP-in.yml, tags: one }`).concat('  handlers:\n    - { name: h, debug: { msg: handler } }\n'),
    files: { 'GROUP-in.yml': '- { debug: { msg: inside } }\n- { debug: { msg: inside one }, tags: one }\n' },
    alone: ['--tags', 'one'],
    options: { tags: ['one'] },
  },
  ...(['two,never', 'tagged', 'untagged', 'all', 'all,never', 'always'] as const).map((given) => ({
    name: `tags: ${given}`,
    playbook: tagged,
    alone: ['--tags', given],
    options: { tags: given.split(',') },
  })),
  ...(['one', 'always', 'tagged', 'untagged', 'all', 'never'] as const).map((given) => ({
    name: `skip tags: ${given}`,
    playbook: tagged,
    alone: ['--skip-tags', given],
    options: { skip: given.split(',') },
  })),
]
