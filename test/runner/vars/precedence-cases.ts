/** Where a variable can be written, weakest first as Ansible documents it ("Understanding variable precedence"). */
export const levels = [
  'role defaults',
  'inventory file group vars',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars/*',
  'playbook group_vars/*',
  'inventory file host vars',
  'inventory host_vars/*',
  'playbook host_vars/*',
  'facts',
  'play vars',
  'vars_prompt',
  'vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact',
  'registered',
  'role params',
  'include params',
  'extra vars',
] as const
export type Level = (typeof levels)[number]

/** Facts that both tools gather of any host: what is a fact cannot have a name of ours. */
const facts = [
  'architecture',
  'distribution',
  'distribution_major_version',
  'distribution_release',
  'distribution_version',
  'fqdn',
  'hostname',
  'kernel',
  'kernel_version',
  'machine',
  'nodename',
  'os_family',
  'system',
  'user_dir',
  'user_gecos',
  'user_gid',
  'user_id',
  'user_shell',
  'user_uid',
  'userspace_architecture',
  'userspace_bits',
]

/** Two levels that write one variable. */
export interface Pair {
  readonly weaker: Level
  readonly stronger: Level
  readonly variable: string
}

export const pairs: readonly Pair[] = levels.flatMap((weaker, index) =>
  levels.slice(index + 1).map((stronger, further) => {
    const fact = weaker === 'facts' ? further + levels.indexOf('facts') : stronger === 'facts' ? index : undefined
    return {
      weaker,
      stronger,
      variable: fact === undefined ? `v_${index}_${index + 1 + further}` : `ansible_${facts[fact]}`,
    }
  }),
)

type Values = Readonly<Record<string, string>>

/** All that a level writes: its own name into each variable that it shares with another level. */
const written = (level: Level): Values =>
  Object.fromEntries(
    pairs.flatMap(({ weaker, stronger, variable }) =>
      weaker === level || stronger === level ? [[variable, level]] : [],
    ),
  )

const ini = (level: Level): string[] => Object.entries(written(level)).map(([name, value]) => `${name}="${value}"`)
const yaml = (value: unknown): string => `${JSON.stringify(value)}\n`

/** A place from which variables are looked at, and the levels that have no say there. */
export interface Place {
  readonly name: string
  readonly without: readonly Level[]
  /** Levels that are stronger here than the one that they stand under. */
  readonly exceptions: { readonly [stronger in Level]?: readonly Level[] }
  /** What its play consists of, beside its variables. */
  readonly play: Readonly<Record<string, unknown>>
}

const params = written('role params')
const role: readonly Level[] = ['role defaults', 'role vars', 'role params']
/** What is written nearer to the task, and what tasks set, is stronger than what stands beside an import or in a role's `vars`. */
const nearer: readonly Level[] = ['block vars', 'task vars', 'include_vars', 'set_fact', 'registered']
const included = { include_tasks: 'roles/r/tasks/inner.yml', vars: written('include params') }

export const places: readonly Place[] = [
  { name: 'a role with params', without: [], exceptions: {}, play: { roles: [{ role: 'r', ...params }] } },
  {
    name: 'a role with vars',
    without: [],
    exceptions: { 'role params': ['role vars', ...nearer] },
    play: { roles: [{ role: 'r', vars: params }] },
  },
  {
    name: 'include_role with vars',
    without: [],
    exceptions: {},
    play: { tasks: [{ include_role: { name: 'r' }, vars: params }] },
  },
  {
    name: 'import_role with vars',
    without: [],
    exceptions: { 'role params': nearer },
    play: { tasks: [{ import_role: { name: 'r' }, vars: params }] },
  },
  { name: 'tasks without a role', without: role, exceptions: {}, play: { tasks: [included] } },
  {
    name: 'tasks that are imported',
    without: role,
    exceptions: { 'include params': nearer },
    play: { tasks: [{ import_tasks: 'roles/r/tasks/inner.yml', vars: written('include params') }] },
  },
]

const marker = '|'
/** `variable|value` for each pair. */
const look = { debug: { msg: pairs.map(({ variable }) => `${variable}${marker}{{ ${variable} | default('-') }}`) } }

/** Tasks that look at all pairs, below vars of a block and of a task. */
const inner = [{ vars: written('block vars'), block: [{ ...look, name: 'look', vars: written('task vars') }] }]

const prompts = Object.entries(written('vars_prompt')).map(([name, value]) => ({
  name,
  prompt: name,
  private: false,
  default: value,
}))

/** One play for each place, of one directory for both tools. The inventory is `hosts/inventory`. */
export const files: Readonly<Record<string, string>> = {
  'hosts/inventory': [
    `[web]`,
    `a ${ini('inventory file host vars').join(' ')}`,
    '[web:vars]',
    ...ini('inventory file group vars'),
    '',
  ].join('\n'),
  'hosts/group_vars/all.yml': yaml(written('inventory group_vars/all')),
  'hosts/group_vars/web.yml': yaml(written('inventory group_vars/*')),
  'hosts/host_vars/a.yml': yaml(written('inventory host_vars/*')),
  'group_vars/all.yml': yaml(written('playbook group_vars/all')),
  'group_vars/web.yml': yaml(written('playbook group_vars/*')),
  'host_vars/a.yml': yaml(written('playbook host_vars/*')),
  'files.yml': yaml(written('vars_files')),
  'included.yml': yaml(written('include_vars')),
  'extra.yml': yaml(written('extra vars')),
  'roles/r/defaults/main.yml': yaml(written('role defaults')),
  'roles/r/vars/main.yml': yaml(written('role vars')),
  'roles/r/tasks/main.yml': yaml([{ include_tasks: 'inner.yml', vars: written('include params') }]),
  'roles/r/tasks/inner.yml': yaml(inner),
  'playbook.yml': yaml([
    {
      hosts: 'web',
      gather_facts: false,
      tasks: [
        { setup: { gather_subset: ['!all', 'min'] } },
        { include_vars: 'included.yml' },
        { set_fact: written('set_fact') },
        ...Object.keys(written('registered')).map((register) => ({ debug: { msg: 'registered' }, register })),
      ],
    },
    ...places.map(({ play }) => ({
      hosts: 'web',
      gather_facts: false,
      vars: written('play vars'),
      vars_prompt: prompts,
      vars_files: ['files.yml'],
      ...play,
    })),
  ]),
}
export const extraVars: Values = written('extra vars')

/** The level that won, by `WEAKER < STRONGER`. */
export type Winners = Readonly<Record<string, string>>

/** Which level a variable was seen to come from, by its value. What is no name of a level is a fact, or a result. */
export function winners(said: unknown): Winners {
  const lines = said as readonly string[]
  return Object.fromEntries(
    pairs.map(({ weaker, stronger, variable }, index) => {
      const value = lines[index]?.slice(variable.length + marker.length) ?? ''
      return [`${weaker} < ${stronger}`, levelOf(value, [weaker, stronger])]
    }),
  )
}

function levelOf(value: string, named: readonly string[]): string {
  if (named.includes(value)) return value
  if (value === '-') return 'nothing'
  return value.startsWith('{') ? 'registered' : 'facts'
}
