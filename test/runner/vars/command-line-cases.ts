/** What the command line says in every case: the weakest of all levels. */
export const commandLine = [
  '-c',
  'ssh',
  '-u',
  'cli',
  '--private-key',
  '/cli',
  '-T',
  '33',
  '-b',
  '--become-user',
  'cli-root',
]

/** How a host is to be reached by what is written at other levels, and what came of it in ansible-playbook. */
export interface CommandLineCase {
  readonly name: string
  readonly hostVars?: string
  readonly play?: Readonly<Record<string, unknown>>
  readonly task?: Readonly<Record<string, unknown>>
  readonly expected: Reached
}
export interface Reached {
  readonly user: string
  readonly key: string
  readonly timeout: number
  readonly becomes: string | undefined
  readonly port?: number
}

const cli: Reached = { user: 'cli', key: '/cli', timeout: 33, becomes: 'cli-root' }
const old: Reached = { user: 'old', key: '/old', timeout: 33, becomes: 'old-root', port: 2222 }
const keywords = (user: string): Record<string, unknown> => ({ remote_user: user, become_user: `${user}-root` })
const variables = (name: string): Record<string, unknown> => ({
  ansible_user: name,
  ansible_become_user: `${name}-root`,
  ansible_private_key_file: `/${name}`,
  ansible_timeout: 44,
})
const everything = (name: string): Reached => ({ user: name, key: `/${name}`, timeout: 44, becomes: `${name}-root` })
const inline = Object.entries(variables('host'))
  .map(([name, value]) => `${name}=${String(value)}`)
  .join(' ')

export const cases: readonly CommandLineCase[] = [
  { name: 'nothing else', expected: cli },
  { name: 'keywords of the play', play: keywords('play'), expected: { ...cli, user: 'play', becomes: 'play-root' } },
  {
    name: 'keywords of the task over those of the play',
    play: keywords('play'),
    task: keywords('task'),
    expected: { ...cli, user: 'task', becomes: 'task-root' },
  },
  { name: 'variables of the host', hostVars: inline, expected: everything('host') },
  {
    name: 'variables of the host over keywords',
    hostVars: inline,
    play: keywords('play'),
    task: keywords('task'),
    expected: everything('host'),
  },
  { name: 'variables of the play', hostVars: inline, play: { vars: variables('play') }, expected: everything('play') },
  {
    name: 'variables of the task over all',
    hostVars: inline,
    play: { ...keywords('play'), vars: variables('play') },
    task: { ...keywords('task'), vars: variables('task') },
    expected: everything('task'),
  },
  { name: 'become: false of the task', task: { become: false }, expected: { ...cli, becomes: undefined } },
  {
    name: 'ansible_become of the host over become: true of the task',
    hostVars: 'ansible_become=false',
    task: { become: true },
    expected: { ...cli, becomes: undefined },
  },
  {
    name: 'variables of ssh and sudo alone',
    hostVars:
      'ansible_ssh_user=old ansible_ssh_port=2222 ansible_ssh_private_key_file=/old ansible_ssh_timeout=55 ansible_sudo_user=old-root',
    expected: { ...old, timeout: 55 },
  },
  {
    name: 'those over the common ones',
    hostVars:
      'ansible_ssh_user=old ansible_user=new ansible_ssh_port=2222 ansible_port=3333 ansible_ssh_private_key_file=/old ansible_private_key_file=/new ansible_ssh_timeout=55 ansible_timeout=44 ansible_become_user=new-root ansible_sudo_user=old-root',
    expected: { ...old, timeout: 55 },
  },
  {
    name: 'one of ssh alone of the host over a common one of the task',
    hostVars: 'ansible_ssh_user=old',
    task: { vars: { ansible_user: 'new' } },
    expected: { ...cli, user: 'old' },
  },
]

const host = (index: number): string => `h${index}`

export const inventory: string = `${cases.map(({ hostVars = '' }, index) => `${host(index)} ${hostVars}`).join('\n')}\n`

/** One play for each case, on a host of its own. */
const plays = cases.map(({ play, task }, index) => ({
  hosts: host(index),
  gather_facts: false,
  ...play,
  tasks: [
    { raw: 'true', ...task, register: 'reached' },
    { debug: { msg: '{{ reached.stdout }}' }, become: false },
  ],
}))
export const playbook: string = JSON.stringify(plays)

/** The same for Ansible, with a program in the place of ssh that prints how it was called, and what sudo would have said. */
export const files: Readonly<Record<string, string>> = {
  hosts: inventory,
  ssh: '#!/bin/sh\necho "$*" | sed "s/BECOME-SUCCESS//"\necho "$*" | grep -o "BECOME-SUCCESS-[a-z]*"\nexit 0\n',
  'playbook.yml': JSON.stringify([
    {
      hosts: 'localhost',
      gather_facts: false,
      vars: { ansible_connection: 'local', ansible_become: false },
      tasks: [{ file: { path: '{{ here }}/ssh', mode: '0755' } }],
    },
    ...plays,
  ]),
}
export const programForSsh = 'ansible_ssh_executable={{ here }}/ssh'

/** What ssh's options say, as the program in its place printed them. */
export function reachedBy(line: string): Reached {
  const option = (name: string): string | undefined => new RegExp(`${name}="?([^" ]+)"?`).exec(line)?.[1]
  return {
    user: option('User') ?? '',
    key: option('IdentityFile') ?? '',
    timeout: Number(option('ConnectTimeout')),
    becomes: /sudo .*?-u (\S+)/.exec(line)?.[1],
    ...(option('Port') === undefined ? {} : { port: Number(option('Port')) }),
  }
}
