import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawProblems } from '../../../runner/language/code-frame.ts'
import { loadPlaybook, loadTasks } from '../../../runner/language/load.ts'
import type { Play, Task } from '../../../runner/language/tree.ts'
import { modules } from './modules.ts'

const directory = fileURLToPath(new URL('golden/', import.meta.url))
const isLocated = (value: object): value is { value: unknown; at: () => { line: number; column: number } } =>
  'at' in value && typeof value.at === 'function'

/** The tree as JSON: places as `line:column`, what is unset or empty left out. */
function outline(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(outline)
  if (typeof value !== 'object' || value === null) return value
  if (isLocated(value)) return { '@': `${value.at().line}:${value.at().column}`, value: value.value }
  if ('line' in value && 'source' in value)
    return `${(value.source as { name: string }).name}:${String(value.line)}:${String((value as { column?: number }).column)}`
  const set = Object.entries(value).filter(
    ([name, part]) => part !== undefined && name !== 'source' && !(Array.isArray(part) && part.length === 0),
  )
  return Object.fromEntries(set.map(([name, part]) => [name, outline(part)]))
}

/** Reads from memory: `site.yml` and what it names. */
function load(files: { readonly [name: string]: string }) {
  const read = (path: string) => {
    const text = files[path.replace(/^\/p\//, '')]
    if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' })
    return text
  }
  return loadPlaybook('/p/site.yml', { modules, read, directory: '/p' })
}
const tasksOf = (text: string) => {
  const { playbook, problems } = load({ 'site.yml': `- hosts: all\n  tasks:\n${text.replaceAll(/^/gm, '    ')}` })
  expect(drawProblems(problems)).toBe('')
  return (playbook?.plays[0]?.tasks ?? []) as readonly Task[]
}
const argsOf = (text: string) => tasksOf(text)[0]?.action.args.value

const count = (play: Play | undefined) =>
  play?.tasks.reduce((sum, node) => sum + (node.kind === 'block' ? node.block.length : 1), 0)

const readTwo = (path: string) => (path === '/p/t.yml' ? '- copy: {content: x}\n  notify: somewhere\n' : '- pong:\n')

describe('good playbooks', () => {
  const { playbook, problems } = loadPlaybook(`${directory}good/site.yml`, { modules, directory })

  test('give the whole tree', async () => {
    expect(drawProblems(problems)).toBe('')
    await expect(`${JSON.stringify(outline(playbook?.plays), null, 2)}\n`).toMatchFileSnapshot('golden/good/site.json')
  })

  test('the tree is frozen, all the way down', () => {
    const open: string[] = []
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null || path.endsWith('.source')) return
      if (!Object.isFrozen(value)) open.push(path)
      for (const [name, part] of Object.entries(value)) visit(part, `${path}.${name}`)
    }
    visit(playbook, 'playbook')
    expect(open).toEqual([])
  })

  test('values know where each part of them stands', () => {
    const mount = playbook?.plays[0]?.tasks[1] as Task
    expect(mount.action.args.at('state')).toMatchObject({ line: 44, column: 46, length: 6 })
    expect(mount.action.args.at('nothing', 'here')).toMatchObject({ line: 44, column: 28 })
    expect(playbook?.plays[1]?.vars?.at('size')).toMatchObject({
      line: 2,
      column: 30,
      source: { name: 'good/other.yml' },
    })
    expect(playbook?.plays[1]?.vars?.at('colour')).toMatchObject({ line: 75, source: { name: 'good/site.yml' } })
  })
})

describe('short forms', () => {
  test.each<[string, object]>([
    ['- copy: content=x dest=/a', { content: 'x', dest: '/a' }],
    ['- copy: content="a b" dest=\'/c d\'', { content: 'a b', dest: '/c d' }],
    ["- copy: content={{ a | default('b c') }} dest=/a", { content: "{{ a | default('b c') }}", dest: '/a' }],
    ['- command: echo a=1  b', { cmd: 'echo a=1  b' }],
    ['- command: echo hi chdir=/tmp   x', { cmd: 'echo hi x', chdir: '/tmp' }],
    [`- command: echo "a  b" creates='/no x' 'q=1 z'`, { cmd: `echo "a  b" 'q=1 z'`, creates: '/no x' }],
    ['- command: echo "chdir=/x y"', { cmd: 'echo "chdir=/x y"' }],
    ["- command: echo don't chdir=/x it's", { cmd: "echo don't it's", chdir: '/x' }],
    ['- shell: |\n    for i in 1 2; do\n      echo $i\n    done\n', { cmd: 'for i in 1 2; do\n  echo $i\ndone' }],
    ['- command: ls\n  args: {chdir: /a}', { cmd: 'ls', chdir: '/a' }],
    ['- copy: dest=/a\n  args: {dest: /b, content: x}', { dest: '/a', content: 'x' }],
    ['- action: command ls -l chdir=/', { cmd: 'ls -l', chdir: '/' }],
    ['- set_fact: a=yes b="yes" c=12 d="x\\ny"', { a: true, b: 'yes', c: '12', d: 'x\ny' }],
    ['- meta: noop', { free_form: 'noop' }],
    ['- ping:', {}],
  ])('%s', (text, args) => {
    expect(argsOf(text)).toEqual(args)
  })
})

