import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { play, scratch } from './harness.ts'

const check = { options: { check: true }, inventory: 'a\n' }
const tasks = (text: string): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${text.trim().replace(/^/gm, '    ')}\n`

test('a command is unknown, and so is what depends on its result', async () => {
  const played = await play({
    ...check,
    playbook: `${tasks(`
- { name: run, command: echo hi, register: r, notify: h }
- { name: when, debug: { msg: x }, when: r.rc == 0 }
- { name: loop, debug: { msg: "{{ item }}" }, loop: "{{ r.stdout_lines }}" }
- { name: args, command: "echo {{ r.stdout }}" }
- { name: fact, set_fact: { f: "{{ r.stdout }}" } }
- { name: from fact, command: "echo {{ f }}" }
- { name: other, debug: { msg: fine } }`)}  handlers:\n    - { name: h, file: { path: "{{ here }}/x", state: touch } }\n`,
  })
  expect(played.summary).toEqual([
    'run: a=unknown',
    'when: a=unknown',
    'loop: a=unknown',
    'args: a=unknown',
    'fact: a=unknown',
    'from fact: a=unknown',
    'other: a=ok',
    'h: a=unknown',
  ])
  expect(played.of('from fact').message).toContain("'f'")
  expect(played.exitStatus).toBe(0)
})

test('a message that nobody can know yet says so, and is no reason for doubt', async () => {
  const played = await play({
    ...check,
    playbook: tasks(`
- { command: echo hi, register: r }
- { name: show, debug: { msg: "{{ r.stdout }}" }, register: shown }
- { name: again, debug: { msg: "{{ shown.msg }}" } }`),
  })
  expect(played.of('show')).toMatchObject({ outcome: 'ok', result: null })
  expect(played.of('show').message).toMatch(/known only in the real run.*'r'/)
  expect(played.of('again').outcome).toBe('ok')
})

test('what is registered anew is known again', async () => {
  const played = await play({
    ...check,
    playbook: tasks(`
- { command: echo hi, register: r }
- { debug: { msg: known }, register: r }
- { name: show, debug: { msg: "{{ r.msg }}" } }`),
  })
  expect(played.of('show').message).toBe('known')
})

test('later tasks see what earlier ones would have done', async () => {
  const played = await play({
    ...check,
    playbook: tasks(`
- { name: directory, file: { path: "{{ here }}/d", state: directory } }
- { name: file, ini_set: { path: "{{ here }}/d/x.ini", section: s, option: o, value: "1", create: true } }
- { name: again, ini_set: { path: "{{ here }}/d/x.ini", section: s, option: o, value: "1", create: true } }`),
  })
  expect(played.summary).toEqual(['directory: a=changed', 'file: a=changed', 'again: a=ok'])
})

test('check_mode: false really performs in a check, whatever was predicted', async () => {
  const directory = scratch()
  const played = await play({
    ...check,
    directory,
    playbook: tasks(`
- { name: predicted, file: { path: "{{ here }}/d", state: directory } }
- { name: real, file: { path: "{{ here }}/d", state: directory }, check_mode: false }
- { name: command, command: "echo out", check_mode: false, register: r }
- { name: show, debug: { msg: "{{ r.stdout }}" } }
- { name: after, file: { path: "{{ here }}/d/e", state: directory } }`),
  })
  expect(played.summary).toEqual([
    'predicted: a=changed',
    'real: a=changed',
    'command: a=changed',
    'show: a=ok',
    'after: a=changed',
  ])
  expect(played.of('show').message).toBe('out')
  expect(existsSync(join(directory, 'd'))).toBe(true)
  expect(existsSync(join(directory, 'd/e'))).toBe(false)
})

test('check_mode: true in a real run does nothing and leaves no prediction', async () => {
  const directory = scratch()
  const played = await play({
    inventory: 'a\n',
    directory,
    playbook: tasks(`
- { name: only said, file: { path: "{{ here }}/d", state: directory }, check_mode: true }
- { name: done, file: { path: "{{ here }}/d", state: directory } }
- { name: seen, file: { path: "{{ here }}/d", state: directory }, check_mode: true }`),
  })
  expect(played.summary).toEqual(['only said: a=changed', 'done: a=changed', 'seen: a=ok'])
  expect(existsSync(join(directory, 'd'))).toBe(true)
})

test('a command that only looks leaves what was read as it is, and has no result in a check', async () => {
  const directory = scratch()
  writeFileSync(join(directory, 'x'), 'old')
  const played = await play({
    ...check,
    directory,
    playbook: tasks(`
- { name: look, command: cat x, changed_when: false, register: r }
- { name: show, debug: { msg: "{{ r.stdout }}" } }`),
  })
  expect(played.summary).toEqual(['look: a=ok', 'show: a=ok'])
  expect(played.of('show').message).toMatch(/known only in the real run/)
  expect(readFileSync(join(directory, 'x'), 'utf8')).toBe('old')
})

test('what a file holds that has yet to be fetched is not known', async () => {
  const directory = scratch()
  const there = join(directory, 'there')
  writeFileSync(there, 'on the host\n')
  const playbook = tasks(`
- { name: elsewhere, fetch: { src: ${there}, dest: other/, flat: true }, check_mode: true }
- { name: fetch, fetch: { src: ${there}, dest: got } }
- { name: copy, copy: { src: "got/a${there}", dest: "{{ here }}/copied" } }
- { name: directory, copy: { src: got, dest: "{{ here }}/copies/" } }
- { name: template, template: { src: "got/a${there}", dest: "{{ here }}/made" } }`)
  const names = ['fetch', 'copy', 'directory', 'template']
  const checked = await play({ ...check, directory, playbook })
  expect(names.map((name) => checked.of(name).outcome)).toEqual(['changed', 'unknown', 'unknown', 'unknown'])
  expect(checked.of('copy').message).toMatch(/there holds cannot be known before the run/)
  const done = await play({ inventory: 'a\n', directory, playbook })
  expect(names.map((name) => done.of(name).outcome)).toEqual(names.map(() => 'changed'))
  const again = await play({ ...check, directory, playbook })
  expect(names.map((name) => again.of(name).outcome)).toEqual(names.map(() => 'ok'))
})
