import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { play, scratch } from './harness.ts'

const name = fc.constantFrom('p', 'q', 'r')
const when = fc.constantFrom('', ', when: inventory_hostname == "a"', ', when: x is defined', ', when: x is changed')
const leaf = fc.oneof(
  fc
    .tuple(name, fc.constantFrom('directory', 'absent', 'touch'), when)
    .map(
      ([path, state, cond]) =>
        `- { file: { path: "{{ at }}/${path}", state: ${state} }, register: x, ignore_errors: true${cond} }`,
    ),
  fc
    .tuple(name, name, when)
    .map(
      ([path, option, cond]) =>
        `- { ini_set: { path: "{{ at }}/${path}.ini", section: s, option: ${option}, value: "{{ v | default(1) }}", create: true }, ignore_errors: true${cond} }`,
    ),
  fc
    .tuple(name, when)
    .map(([path, cond]) => `- { shell: "echo ${path} >> {{ at }}/log; ls {{ at }} | wc -l", register: x${cond} }`),
  name.map((value) => `- set_fact: { v: ${value} }`),
  fc.constant('- debug: { msg: "{{ x.stdout | default(v) | default(0) }}" }'),
  name.map(
    (path) => `- { file: { path: "{{ at }}/{{ item }}", state: directory }, loop: [${path}, l], ignore_errors: true }`,
  ),
  fc.constant('- fail: {}'),
)
const indent = (text: string): string => text.replace(/^/gm, '    ')
const node = fc.oneof(
  { weight: 4, arbitrary: leaf },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(leaf, { minLength: 1, maxLength: 3 }), fc.array(leaf, { minLength: 1, maxLength: 2 }))
      .map(([block, rescue]) => `- block:\n${indent(block.join('\n'))}\n  rescue:\n${indent(rescue.join('\n'))}`),
  },
)

/** All files below a directory with what is in them. */
const tree = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((path) =>
      statSync(join(directory, path)).isDirectory() ? path : `${path}: ${readFileSync(join(directory, path), 'utf8')}`,
    )

test('reading ahead and forks change neither outcomes nor messages, order or what is left on the hosts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(node, { minLength: 2, maxLength: 8 }), async (nodes) => {
      const playbook = `- hosts: all\n  gather_facts: false\n  vars: { at: "{{ here }}/{{ inventory_hostname }}" }\n  tasks:\n${indent(nodes.join('\n'))}\n`
      const run = async (readAhead: boolean, forks: number): Promise<unknown> => {
        const directory = scratch()
        const files = { 'a/keep': '', 'b/keep': '' }
        const played = await play({ playbook, directory, files, inventory: 'a\nb\n', options: { readAhead, forks } })
        const messages = ['a', 'b'].map((host) => played.tasks.map(({ hosts }) => hosts[host]?.message ?? null))
        const seen = JSON.stringify({
          summary: played.summary,
          messages,
          trees: [tree(join(directory, 'a')), tree(join(directory, 'b'))],
        })
        return JSON.parse(seen.replaceAll(directory, 'HERE')) as unknown
      }
      const expected = await run(false, 1)
      expect(await run(true, 50)).toEqual(expected)
      expect(await run(true, 1)).toEqual(expected)
    }),
    { numRuns: 15 },
  )
}, 120_000)
