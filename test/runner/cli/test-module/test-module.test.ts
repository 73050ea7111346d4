import { describe, expect, it } from 'vitest'
import { writeFiles } from '../../inventory/files.ts'
import { drover } from '../drover.ts'
import { greeting } from '../user-modules/files.ts'

const test = (files: Readonly<Record<string, string>>) => drover(writeFiles(files), ['test-module', 'greeting.mjs'])
const note = '{ change: { subject: "note", verb: "run" }, actions: [], effects: [] }'

describe('test-module', () => {
  it('shows how each case went, and fails where one did', () => {
    const cases = `
- {name: Nobody there, task: {greeting: {path: "{{ scratch }}/no/where"}}, expect: ok}
- {name: In the way, task: {greeting: {path: "{{ scratch }}"}}, expect: failed, message: it is a directory}
- {name: Wrong message, task: {greeting: {path: "{{ scratch }}"}}, expect: failed, message: it is a pipe}
- {name: Unknown argument, task: {greeting: {paht: /x}}}
- {name: The same already, given: [{greeting: {path: "{{ scratch }}/x"}}], task: {greeting: {path: "{{ scratch }}/x"}}, expect: ok}
- {name: Planned, args: {path: /x}, state: {file: {real: /x, stat: null, before: null}}, plan: [create /x]}
- {name: Planned wrongly, args: {path: /x}, state: {file: {real: /x, stat: null, before: null}}, plan: []}
`
    const { status, stdout, stderr } = test({ 'greeting.mjs': greeting(), 'greeting.cases.yml': cases })
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/^ok {4}Greet the world +changed +changed +ok$/m)
    expect(stdout).toMatch(/^FAIL {2}Nobody there[^]*?the check: changed, not ok$/m)
    expect(stdout).toMatch(/^ok {4}In the way +failed +failed +-$/m)
    expect(stdout).toMatch(/^FAIL {2}Wrong message[^]*?not "it is a pipe"$/m)
    expect(stdout).toMatch(/^FAIL {2}Unknown argument[^]*?unknown argument "paht"$/m)
    expect(stdout).toMatch(/^ok {4}The same already +ok +ok +ok$/m)
    expect(stdout).toMatch(/^ok {4}Planned +plan/m)
    expect(stdout).toContain('it plans: create /x; expected nothing')
    expect(stdout).toContain('greeting: 8 cases, 4 failed')
  })

  it('finds a module that is never done', () => {
    const { status, stdout } = test({ 'greeting.mjs': greeting({ plan: `return propose([${note}])` }) })
    expect(status).toBe(1)
    expect(stdout).toContain('the second run changed run note once more')
  })

  it.each([
    ['a file that is not there', {}, 'there is no file greeting.mjs'],
    ['what is no module', { 'greeting.mjs': 'export default {}\n' }, '"observe" must be a function'],
    ['a name that is taken', { 'greeting.mjs': greeting({ name: 'copy' }) }, 'the name "copy" is taken'],
    [
      'cases that are none',
      { 'greeting.mjs': greeting(), 'greeting.cases.yml': '- {name: x, tsak: {}}\n- {name: y, args: {}, state: {}}\n' },
      'greeting.cases.yml: case 1: "tsak" is unknown\n  hint: did you mean "task"?',
    ],
  ])('refuses %s', (_, files, message) => {
    const { status, stderr } = test(files)
    expect(status).toBe(1)
    expect(stderr).toContain(message)
  })
})
