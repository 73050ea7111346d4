import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { hostOf } from '../../../runner/inventory/localhost.ts'
import type { Variables } from '../../../runner/inventory/inventory.ts'
import { show, writeFiles } from './files.ts'

const plain = (vars: Variables | undefined) =>
  Object.fromEntries([...(vars ?? [])].map(([name, { value }]) => [name, value]))

function load(name: string, text: string) {
  const cwd = writeFiles({ [name]: text })
  return loadInventory([name], { cwd })
}

describe('INI', () => {
  it('gives hosts in the order in which they are written, with ports and variables', () => {
    const { inventory, problems } = load(
      'hosts',
      `top:22 # first\n[web]\nw[1:2] n=1 s="a b"\n::1 x=y\n[fe80::1]:22\n[a:b].x:99\n\n[site:children]\nweb\n[web:vars]\nv = [1, 'x']\n`,
    )
    expect(problems).toEqual([])
    expect([...inventory.hosts].map(([name, host]) => [name, plain(host.vars)])).toEqual([
      ['top', { ansible_port: 22 }],
      ['w1', { n: 1, s: 'a b' }],
      ['w2', { n: 1, s: 'a b' }],
      ['::1', { x: 'y' }],
      ['fe80::1', { ansible_port: 22 }],
      ['a.x', { ansible_port: 99 }],
      ['b.x', { ansible_port: 99 }],
    ])
    expect(plain(inventory.groups.get('web')?.vars)).toEqual({ v: [1, 'x'] })
    expect(inventory.groups.get('site')?.hosts).toEqual(['w1', 'w2', '::1', 'fe80::1', 'a.x', 'b.x'])
    expect(inventory.hosts.get('w1')?.groups).toEqual(['all', 'site', 'web'])
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['top'])
  })

  it('reports every mistake with its place, and reads the rest', () => {
    const { inventory, problems } = load(
      'bad.ini',
      `[web\nlost\n[b:childen]\nlost\n[c:children]\nwebb\n[web]\na b\n  c:x\nd[3:1] e=1\nf 'open\n[web:vars]\nnokey\n[unk:vars]\na=1\n[web]\ngood\nend:\n`,
    )
    expect(problems.map(show)).toEqual([
      'bad.ini:1:1: this is not a section header (sections are written [group], [group:children] or [group:vars])',
      'bad.ini:3:4: unknown kind of section "childen" (did you mean "children"?)',
      'bad.ini:8:3: "b" is not a variable (variables of a host are written name=value, values with blanks in quotes)',
      'bad.ini:9:5: "x" after the ":" of host "c:x" is not a port (a port is a number from 1 to 65535)',
      'bad.ini:10:3: the range "[3:1]" ends before it starts',
      `bad.ini:11:3: this quote is not closed: 'open`,
      'bad.ini:13:1: "nokey" is not a variable (variables are written name=value)',
      'bad.ini:18:5: "" after the ":" of host "end:" is not a port (remove the ":", or name the file *.yml if it is YAML)',
      'bad.ini:6:1: group "webb" is not defined (did you mean "web"?)',
      'bad.ini:14:2: variables for group "unk", which is not defined (add a section [unk])',
    ])
    expect([...inventory.hosts.keys()]).toEqual(['good'])
  })

  it('refuses groups that contain themselves', () => {
    const { problems } = load('hosts', `[a:children]\nb\n[b:children]\nc\n[c:children]\na\n[d:children]\nd\n`)
    expect(problems.map(show)).toEqual([
      'hosts:6:1: group "c" would contain itself: c → a → b → c (take "a" out of the children of "c")',
      'hosts:8:1: group "d" cannot contain itself (take "d" out of the children of "d")',
    ])
  })
})

