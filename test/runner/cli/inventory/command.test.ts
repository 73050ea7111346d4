import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { drawGraph } from '../../../../runner/cli/inventory/graph.ts'
import { listing, yamlListing } from '../../../../runner/cli/inventory/listing.ts'
import type { Shown } from '../../../../runner/cli/inventory/show.ts'
import { loadInventory } from '../../../../runner/inventory/load.ts'
import { readExtraVars } from '../../../../runner/vars/extra-vars.ts'
import { encrypt } from '../../../../runner/vault/cipher.ts'
import { PasswordVault } from '../../../../runner/vault/password-vault.ts'
import { writeFiles } from '../../inventory/files.ts'
import { drover } from '../drover.ts'

const installed = spawnSync('ansible-inventory', ['--version']).status === 0
if (!installed && process.env['CI'] !== undefined)
  throw new Error('ansible-inventory is not installed: the comparison cannot be skipped in CI')

const vaulted = (text: string): string =>
  `!vault |\n  ${encrypt(Buffer.from(text), Buffer.from('pw')).trimEnd().replaceAll('\n', '\n  ')}\n`

const constructed = `[web]
w1 os=debian ver=v12 tags="{'env': 'prod', 'tier-x': ''}" lst="['a-b','c d', '']" empty="" num="'n-5'" var1=2
w2 os="Red Hat" ver=v9 num="'n-6'" var1=3
[db]
d1 os=debian
`

interface Case {
  readonly files: Readonly<Record<string, string>>
  readonly sources: readonly string[]
  readonly extra?: readonly string[]
  readonly vault?: string
}
const cases: Readonly<Record<string, Case>> = {
  'groups, variables, group_vars and host_vars': {
    files: {
      'h.ini':
        'solo ansible_host=1.2.3.4\n[web]\nw[1:2] x=1\n[db]\nd1 t="{{ foo }}"\nw1\n[prod:children]\nweb\ndb\n[prod:vars]\nenv=prod\n[all:vars]\na=1\n',
      'group_vars/web.yml': 'gv: [1, {k: v}]\nu: !unsafe "{{ x }}"\n',
      'host_vars/w1.yml': 'hv: true\n',
    },
    sources: ['h.ini'],
  },
  'encrypted values': { files: { h: 'a\n', 'group_vars/all.yml': `s: ${vaulted('secret')}num: 1\n` }, sources: ['h'] },
  'encrypted files': {
    files: { h: 'a\n', 'group_vars/all.yml': encrypt(Buffer.from('s: secret\n'), Buffer.from('pw')), pw: 'pw\n' },
    sources: ['h'],
    vault: 'pw',
  },
  'empty groups': { files: { h: '[g]\n[k]\na\n[p:children]\ng\n' }, sources: ['h'] },
  'a group in two others': {
    files: { 'h.yml': 'all: {children: {a: {children: {c: {hosts: {x: {v: 1}}}}}, b: {children: {c: {}}}}}\n' },
    sources: ['h.yml'],
  },
  'a list of names': { files: {}, sources: ['b,a,c:22'] },
  'several sources, extra vars': {
    files: { one: 'a x=1 y=1\n[g]\nb\n', 'two.yml': 'g: {hosts: {a: {x: 2}}, vars: {v: 1}}\n' },
    sources: ['one', 'two.yml', 'd,'],
    extra: ['q=1', '{"x": 9}'],
  },
  'constructed: compose and groups': {
    files: {
      h: constructed,
      'c.yml':
        "plugin: constructed\ncompose: {j: os ~ ver, missing: nope ~ 1, var1: \"'changed'\", from: var1, d: \"{'a': os}\", names: group_names}\ngroups: {web: true, y: \"'no'\", z: '[]', n: num == 'n-6', j: j is defined, bad name-x: true}\n",
    },
    sources: ['h', 'c.yml'],
  },
  'constructed: keyed groups': {
    files: {
      h: constructed,
      'c.yml': `plugin: ansible.builtin.constructed
keyed_groups:
  - {key: empty, prefix: e, default_value: dv}
  - {key: empty, prefix: f, trailing_separator: false}
  - {key: empty, prefix: g}
  - {key: lst, prefix: l, default_value: dv}
  - {key: lst, prefix: m, trailing_separator: false}
  - {key: tags, prefix: n, trailing_separator: false}
  - {key: tags, prefix: o, default_value: dv}
  - {key: num, prefix: p, separator: "-", parent_group: nums}
  - {key: os, prefix: "{{ num }}p", parent_group: "par_{{ os }}"}
  - {key: nonexist.foo, prefix: zz}
  - {key: os}
  - {key: "'9a-b'", separator: ""}
`,
    },
    sources: ['h', 'c.yml'],
  },
  'constructed: no leading separator': {
    files: {
      h: constructed,
      'c.yml':
        "plugin: constructed\nstrict: true\nleading_separator: false\nkeyed_groups: [{key: os}, {key: \"{'k': 'v', 'e': '', 'l': 1}\"}, {key: \"['x','y', '']\", prefix: q}, {key: os, separator: ':'}]\n",
    },
    sources: ['h', 'c.yml'],
  },
  'constructed: variables of group_vars are not seen': {
    files: {
      'i/a': '[web]\nw1\n',
      'i/group_vars/web.yml': 'gv: x\n',
      'i/z.yml': 'plugin: constructed\ngroups: {x: gv is defined, y: gv is not defined}\n',
    },
    sources: ['i'],
  },
}

