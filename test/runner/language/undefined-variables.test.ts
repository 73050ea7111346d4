import { describe, expect, test } from 'vitest'
import { loadPlaybook } from '../../../runner/language/load.ts'
import { undefinedVariables } from '../../../runner/language/undefined-variables.ts'
import { modules } from './modules.ts'

/** What is said of a play, as `line:column name`. `defined` is what the inventory defines. */
function said(
  text: string,
  defined: readonly string[] = [],
  files: { readonly [path: string]: string } = {},
): readonly string[] {
  const read = (path: string) => (path === '/site.yml' ? text : (files[path] ?? ''))
  const { playbook, problems } = loadPlaybook('/site.yml', { modules, read, directory: '/' })
  if (playbook === undefined) throw new Error(problems.map(({ message }) => message).join('\n'))
  return undefinedVariables(playbook, () => new Set(defined)).map(
    ({ message, at }) => `${at?.line}:${at?.column} ${message}`,
  )
}
const tasks = (text: string, play = '') => `- hosts: all\n${play}  tasks:\n${text.replaceAll(/^/gm, '    ')}\n`
const use = '- debug: {msg: "{{ x }}"}'

describe('nothing is said of', () => {
  test.each<[name: string, text: string, defined?: readonly string[], files?: { readonly [path: string]: string }]>([
    ['what the inventory defines', tasks(use), ['x']],
    ['play vars', tasks(use, '  vars: {x: 1}\n')],
    ['vars_files', tasks(use, '  vars_files: [v.yml]\n'), [], { '/v.yml': 'x: 1' }],
    ['vars_files whose name only the run knows', tasks(use, '  vars_files: ["{{ f }}.yml"]\n')],
    ['task vars', tasks(`${use}\n  vars: {x: 1}`)],
    ['block vars', tasks(`- block:\n    ${use}\n  vars: {x: 1}`)],
    ['what is registered later', tasks(`${use}\n- ping:\n  register: x`)],
    ['what a fact sets', tasks(`- set_fact: {x: 1}\n${use}`)],
    ['what a play before has set', `${tasks('- set_fact: {x: 1}')}${tasks(use)}`],
    [
      'loop variables',
      tasks(
        '- debug: {msg: "{{ item }} {{ i }} {{ o }}"}\n  loop: [1]\n  loop_control: {index_var: i}\n  vars: {o: 1}',
      ),
    ],
    [
      'magic variables and facts',
      tasks(
        '- debug: {msg: "{{ inventory_hostname }} {{ hostvars }} {{ groups }} {{ ansible_distribution }} {{ omit }}"}',
      ),
    ],
    ['guards', tasks('- debug: {msg: "{{ x | default(1) }}"}\n- ping:\n  when: y is defined and y.z')],
    ['conditional tasks', tasks(`${use}\n  when: inventory_hostname == 'a'`)],
    ['tasks of conditional blocks', tasks(`- block:\n    ${use}\n  when: inventory_hostname == 'a'`)],
    ['later conditions', tasks('- ping:\n  when: [z is defined, z.y == w]')],
    ['tasks that never run unless asked for', tasks(`${use}\n  tags: never`)],
    ['failures that are ignored', tasks(`${use}\n  ignore_errors: true`)],
    ['failures that are rescued', tasks(`- block:\n    ${use}\n  rescue:\n    - ping:`)],
    ['vars that nothing refers to', tasks('- ping:', '  vars: {y: "{{ x }}"}\n')],
    ['vars that the inventory overrides', tasks('- debug: {msg: "{{ y }}"}', '  vars: {y: "{{ x }}"}\n'), ['y']],
    ['anything once variables are included', tasks(`- include_vars: v.yml\n${use}`)],
    ['anything once unknown tasks are included', tasks(`- include_tasks: "{{ inventory_hostname }}.yml"\n${use}`)],
    ['debug var', tasks('- debug: var=x')],
    ['names of tasks', tasks('- name: "{{ x }}"\n  ping:')],
    ['vars that refer to themselves', tasks('- debug: {msg: "{{ a }}"}', '  vars: {a: "{{ b }}", b: "{{ a }}"}\n')],
    [
      'included tasks with their vars and loop',
      tasks('- include_tasks: t.yml\n  vars: {x: 1}\n  loop: [1]'),
      [],
      { '/t.yml': '- debug: {msg: "{{ x }} {{ item }}"}' },
    ],
    ['facts set in included tasks', tasks(`- include_tasks: t.yml\n${use}`), [], { '/t.yml': '- set_fact: {x: 1}' }],
    ['!unsafe text', tasks('- debug: {msg: !unsafe "{{ x }}"}')],
  ])('%s', (_, text, defined, files) => {
    expect(said(text, defined, files)).toEqual([])
  })
})

describe('undefined in', () => {
  test.each<[string, string, readonly string[]]>([
    ['arguments', tasks(use), ['3:24 undefined variable "x"']],
    ['a first condition', tasks('- ping:\n  when: [x, y]'), ['4:14 undefined variable "x"']],
    ['a loop', tasks('- ping:\n  loop: "{{ x }}"'), ['4:17 undefined variable "x"']],
    [
      'other keywords',
      tasks('- ping:\n  delegate_to: "{{ x }}"\n  environment: {A: "{{ y }}"}\n  become_user: "{{ z }}"'),
      ['5:28 undefined variable "y"', '4:24 undefined variable "x"', '6:24 undefined variable "z"'],
    ],
    [
      'vars that are used',
      tasks('- debug: {msg: "{{ y }}"}', '  vars: {y: "{{ x }}"}\n'),
      ['2:17 undefined variable "x"'],
    ],
    ['the loop variable outside a loop', tasks('- debug: {msg: "{{ item }}"}'), ['3:24 undefined variable "item"']],
    [
      'handlers and rescues',
      `${tasks(`- block:\n    - ping:\n  rescue:\n    ${use}`)}  handlers:\n    ${use}\n`,
      ['6:28 undefined variable "x"', '8:24 undefined variable "x"'],
    ],
    ['assertions', tasks('- assert: {that: [x == 1]}'), ['3:23 undefined variable "x"']],
  ])('%s', (_, text, expected) => {
    expect(said(text)).toEqual(expected)
  })
})
