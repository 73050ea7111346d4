import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../runner/inventory/load.ts'
import { hostOf } from '../../../runner/inventory/localhost.ts'
import { evaluateValue } from '../../../runner/template/compile.ts'
import { HostVariables } from '../../../runner/vars/host-variables.ts'
import { inventoryLayers } from '../../../runner/vars/inventory-layers.ts'
import { hostMagic, omitMarker, playMagic, roleMagic, runMagic, type RunFacts } from '../../../runner/vars/magic.ts'
import { writeFiles } from '../inventory/files.ts'

function start(files: Readonly<Record<string, string>>, more: Partial<RunFacts> = {}) {
  const cwd = writeFiles(files)
  const loaded = loadInventory(['hosts'], { cwd, playbookDirs: ['play'] })
  expect(loaded.problems).toEqual([])
  const { inventory, besideInventory, besidePlaybooks } = loaded
  const run: RunFacts = {
    inventory,
    omit: omitMarker(),
    check: false,
    diff: true,
    verbosity: 2,
    forks: 5,
    runTags: ['all'],
    skipTags: [],
    limit: undefined,
    inventorySources: [`${cwd}/hosts`],
    version: '0.1.0',
    ...more,
  }
  const hosts = new Map<string, HostVariables>()
  const shared = runMagic(run, (name) => hosts.get(name)?.base)
  for (const name of [...inventory.hosts.keys(), 'localhost']) {
    const host = hostOf(inventory, name)!
    const layers = inventoryLayers(host, { inventory, besideInventory, besidePlaybook: besidePlaybooks.get('play') })
    hosts.set(name, new HostVariables(name, [...layers, ...shared, hostMagic(host)]))
  }
  return { cwd, run, hosts, of: (host: string) => hosts.get(host)! }
}

describe('inventory levels', () => {
  const sources = {
    'play/host_vars/h.yml': 'x: playbook-host-vars',
    'host_vars/h': 'x: inventory-host-vars',
    hosts:
      '[outer:children]\ng\n[g]\nh x=inventory-host\n[g:vars]\nx=inline-g\n[outer:vars]\nx=inline-outer\n[all:vars]\nx=inline-all\n',
    'play/group_vars/g.yml': 'x: playbook-group-g',
    'play/group_vars/outer.yml': 'x: playbook-group-outer',
    'group_vars/g/a.yml': 'x: inventory-group-g',
    'group_vars/outer.yaml': 'x: inventory-group-outer',
    'play/group_vars/all.yml': 'x: playbook-all',
    'group_vars/all.json': '{"x": "inventory-all"}',
  }
  const order = [
    ['play/host_vars/h.yml', 'playbook-host-vars'],
    ['host_vars/h', 'inventory-host-vars'],
    ['x=inventory-host', 'inventory-host'],
    ['play/group_vars/g.yml', 'playbook-group-g'],
    ['play/group_vars/outer.yml', 'playbook-group-outer'],
    ['group_vars/g/a.yml', 'inventory-group-g'],
    ['group_vars/outer.yaml', 'inventory-group-outer'],
    ['play/group_vars/all.yml', 'playbook-all'],
    ['group_vars/all.json', 'inventory-all'],
    ['x=inline-g', 'inline-g'],
    ['x=inline-outer', 'inline-outer'],
    ['x=inline-all', 'inline-all'],
  ] as const

  it.each(order.map(([, value], index) => [value, index] as const))(
    '%s wins once stronger ones are gone',
    (value, index) => {
      const files: Record<string, string> = { ...sources }
      for (const [source] of order.slice(0, index)) {
        if (source.startsWith('x=')) files['hosts'] = files['hosts']!.replace(source, 'y=0')
        else delete files[source]
      }
      expect(start(files).of('h').base.get('x')).toBe(value)
    },
  )
})

describe('HostVariables', () => {
  it('tells scopes of before a change of the inventory what tasks set after it', () => {
    const host = new HostVariables('h', [])
    host.setFact('n', 1)
    const task = host.scope({ kind: 'written', level: 'task-vars', variables: new Map([['x', { value: '{{ n }}' }]]) })
    expect([task.get('n'), task.get('x')]).toEqual([1, 1])
    host.relayer([])
    host.setFact('n', 2)
    expect([task.get('n'), task.get('x')]).toEqual([2, 2])
  })

  it('puts facts, set facts and results over the inventory, and below extra vars', () => {
    const host = new HostVariables('h', [
      {
        kind: 'written',
        level: 'inventory-hosts',
        variables: new Map([
          ['a', { value: 'inv' }],
          ['ansible_os', { value: 'inv' }],
        ]),
      },
      { kind: 'written', level: 'extra-vars', variables: new Map([['e', { value: 'extra' }]]) },
    ])
    expect(host.base.get('ansible_facts')).toEqual({})
    host.setGathered({ ansible_os: 'Linux', mounts: [] })
    host.setFact('a', '{{ not a template }}')
    host.setFact('e', 'set')
    host.register('out', { rc: 0 })
    expect(['a', 'ansible_os', 'ansible_mounts', 'e', 'out'].map((name) => host.base.get(name))).toEqual([
      '{{ not a template }}',
      'Linux',
      [],
      'extra',
      { rc: 0 },
    ])
    expect(host.base.get('ansible_facts')).toEqual({ os: 'Linux', mounts: [] })
    host.setFact('kept', 1, { cacheable: true })
    expect(host.base.get('ansible_facts')).toHaveProperty('kept', 1)
    host.clearFacts()
    expect([host.base.get('ansible_os'), host.base.get('ansible_facts'), host.base.get('a')]).toEqual([
      'inv',
      {},
      '{{ not a template }}',
    ])
  })

  it('gives new values to what was evaluated before', () => {
    const host = new HostVariables('h', [
      {
        kind: 'written',
        level: 'play-vars',
        variables: new Map([['msg', { value: "{{ ansible_facts.os | default('?') }} {{ out.rc | default('-') }}" }]]),
      },
    ])
    expect(host.scope().get('msg')).toBe('? -')
    host.setGathered({ os: 'Linux' })
    expect(host.scope().get('msg')).toBe('Linux -')
    host.register('out', { rc: 3 })
    expect(host.scope().get('msg')).toBe('Linux 3')
  })
})

