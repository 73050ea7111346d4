import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { show, writeFiles } from './files.ts'

const hosts = '[web]\nw1 os=debian n=1\nw2 os=alpine\n[all:vars]\nbase=1\n'

function load(constructed: string, rest: Readonly<Record<string, string>> = {}) {
  const cwd = writeFiles({ hosts, 'z.yml': `plugin: constructed\n${constructed}`, ...rest })
  return loadInventory(['hosts', 'z.yml'], { cwd })
}

const variable = (loaded: ReturnType<typeof load>, host: string, name: string) =>
  loaded.inventory.hosts.get(host)?.vars.get(name)?.value

describe('constructed (what ansible-inventory does too is compared in the test of the command)', () => {
  it('keeps the types of composed values, and texts that look like templates as they are', () => {
    const loaded = load("compose: {sum: n + 1, base_: base, text: \"'{' ~ '{ x }' ~ '}'\"}\n")
    expect(loaded.problems).toEqual([])
    expect(variable(loaded, 'w1', 'sum')).toBe(2)
    expect(variable(loaded, 'w2', 'sum')).toBeUndefined()
    expect(variable(loaded, 'w2', 'base_')).toBe(1)
    expect(variable(loaded, 'w2', 'text')).toBe('{% raw %}{{ x }}{% endraw %}')
  })

  it('takes numbers for names of keyed groups', () => {
    const { inventory } = load('keyed_groups: [{key: n, prefix: p}]\n')
    expect(inventory.groups.get('p_1')?.hosts).toEqual(['w1'])
  })

  it('warns of an expression that cannot be read, and of nothing else, unless it is strict', () => {
    const { problems, warnings } = load('compose:\n  a: 1 +\n  b: nope\n')
    expect(problems).toEqual([])
    expect(warnings.map(({ at }) => at?.line)).toEqual([3])
  })

  it('says for which host an expression fails, where it is strict, once for each place', () => {
    const { problems } = load('strict: true\ngroups: {g: n == 1}\nkeyed_groups: [{key: n}]\n')
    expect(problems.map(show)).toEqual([
      expect.stringMatching(/^z\.yml:3:13: group "g" for host "w2": 'n' is undefined/),
      expect.stringMatching(/^z\.yml:4:22: a keyed group of host "w2": 'n' is undefined/),
    ])
  })

  it('finds mistakes in the file', () => {
    const { problems } = load(
      'compos: {}\ngroups: []\nuse_vars_plugins: true\nkeyed_groups: [{prefix: x}, {key: a, prefiks: b}, {key: a, default_value: x, trailing_separator: false}, a]\n',
    )
    expect(problems.map(show)).toEqual([
      'z.yml:2:1: unknown key "compos" of constructed (did you mean "compose"?)',
      'z.yml:4:1: "use_vars_plugins" is not supported',
      'z.yml:3:9: "groups" is not a mapping (write "name: expression")',
      'z.yml:5:16: a keyed group needs "key"',
      'z.yml:5:38: unknown key "prefiks" of a keyed group (did you mean "prefix"?)',
      'z.yml:5:78: "default_value" and "trailing_separator" exclude each other',
      'z.yml:5:106: an entry of "keyed_groups" is a mapping (write "key: expression")',
    ])
  })

  it('refuses other plugins by name', () => {
    const cwd = writeFiles({ 'x.yml': 'plugin: aws_ec2\n' })
    expect(loadInventory(['x.yml'], { cwd }).problems.map(show)).toEqual([
      'x.yml:1:9: the inventory plugin "aws_ec2" is not supported (constructed and openstack.cloud.openstack are)',
    ])
  })
})