describe('YAML and JSON', () => {
  it('reads groups, ranges and variables', () => {
    const { inventory, problems } = load(
      'hosts.yml',
      `all:\n  hosts:\n    "w[1:2]:22": {k: yes}\n  children:\n    g:\n      hosts: solo\n      children: {h: {hosts: {w1: {k: over}}}}\n      vars: {x: "{{ y }}"}\n`,
    )
    expect(problems).toEqual([])
    expect(plain(inventory.hosts.get('w1')?.vars)).toEqual({ ansible_port: 22, k: 'over' })
    expect(plain(inventory.hosts.get('w2')?.vars)).toEqual({ ansible_port: 22, k: true })
    expect(inventory.groups.get('g')).toMatchObject({ hosts: ['solo', 'w1'], children: ['h'], depth: 1 })
    expect(inventory.groups.get('h')?.depth).toBe(2)
    expect(inventory.groups.get('g')?.vars.get('x')?.at).toMatchObject({ line: 8, column: 17 })
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['w2'])
  })

  it('reports every mistake with its place', () => {
    const { problems } = load(
      'bad.yml',
      `all:\n  hosts: [a]\n  chldren: {}\n  vars: x\n  children:\n    g:\n      hosts:\n        c: 1\n        "d[1":\n      children: {h: {children: {g: }}}\n`,
    )
    expect(problems.map(show)).toEqual([
      'bad.yml:2:10: the hosts of group "all" are not a mapping (write each host as a key: "name:")',
      'bad.yml:3:3: unknown key "chldren" in group "all" (did you mean "children"?)',
      'bad.yml:4:9: the vars of group "all" are not a mapping (write "name: value")',
      'bad.yml:8:12: the variables of host "c" are not a mapping (write "name: value" under the host)',
      'bad.yml:9:9: the range in "d[1" has no closing "]"',
      'bad.yml:10:33: group "h" would contain itself: h → g → h (take "g" out of the children of "h")',
    ])
  })

  it.each([
    ['- a\n', 'x.yml:1:1: an inventory is a mapping of groups (start with "all:", and under it "hosts:")'],
    [
      'plugin: foo\n',
      'x.yml:1:9: the inventory plugin "foo" is not supported (constructed and openstack.cloud.openstack are)',
    ],
  ])('refuses %j', (text, problem) => {
    expect(load('x.yml', text).problems.map(show)).toEqual([problem])
  })

  it('shows a syntax error, and that an encrypted value cannot be read', () => {
    expect(load('x.yml', 'all: {hosts: [}\n').problems[0]?.at).toMatchObject({ line: 1 })
    expect(
      load('x.yml', 'all:\n  vars:\n    p: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n').problems.map(show),
    ).toEqual([expect.stringMatching(/^x\.yml:3:\d+: .*ansible-vault/)])
  })

  it('reads what ansible-inventory --list prints', () => {
    const listing = {
      _meta: { hostvars: { a: { x: 1 } } },
      all: { children: ['g'] },
      g: { hosts: ['a', 'b'], vars: { y: 2 } },
      l: ['c'],
    }
    const { inventory, problems } = load('list.json', JSON.stringify(listing))
    expect(problems).toEqual([])
    expect(plain(inventory.hosts.get('a')?.vars)).toEqual({ x: 1 })
    expect(plain(inventory.groups.get('g')?.vars)).toEqual({ y: 2 })
    expect(inventory.groups.get('all')?.hosts).toEqual(['a', 'b', 'c'])
  })
})