describe('names', () => {
  test.each([
    ['mount', 'fstab', 'module'],
    ['ansible.posix.mount', 'fstab', 'module'],
    ['ansible.builtin.fstab', 'fstab', 'module'],
  ])('%s', (written, name, kind) => {
    expect(tasksOf(`- ${written}: {path: /a, state: absent}`)[0]?.action).toMatchObject({ written, name, kind })
  })
  test('of statements', () => {
    expect(tasksOf('- ansible.builtin.debug: msg=x')[0]?.action).toMatchObject({ name: 'debug', kind: 'statement' })
  })
})

describe('files', () => {
  test('an import is a block that the tasks inherit from', () => {
    const { playbook } = load({
      'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: sub/a.yml\n      when: x\n      become: true\n',
      'sub/a.yml': '- import_tasks: b.yml\n',
      'sub/b.yml': '- ping:\n',
    })
    expect(playbook?.plays[0]?.tasks[0]).toMatchObject({
      kind: 'block',
      when: { value: 'x' },
      become: { value: true },
      block: [{ kind: 'block', block: [{ kind: 'task' }] }],
    })
  })

  test('a file that includes itself is read once', () => {
    const { problems } = load({
      'site.yml': '- hosts: all\n  tasks:\n    - include_tasks: a.yml\n',
      'a.yml': '- include_tasks: a.yml\n  when: depth < 3\n- include_tasks: site-b.yml\n  when: false\n',
    })
    expect(problems).toEqual([])
  })

  test('loadTasks gives the tasks of a file, or its problems', () => {
    expect(loadTasks('/p/t.yml', { modules, read: readTwo })).toMatchObject({
      tasks: [{ kind: 'task', notify: ['somewhere'] }],
      problems: [],
    })
    expect(loadTasks('/p/u.yml', { modules, read: readTwo })).toMatchObject({
      problems: [{ message: 'unknown module "pong"' }],
    })
  })

  test('a handler may be anything that only the run knows', () => {
    const handlers = ['- name: "{{ x }}"\n      ping:', '- include_tasks: "{{ x }}.yml"']
    for (const handler of handlers) {
      expect(
        load({
          'site.yml': `- hosts: all\n  handlers:\n    ${handler}\n  tasks:\n    - ping:\n      notify: whatever\n`,
        }).problems,
      ).toEqual([])
    }
  })

  test('a playbook that is not there', () => {
    expect(drawProblems(load({}).problems)).toBe('cannot read site.yml: there is no such file\n\n1 problem\n')
  })
})

test('two thousand tasks in a hundred files are one reading of each', () => {
  const file = Array.from(
    { length: 20 },
    (_, index) =>
      `- name: task ${index}\n  copy: {content: "{{ v${index} }}", dest: "/etc/${index}", mode: "0644"}\n  when: v${index} is defined\n  notify: restart\n`,
  ).join('')
  const files: { [name: string]: string } = {}
  let reads = 0
  let main = '- hosts: all\n  handlers:\n    - name: restart\n      ping:\n  tasks:\n'
  for (let index = 0; index < 100; index += 1) {
    files[`/p/t${index}.yml`] = file
    main += `    - import_tasks: t${index}.yml\n`
  }
  files['/p/site.yml'] = main
  const read = (path: string) => {
    reads += 1
    return files[path] ?? ''
  }
  const { playbook } = loadPlaybook('/p/site.yml', { modules, read, directory: '/p' })
  expect(count(playbook?.plays[0])).toBe(2000)
  expect(reads).toBeLessThanOrEqual(301)
})

test('whatever is done to a playbook, it is read or has problems that can be drawn', () => {
  const text = readFileSync(`${directory}good/site.yml`, 'utf8')
  const lines = text.split('\n')
  const change = fc.record({
    line: fc.nat(lines.length - 1),
    column: fc.nat(60),
    what: fc.constantFrom('delete', 'insert', 'swap', 'indent', 'copy'),
    text: fc.constantFrom(
      '{',
      '}',
      '[',
      '"',
      "'",
      ': ',
      '- ',
      '  ',
      '\t',
      '{{ ',
      ' }}',
      '{% if',
      '*a',
      '&a ',
      '|',
      '!x ',
      'null',
      '1',
      '#',
      ',',
      '\n',
    ),
  })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const mutated = lines.slice()
      for (const { line, column, what, text } of changes) {
        const old = mutated[line] ?? ''
        if (what === 'delete') mutated[line] = old.slice(0, column) + old.slice(column + 3)
        else if (what === 'insert') mutated[line] = old.slice(0, column) + text + old.slice(column)
        else if (what === 'indent') mutated[line] = ` ${old}`
        else if (what === 'copy') mutated[line] = `${old}\n${old}`
        else mutated[line] = mutated[(line + column) % lines.length] ?? ''
      }
      const files = {
        'site.yml': mutated.join('\n'),
        'vars.yml': 'a: 1',
        'other.yml': '- hosts: all',
        'tasks/more.yml': '- ping:',
      }
      const { playbook, problems } = load(files)
      expect(playbook === undefined).toBe(problems.length > 0)
      expect(drawProblems(problems)).not.toContain('    at ')
    }),
    { numRuns: 200 },
  )
})