describe('magic variables', () => {
  const files = {
    hosts:
      '[web]\na.example.com x="{{ y }}" y=1\nb x="{{ inventory_hostname }}" bad="{{ 1 / 0 }}"\n[app:children]\nweb\n',
  }

  it('say where a host stands', () => {
    const { of, cwd } = start(files)
    const names = ['inventory_hostname', 'inventory_hostname_short', 'inventory_dir', 'inventory_file', 'group_names']
    expect(names.map((name) => of('a.example.com').base.get(name))).toEqual([
      'a.example.com',
      'a',
      cwd,
      `${cwd}/hosts`,
      ['app', 'web'],
    ])
    expect(names.map((name) => of('localhost').base.get(name))).toEqual(['localhost', 'localhost', null, null, []])
    expect(of('b').base.get('groups')).toEqual({
      all: ['a.example.com', 'b'],
      ungrouped: [],
      app: ['a.example.com', 'b'],
      web: ['a.example.com', 'b'],
    })
  })

  it('cannot be overridden', () => {
    const { of } = start(files)
    const scope = of('b').scope({
      kind: 'written',
      level: 'extra-vars',
      variables: new Map([['inventory_hostname', { value: 'no' }]]),
    })
    expect(scope.get('inventory_hostname')).toBe('b')
  })

  it('show other hosts as they see themselves, and only what is asked for', () => {
    const { of } = start(files)
    of('b').setFact('found', 7)
    const scope = of('a.example.com').scope()
    const see = (text: string): unknown => evaluateValue(text, scope)
    expect(see("{{ hostvars['b'].x }} {{ hostvars.b['found'] }} {{ hostvars[inventory_hostname].x }}")).toBe('b 7 1')
    expect(see("{{ 'b' in hostvars and 'nope' not in hostvars }}")).toBe(true)
    expect(see('{{ hostvars | length }}')).toBe(2)
    expect(see("{{ groups.web | map('extract', hostvars, 'x') | list }}")).toEqual([1, 'b'])
    expect(
      see(
        '{{ hostvars.nope is defined }} {{ hostvars.b.nope is defined }} {{ hostvars.localhost.ansible_connection }}',
      ),
    ).toBe('False False local')
    expect(see("{{ vars['y'] }}")).toBe(1)
    expect(see("{{ 'y' in vars }}")).toBe(true)
    of('b').setFact('found', 8)
    expect(see('{{ hostvars.b.found }}')).toBe(8)
  })

  it('see through hostvars what has changed in a variable evaluated before', () => {
    const { of } = start({ hosts: 'a peer="{{ hostvars.b.n }}"\nb n=1\n' })
    expect(of('a').base.get('peer')).toBe(1)
    of('b').setFact('n', 2)
    expect(of('a').base.get('peer')).toBe(2)
  })

  it('find hosts whose variables are made from each other', () => {
    const { of } = start({ hosts: 'a x="{{ hostvars.b.x }}"\nb x="{{ hostvars.a.x }}"\n' })
    expect(() => of('a').base.get('x')).toThrow('recursive loop detected: x → x')
  })

  it('say what kind of run it is', () => {
    const { of, run } = start(files, { limit: 'web' })
    const names = [
      'ansible_check_mode',
      'ansible_diff_mode',
      'ansible_verbosity',
      'ansible_forks',
      'ansible_run_tags',
      'ansible_skip_tags',
      'ansible_limit',
      'omit',
    ]
    expect(names.map((name) => of('b').base.get(name))).toEqual([false, true, 2, 5, ['all'], [], 'web', run.omit])
    expect(of('b').base.get('ansible_version')).toEqual({
      full: '0.1.0',
      string: '0.1.0',
      major: 0,
      minor: 1,
      revision: 0,
    })
    expect(start(files).of('b').base.get('ansible_limit')).toBeUndefined()
    expect(omitMarker()).not.toBe(run.omit)
  })

  it('follow the play: failed hosts leave the list', () => {
    let live = ['a', 'b']
    const play = playMagic({
      name: 'p',
      playbookDir: '/p',
      roles: () => [{ name: 'r', dependencies: [] }],
      allHosts: () => ['a', 'b'],
      liveHosts: () => live,
      batchHosts: () => live,
    })
    const scope = start(files)
      .of('b')
      .scope(...play, roleMagic({ name: 'r', path: '/p/roles/r', parents: [] }))
    expect(
      ['ansible_play_name', 'playbook_dir', 'role_names', 'role_name', 'role_path', 'ansible_play_hosts'].map((name) =>
        scope.get(name),
      ),
    ).toEqual(['p', '/p', ['r'], 'r', '/p/roles/r', ['a', 'b']])
    live = ['b']
    expect(['ansible_play_hosts', 'ansible_play_hosts_all', 'play_hosts'].map((name) => scope.get(name))).toEqual([
      ['b'],
      ['a', 'b'],
      ['b'],
    ])
  })
})
