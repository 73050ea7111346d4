import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadInventory, type LoadedInventory } from '../../../runner/inventory/load.ts'
import { inventoryLayers } from '../../../runner/vars/inventory-layers.ts'
import { strongestFirst } from '../../../runner/vars/layers.ts'
import { writeFiles } from './files.ts'

/** What `ansible-inventory --list` prints: groups, and under `_meta` the hosts' variables. */
type Listing = Readonly<Record<string, ListedGroup>> & {
  readonly _meta: { readonly hostvars: Readonly<Record<string, unknown>> }
}
interface ListedGroup {
  readonly hosts?: readonly string[]
  readonly children?: readonly string[]
}

const installed = spawnSync('ansible-inventory', ['--version']).status === 0
if (!installed && process.env['CI'] !== undefined)
  throw new Error('ansible-inventory is not installed: the comparison cannot be skipped in CI')

const cases: Readonly<
  Record<string, { readonly files: Readonly<Record<string, string>>; readonly sources: readonly string[] }>
> = {
  'ini: ranges, ports, values': {
    files: {
      hosts: `# comment\n; also\nweb[01:05:2] http_port=80 s="a b" list="[1,2]" t=True f=1.5 q='quoted' n=None d="{'a': 1}" tup="(1,2)" neg=-5 oct=010 hex=0x1f us=1_000 str="'x'" y=yes # trailing\n[a:c].example.com:2222\nalias ansible_host=10.0.0.1 x=a=b y= z="{{ foo }}"\n"quoted host" k=v\nhash k=v#c\n`,
    },
    sources: ['hosts'],
  },
  'ini: values of groups': {
    files: {
      hosts: `[g]\nh\n[g:vars]\na=1\nb = hello world # comment?\nc="quoted"\nd=[1, 2, 'x']\ne={{ foo }}\nf=\nk=True\nl=true\nm="a" # b\nn=1.5\no=#x\np=a#b\ns=0o17\nu="abc" "def"\nw=1+1\nx = {'a': [1, None], 'b': (1,)}\n`,
    },
    sources: ['hosts'],
  },
  'ini: addresses': { files: { hosts: `[g]\n::1\n[fe80::1]:22\n1.2.3.4:99\nx[1:2]y[a:b]\n` }, sources: ['hosts'] },
  'ini: children, priority and depth': {
    files: {
      hosts: `a\nb\n[g3]\na\n[g1]\nb\na\n[g1:vars]\nv=g1\n[p]\nc\n[g2:children]\ng1\np\n[g2:vars]\nv=g2\n[g3:vars]\nv=g3\n[zz]\na\n[zz:vars]\nw=zz\n[aa]\na\n[aa:vars]\nw=aa\nansible_group_priority=7\n`,
    },
    sources: ['hosts'],
  },
  'ini: children before they are defined': {
    files: { hosts: `[top:children]\nmid\nleaf\n[mid:children]\nleaf\n[leaf]\nx\n[mid]\ny\n[top]\nz\n` },
    sources: ['hosts'],
  },
  'yaml: nested groups': {
    files: {
      'h.yml': `all:\n  children:\n    g:\n      children:\n        g2: {hosts: {x2: {}, x1: {}}, children: {g3: {hosts: {x0: {}}}}}\n        g4: {hosts: {x5: {}}}\n      hosts: {x1: {}, z: {}}\n  hosts: {y: {}, x1: {k: 1}}\n  vars: {q: "{{ x }}"}\nother:\n  hosts: {o: }\n`,
    },
    sources: ['h.yml'],
  },
  'yaml: ranges and scalars of YAML 1.1': {
    files: {
      'h.yml': `all:\n  hosts:\n    w[1:3]:22: {yes_: yes, y: y, oct: 010, hex: 0x1f, exp: 1e3, sexagesimal: 1:30, zero: 08, under: 1_000, none: null, tilde: ~, of: off, text: "yes"}\n  children:\n    g: {hosts: "solo"}\n    h:\n`,
    },
    sources: ['h.yml'],
  },
  'yaml: anchors and merge keys': {
    files: { 'h.yml': `all:\n  hosts:\n    a: &a {x: 1, y: {z: [1, 2]}}\n    b: {<<: *a, x: 2}\n    c: *a\n` },
    sources: ['h.yml'],
  },
  json: {
    files: { 'h.json': `{"all": {"hosts": {"a": {"x": [1, null, true]}}, "children": {"g": {"hosts": {"b": null}}}}}` },
    sources: ['h.json'],
  },
  'a list of names': { files: {}, sources: ['a,b,c:22'] },
  'several sources': {
    files: { one: `a x=1 y=1\n[g]\nb\n`, 'two.yml': `g: {hosts: {a: {x: 2}}, vars: {v: 1}}\n` },
    sources: ['one', 'two.yml', 'd,'],
  },
  'a directory': {
    files: {
      'inv/b.yml': 'all: {hosts: {b: {}}}',
      'inv/a': 'a\n',
      'inv/sub/s': 's\n',
      'inv/x.bak': 'no\n',
      'inv/x~': 'no\n',
      'inv/x.cfg': 'no\n',
      'inv/x.ini': 'no\n',
      'inv/.x': 'no\n',
      'inv/x.retry': 'no\n',
      'inv/group_vars/all.yml': 'v: 1\n',
      'inv/host_vars/s/one.yml': 'v: 2\n',
    },
    sources: ['inv'],
  },
  'a script': {
    files: {
      'script!': `#!/bin/sh\necho '{"g": {"hosts": ["a", "b"], "vars": {"v": 1}, "children": ["h"]}, "h": ["c"], "_meta": {"hostvars": {"a": {"x": 1}}}}'\n`,
    },
    sources: ['script'],
  },
  'group_vars and host_vars': {
    files: {
      hosts: `[g]\na x=inline\n[k]\nb\n[top:children]\ng\nk\n[g:vars]\nfrom=inline\nonly=inline\n`,
      'group_vars/all': 'x: noext\nfrom: all\n',
      'group_vars/all.yml': 'x: yml\n',
      'group_vars/g/a.yml': 'y: a\n',
      'group_vars/g/b': 'y: b\n',
      'group_vars/g/c.txt': 'y: txt\n',
      'group_vars/g/aa/main.yml': 'z: below\n',
      'group_vars/g.yml': 'y: yml\n',
      'group_vars/top.yaml': 'y: top\nfrom: top\n',
      'host_vars/a.json': '{"h": 1}',
    },
    sources: ['hosts'],
  },
}

