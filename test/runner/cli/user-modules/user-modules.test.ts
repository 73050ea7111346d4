import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFiles } from '../../inventory/files.ts'
import { drover } from '../drover.ts'
import { greeting, inventory, playbook } from './files.ts'

const run = (cwd: string, ...more: readonly string[]) => drover(cwd, ['run', 'p.yml', '-i', 'hosts', ...more])
const greet = playbook('greeting: { path: "{{ playbook_dir }}/out", name: you }')
const problemsOf = (files: Readonly<Record<string, string>>): string => {
  const { status, stderr } = run(writeFiles({ 'p.yml': greet, hosts: inventory, ...files }))
  expect(status).toBe(1)
  return stderr
}

describe('modules of a user', () => {
  const typed = greeting().replace('plan({ name }', 'plan({ name }: { readonly name: string }')
  it.each([
    ['beside the playbook, in JavaScript', { 'modules/greeting.mjs': greeting() }, []],
    ['beside the playbook, in Ansible’s folder', { 'library/greeting.js': greeting() }, []],
    ['in TypeScript', { 'modules/greeting.ts': typed }, []],
    ['in a role', { 'roles/r/library/greeting.mjs': greeting(), 'roles/r/tasks/main.yml': '[]' }, []],
    ['where the command line says', { 'mine/greeting.mjs': greeting() }, ['--module-path', 'mine']],
    ['where the settings say', { 'mine/greeting.mjs': greeting(), 'ansible.cfg': '[defaults]\nlibrary = mine\n' }, []],
  ])('are found %s', (_, files, flags) => {
    const cwd = writeFiles({ 'p.yml': greet, hosts: inventory, ...files })
    const checked = run(cwd, '--check', '--diff', ...flags)
    expect(checked).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('+Hello, you!') })
    expect(existsSync(join(cwd, 'out'))).toBe(false)
  })

  it('change what remains to be done, once', () => {
    const cwd = writeFiles({ 'p.yml': greet, hosts: inventory, 'modules/greeting.ts': typed })
    expect(run(cwd).stdout).toContain('changed=1')
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('Hello, you!\n')
    expect(run(cwd).stdout).toContain('changed=0')
  })

  it('share code in files below, and one copy in several roles', () => {
    const shared = greeting()
      .replace("'Hello, '", 'word()')
      .replace("'drover'", "'drover'\nimport { word } from './lib/word.ts'")
    const cwd = writeFiles({
      'p.yml': greet,
      hosts: inventory,
      'modules/greeting.ts': shared,
      'modules/lib/word.ts': "export const word = (): string => 'Good day, '\n",
      'roles/a/library/other.mjs': greeting({ name: 'other' }),
      'roles/b/library/other.mjs': greeting({ name: 'other' }),
    })
    expect(run(cwd, '--check', '--diff').stdout).toContain('+Good day, you!')
  })

  it('have the classes of the drover that runs: what cannot be read fails the task', () => {
    const files = { 'p.yml': playbook('greeting: { path: "{{ playbook_dir }}" }'), hosts: inventory }
    const { status, stdout } = run(writeFiles({ ...files, 'modules/greeting.mjs': greeting() }))
    expect(status).toBe(2)
    expect(stdout).toMatch(/cannot read .* it is a directory/)
  })

  it('have their arguments checked before any host is touched', () => {
    const files = { 'p.yml': playbook('greeting: { nmae: you }'), 'modules/greeting.mjs': greeting() }
    const stderr = problemsOf(files)
    expect(stderr).toContain('p.yml:4:19: greeting: unknown argument "nmae"')
    expect(stderr).toContain('did you mean "name"?')
    expect(stderr).toContain('missing argument "path"')
    expect(problemsOf({ 'p.yml': playbook('greetnig: {}'), 'modules/greeting.mjs': greeting() })).toContain(
      'did you mean "greeting"?',
    )
  })

  it('are documented, run alone and in the schemas for editors', () => {
    const cwd = writeFiles({ hosts: inventory, 'mine/greeting.mjs': greeting() })
    expect(drover(cwd, ['doc', 'greeting', '-M', 'mine']).stdout).toContain('Keep a greeting in a file.')
    const args = ['exec', 'h', '-i', 'hosts', '-M', 'mine', '-m', 'greeting', '-a', `path=${cwd}/out`]
    expect(drover(cwd, args)).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('Hello, world!\n')
    expect(drover(cwd, ['schema', 's', '-M', 'mine']).status).toBe(0)
    expect(readFileSync(join(cwd, 's/playbook.schema.json'), 'utf8')).toContain('module_greeting')
  })
})

describe('a file that is no module', () => {
  it.each([
    ['exports nothing', 'const a = 1\n', 'modules/greeting.mjs: it has no default export that is a module'],
    ['cannot be read', 'export default {\n  name: }\n', 'modules/greeting.mjs:2:3: this module cannot be loaded: '],
    [
      'fails',
      'export const a = 1\n\nnothing()\n',
      'modules/greeting.mjs:3:1: this module cannot be loaded: nothing is not defined',
    ],
    ['imports what is not there', "import 'not-there'\n", "Cannot find package 'not-there'"],
    [
      'has a name that drover has',
      greeting({ name: 'copy' }),
      'the name "copy" is taken by drover’s own module "copy"',
    ],
    ['has a name of the language', greeting({ name: 'debug' }), 'the name "debug" is taken by the statement "debug"'],
  ])('%s', (_, text, message) => {
    const stderr = problemsOf({ 'modules/greeting.mjs': text })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('bug in drover')
  })

  it('is TypeScript that cannot be read', () => {
    expect(problemsOf({ 'modules/greeting.ts': 'const a = 1\nconst b: = 2\n' })).toContain('modules/greeting.ts:2:1: ')
  })

  it('is called as another one', () => {
    const stderr = problemsOf({
      'modules/greeting.mjs': greeting(),
      'library/hello.mjs': `${greeting()}// Another one.\n`,
    })
    expect(stderr).toContain('library/hello.mjs: the name "greeting" is taken by modules/greeting.mjs')
  })
})

it.each([
  ['throws', 'return nothing.there', '"plan" failed in line 16: nothing is not defined'],
  ['returns nothing', '', '"plan" must return propose([…]) or refuse(…)'],
  [
    'gives an action that there is not',
    'return propose([{ change: { subject: "x" }, actions: [{ do: "fly" }], effects: [] }])',
    'not "fly"',
  ],
])('a plan that %s fails the task', (_, plan, message) => {
  const { status, stdout } = run(
    writeFiles({ 'p.yml': greet, hosts: inventory, 'modules/greeting.mjs': greeting({ plan }) }),
  )
  expect(status).toBe(2)
  expect(stdout).toContain(message)
})