describe('sources', () => {
  it('merges several, later over earlier, each kind by what it looks like', () => {
    const cwd = writeFiles({
      one: 'a x=1 y=1\n',
      two: 'all:\n  hosts: {a: {x: 2}}\n',
      three: '{"g": {"hosts": {"a": {"z": 3}}}}',
    })
    const { inventory, problems } = loadInventory(['one', 'two', 'three', 'b,c:22'], { cwd })
    expect(problems).toEqual([])
    expect(plain(inventory.hosts.get('a')?.vars)).toEqual({ x: 2, y: 1, z: 3 })
    expect([...inventory.hosts].map(([name, host]) => [name, host.file])).toEqual([
      ['a', join(cwd, 'one')],
      ['b', undefined],
      ['c', undefined],
    ])
  })

  it('reads a directory in the order of names, without what is no inventory', () => {
    const cwd = writeFiles({
      'inv/b.yml': 'all: {hosts: {b: }}'.replace('b: ', 'b: {}'),
      'inv/a': 'a\n',
      'inv/sub/s': 's\n',
      'inv/x.bak': 'no\n',
      'inv/x~': 'no\n',
      'inv/.x': 'no\n',
      'inv/x.retry': 'no\n',
      'inv/x.orig': 'no\n',
      'inv/group_vars/all.yml': 'v: 1\n',
    })
    const { inventory, besideInventory, problems } = loadInventory(['inv'], { cwd })
    expect(problems).toEqual([])
    expect([...inventory.hosts.keys()]).toEqual(['a', 'b', 's'])
    expect(plain(besideInventory.groups.get('all'))).toEqual({ v: 1 })
  })

  it('runs scripts, with _meta and without', () => {
    const cwd = writeFiles({
      'meta!': `#!/bin/sh\necho '{"g": ["a"], "_meta": {"hostvars": {"a": {"x": 1}}}}'\n`,
      'plain!': `#!/bin/sh\n[ "$1" = --list ] && echo '{"h": {"hosts": ["b"]}}' || echo '{"n": "'$2'"}'\n`,
      'fails!': `#!/bin/sh\necho broken >&2\nexit 3\n`,
    })
    const { inventory, problems } = loadInventory(['meta', 'plain', 'fails'], { cwd })
    expect(plain(inventory.hosts.get('a')?.vars)).toEqual({ x: 1 })
    expect(plain(inventory.hosts.get('b')?.vars)).toEqual({ n: 'b' })
    expect(problems.map(show)).toEqual(['the inventory script "fails --list" failed: exit status 3\nbroken'])
  })

  it('reports what is missing, and a name that is both host and group', () => {
    const cwd = writeFiles({ hosts: '[a]\na\n' })
    const { problems, warnings } = loadInventory(['nope', 'hosts', 'x[1,'], { cwd })
    expect(problems.map(show)).toEqual([
      'inventory: there is no file nope',
      'inventory "x[1,": the range in "x[1" has no closing "]"',
    ])
    expect(warnings.map(show)).toEqual([
      '"a" is both a group and a host (rename one of them: a pattern with this name means the group)',
    ])
  })
})

describe('precedence of groups', () => {
  it('is by depth, then priority, then name', () => {
    const { inventory } = load(
      'hosts',
      `[zz]\nh\n[aa]\nh\n[mid]\nh\n[mid:vars]\nansible_group_priority=10\n[outer:children]\ninner\n[inner]\nh\n`,
    )
    expect(inventory.hosts.get('h')?.groups).toEqual(['all', 'aa', 'outer', 'zz', 'mid', 'inner'])
  })

  it('needs a whole number', () => {
    expect(load('hosts', `[g]\nh\n[g:vars]\nansible_group_priority=high\n`).problems.map(show)).toEqual([
      'hosts:4:1: ansible_group_priority of group "g" is not a whole number',
    ])
  })
})

describe('hostOf', () => {
  it('gives this machine for localhost where the inventory does not have it', () => {
    const { inventory } = loadInventory(['a,'], { cwd: '/' })
    expect(plain(hostOf(inventory, '127.0.0.1')?.vars)).toEqual({ ansible_connection: 'local' })
    expect(hostOf(inventory, 'a')?.groups).toEqual(['all', 'ungrouped'])
    expect(hostOf(inventory, 'nope')).toBeUndefined()
    const { inventory: own } = loadInventory(['localhost,'], { cwd: '/' })
    expect(plain(hostOf(own, 'localhost')?.vars)).toEqual({})
  })
})