/** The listing that ours would be: variables by precedence, the hosts of each group in order. */
function ours({ inventory, besideInventory }: LoadedInventory) {
  const hostvars: Record<string, Record<string, unknown>> = {}
  for (const host of inventory.hosts.values()) {
    const layers = strongestFirst(inventoryLayers(host, { inventory, besideInventory, besidePlaybook: undefined }))
    hostvars[host.name] = Object.fromEntries(
      layers
        .toReversed()
        .flatMap((layer) =>
          layer.kind === 'written' ? [...layer.variables].map(([name, { value }]) => [name, value]) : [],
        ),
    )
  }
  return {
    hostvars,
    groups: Object.fromEntries(
      [...inventory.groups].map(([name, group]) => [name, name === 'all' ? group.hosts.toSorted() : group.hosts]),
    ),
  }
}

function theirs(listing: Listing, names: readonly string[]) {
  const hostsOf = (group: string): readonly string[] => {
    const groups = new Set([group])
    for (const name of groups) for (const child of listing[name]?.children ?? []) groups.add(child)
    return [...new Set([...groups].flatMap((name) => listing[name]?.hosts ?? []))]
  }
  return {
    hostvars: Object.fromEntries(hostsOf('all').map((host) => [host, listing._meta.hostvars[host] ?? {}])),
    // The listing has hosts of `all` itself among those of `ungrouped` or of no group: their order is not in it.
    groups: Object.fromEntries(names.map((name) => [name, name === 'all' ? hostsOf(name).toSorted() : hostsOf(name)])),
  }
}

async function ansibleInventory(cwd: string, sources: readonly string[]): Promise<Listing> {
  const child = spawn('ansible-inventory', [...sources.flatMap((source) => ['-i', source]), '--list'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'false' },
  })
  const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()])
  const text = Buffer.concat(out as Buffer[]).toString()
  if (!text.startsWith('{')) throw new Error(`ansible-inventory: ${Buffer.concat(err as Buffer[]).toString()}`)
  return JSON.parse(text) as Listing
}

describe.skipIf(!installed)('as ansible-inventory has it', () => {
  it.each(Object.entries(cases))('%s', { timeout: 60_000 }, async (_, { files, sources }) => {
    const cwd = writeFiles(files)
    const listing = await ansibleInventory(cwd, sources)
    const loaded = loadInventory(sources, { cwd })
    expect(loaded.problems).toEqual([])
    const mine = ours(loaded)
    expect(mine).toEqual(theirs(listing, Object.keys(mine.groups)))
  })
})
