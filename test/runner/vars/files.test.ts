import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import type { Variables } from '../../../runner/inventory/inventory.ts'
import { loadDirectoryVariables } from '../../../runner/vars/directory-variables.ts'
import { readExtraVars } from '../../../runner/vars/extra-vars.ts'
import { loadVarsFiles } from '../../../runner/vars/vars-files.ts'
import { show, writeFiles } from '../inventory/files.ts'

const plain = (vars: Variables | undefined) =>
  Object.fromEntries([...(vars ?? [])].map(([name, { value }]) => [name, value]))

describe('readExtraVars', () => {
  it.each([
    [['a=1 b="x y" c='], { a: '1', b: 'x y', c: '' }],
    [['a=b=c'], { a: 'b=c' }],
    [['{"a": 1, "b": [true]}'], { a: 1, b: [true] }],
    [['{a: yes, b: "{{ x }}"}'], { a: true, b: '{{ x }}' }],
    [['a=1', '{"a": 2}', 'b=3'], { a: 2, b: '3' }],
    [['{"a": 2}', '@v.yml'], { a: 'file', n: 1 }],
    [[''], {}],
  ])('%j', (options, variables) => {
    const cwd = writeFiles({ 'v.yml': 'a: file\nn: 1\n' })
    const read = readExtraVars(options, cwd)
    expect(read.problems).toEqual([])
    expect(plain(read.variables)).toEqual(variables)
  })

  it.each([
    ['a=1 word', '--extra-vars:1:5: "word" is not a variable (write name=value, values with blanks in quotes)'],
    [`a='1`, `--extra-vars:1:3: this quote is not closed: '1`],
    ['[1]', '--extra-vars:1:1: variables are a mapping of names to values (write "name: value")'],
    ['./v.yml', '--extra-vars:1:1: "./v.yml" is not a variable (a file is given as @./v.yml)'],
    ['@nope.yml', 'there is no file nope.yml'],
  ])('refuses %s', (option, problem) => {
    expect(readExtraVars([option], writeFiles({})).problems.map(show)).toEqual([problem])
  })
})

describe('loadVarsFiles', () => {
  it('lets later files win, takes the first of a list that is there, and knows the place of each variable', () => {
    const cwd = writeFiles({ 'a.yml': 'x: 1\ny: 1\n', 'vars/b.json': '{"y": 2}', 'empty.yml': '# nothing\n' })
    const { variables, problems } = loadVarsFiles(
      ['a.yml', ['nope.yml', 'b.json'], 'empty.yml'],
      [`${cwd}/vars`, cwd],
      cwd,
    )
    expect(problems).toEqual([])
    expect(plain(variables)).toEqual({ x: 1, y: 2 })
    expect(variables.get('x')?.at).toMatchObject({ source: { name: 'a.yml' }, line: 1, column: 4 })
    expect(variables.get('y')?.at).toMatchObject({ source: { name: 'vars/b.json' }, line: 1 })
  })

  it('reports files that are missing, encrypted, or no mapping', () => {
    const cwd = writeFiles({ 'list.yml': '- a\n', 'secret.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' })
    const { problems } = loadVarsFiles(['nope.yml', ['a', 'b'], 'list.yml', 'secret.yml'], [cwd], cwd)
    expect(problems.map((problem) => problem.message)).toEqual([
      'there is no file nope.yml',
      'there is none of the files a, b',
      'variables are a mapping of names to values',
      expect.stringContaining('ansible-vault'),
    ])
  })
})

describe('loadDirectoryVariables', () => {
  it('reads for each name the first of NAME, NAME.yml, NAME.yaml, NAME.json, and directories whole', () => {
    const cwd = writeFiles({
      hosts: '[g]\na\n[k]\nb\n',
      'group_vars/all.yml': 'x: yml',
      'group_vars/all.yaml': 'x: yaml',
      'group_vars/g/a.yml': 'y: a\nz: a',
      'group_vars/g/b': 'y: b',
      'group_vars/g/aa/main.yml': 'z: below',
      'group_vars/g/c.txt': 'y: no',
      'group_vars/g/.d.yml': 'y: no',
      'group_vars/g/e.yml~': 'y: no',
      'group_vars/k.json': '{"y": "json"}',
      'group_vars/unknown.yml': '- not read',
      'host_vars/a': 'h: 1',
      'host_vars/localhost.yml': 'h: 2',
    })
    const { inventory } = loadInventory(['hosts'], { cwd })
    const { groups, hosts, problems, warnings } = loadDirectoryVariables(cwd, inventory, cwd)
    expect(problems).toEqual([])
    expect(warnings.map(show)).toEqual([
      'group_vars/all.yaml is not read, since group_vars/all.yml is there (merge the two)',
    ])
    expect(Object.fromEntries([...groups].map(([name, vars]) => [name, plain(vars)]))).toEqual({
      all: { x: 'yml' },
      g: { y: 'b', z: 'below' },
      k: { y: 'json' },
    })
    expect(Object.fromEntries([...hosts].map(([name, vars]) => [name, plain(vars)]))).toEqual({
      a: { h: 1 },
      localhost: { h: 2 },
    })
  })
})