/** What ansible-inventory prints, and the same inventory for drover to show. */
function both(name: string, args: readonly string[]): { readonly theirs: string; readonly shown: Shown } {
  const { files, sources, extra = [], vault } = cases[name] ?? { files: {}, sources: [] }
  const cwd = writeFiles(files)
  const more = [
    ...extra.flatMap((variables) => ['-e', variables]),
    ...(vault === undefined ? [] : ['--vault-password-file', vault]),
  ]
  const line = [...sources.flatMap((source) => ['-i', source]), ...more, ...args]
  const environment = { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'false' }
  const { stdout: theirs } = spawnSync('ansible-inventory', line, { cwd, encoding: 'utf8', env: environment })
  const opened = new PasswordVault([{ label: 'default', password: Buffer.from('pw') }])
  const loaded = loadInventory(sources, { cwd, vault: opened })
  expect(loaded.problems).toEqual([])
  const hosts = new Set(loaded.inventory.hosts.keys())
  return {
    theirs,
    shown: { loaded, extra: readExtraVars(extra, cwd).variables, hosts, exported: args.includes('--export') },
  }
}

const tag = (name: string) => ({ tag: name, resolve: (text: string) => ({ [name]: text }) })
const read = (yaml: string): unknown =>
  parse(yaml, { customTags: [tag('!vault'), { tag: '!unsafe', resolve: (text: string) => text }], version: '1.1' })

describe.skipIf(!installed)('as ansible-inventory has it', { timeout: 60_000 }, () => {
  it.each(Object.keys(cases))('%s: --list', (name) => {
    const { theirs, shown } = both(name, ['--list'])
    expect(listing(shown).trimEnd()).toBe(theirs.trimEnd())
  })

  it.each([
    'groups, variables, group_vars and host_vars',
    'a group in two others',
    'several sources, extra vars',
    'constructed: keyed groups',
  ])('%s: --graph --vars', (name) => {
    const { theirs, shown } = both(name, ['--graph', '--vars'])
    expect(drawGraph(shown, 'all', true)).toBe(theirs)
  })

  it.each(['groups, variables, group_vars and host_vars', 'encrypted values', 'a group in two others'])(
    '%s: --yaml and --export',
    (name) => {
      const exported = both(name, ['--list', '--export'])
      expect(listing(exported.shown).trimEnd()).toBe(exported.theirs.trimEnd())
      for (const args of [
        ['--list', '-y'],
        ['--list', '-y', '--export'],
      ]) {
        const { theirs, shown } = both(name, args)
        expect(read(yamlListing(shown))).toEqual(read(theirs))
      }
    },
  )
})

describe('drover inventory', () => {
  it('hides secrets in the graph', () => {
    const cwd = writeFiles({ h: 'a\n', 'group_vars/all.yml': `s: ${vaulted('secret')}`, pw: 'pw\n' })
    const { stdout } = drover(cwd, ['inventory', '-i', 'h', '--graph', '--vars', '--vault-password-file', 'pw'])
    expect(stdout).toContain('{s = ********}')
    expect(stdout).not.toContain('secret')
  })

  it('shows one host, and one group, with the settings of ansible.cfg', () => {
    const cwd = writeFiles({ h: '[web]\nweb1 x=1\n', 'ansible.cfg': '[defaults]\ninventory = h\n' })
    expect(JSON.parse(drover(cwd, ['inventory', '--host', 'web1']).stdout)).toEqual({ x: 1 })
    expect(drover(cwd, ['inventory', '--graph', 'web']).stdout).toBe('@web:\n  |--web1\n')
  })

  it('says what is wrong', () => {
    const cwd = writeFiles({ h: 'web1\n[web]\nweb2\n' })
    const said = (...args: readonly string[]) => drover(cwd, ['inventory', '-i', 'h', ...args])
    expect(said('--host', 'wbe1').stderr).toContain('did you mean "web1"?')
    expect(said('--graph', 'wb').stderr).toContain('there is no group "wb"')
    expect(said().stderr).toContain('say what to show')
    expect(said('--list', '--graph').stderr).toContain('cannot be used with')
  })
})
