import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'

/** All that the playbook makes is in here, but for lines of /etc/fstab that name it. */
export const site = '/srv/bench'
const ini = `${site}/settings.ini`

interface Task {
  readonly name: string
  readonly [module: string]: unknown
}

/** The task at a place of the playbook: ten kinds in turn, in words that drover and Ansible both understand. */
function task(index: number): Task {
  const path = `${site}/${index}`
  const mode = '0644'
  const option = { path: ini, section: `part${index % 5}`, option: `option_${index}`, value: `${index}`, mode }
  const kinds: readonly (readonly [string, object])[] = [
    ['file', { path, state: 'directory', mode: '0750' }],
    ['copy', { dest: path, content: `This is file ${index} of {{ inventory_hostname }}.\n`, mode }],
    ['template', { src: 'app.conf.j2', dest: path, mode }],
    ['ini_file', option],
    ['file', { path, src: site, state: 'link' }],
    ['copy', { dest: path, src: 'motd', mode: '0600' }],
    ['mount', { path: `${site}/mnt${index}`, src: 'tmpfs', fstype: 'tmpfs', opts: 'noauto,size=1m', state: 'present' }],
    ['systemd', { name: 'cron.service', state: 'started', enabled: true }],
    ['template', { src: 'app.conf.j2', dest: path, mode: '0640' }],
    ['ini_file', { ...option, section: 'shared' }],
  ]
  const [module, args] = kinds[index % kinds.length] ?? ['file', {}]
  return { name: `Task ${index} (${module})`, [fullNames[module] ?? `ansible.builtin.${module}`]: args }
}

const fullNames: Readonly<Record<string, string>> = {
  ini_file: 'community.general.ini_file',
  mount: 'ansible.posix.mount',
}

/** Writes a playbook of so many tasks with its files into a directory, and gives its path. */
export function writePlaybook(directory: string, tasks: number): string {
  const first: Task = {
    name: 'The directory of everything',
    'ansible.builtin.file': { path: site, state: 'directory', mode: '0755' },
  }
  const play = {
    name: `${tasks} tasks`,
    hosts: 'all',
    gather_facts: false,
    vars: { app_name: 'bench', workers: 4, peers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] },
    tasks: [first, ...Array.from({ length: tasks - 1 }, (_, index) => task(index))],
  }
  for (const name of ['files', 'templates']) mkdirSync(join(directory, name), { recursive: true })
  writeFileSync(join(directory, 'files/motd'), 'Welcome.\n'.repeat(20))
  writeFileSync(join(directory, 'templates/app.conf.j2'), template)
  const path = join(directory, `${tasks}-tasks.yml`)
  writeFileSync(path, stringify([play]))
  return path
}

const template = `# {{ app_name }} on {{ inventory_hostname }}
workers = {{ workers * 2 }}
{% for peer in peers %}
peer{{ loop.index }} = {{ peer }}:{{ 8000 + loop.index0 }}
{% endfor %}
{% if workers > 2 %}
mode = {{ 'parallel' | upper }}
{% endif %}
`

/** A script that puts a host back to before the playbook. */
export const cleanScript = `rm -rf ${site}; sed -i '\\|${site}|d' /etc/fstab; systemctl disable --now --quiet cron.service`

/**
 * A script that tells what the playbook left: kind, mode, owner and checksum of each file, lines of fstab, the unit. Blanks between the
 * fields of fstab and blank lines between the sections of an ini file mean nothing, and the tools differ there.
 */
export const listScript = [
  `cd ${site} && find . -printf '%p %y %m %U %G %l\\n' | sort`,
  `find . -type f ! -path ./${basename(ini)} | sort | xargs sha256sum; grep . ${ini}`,
  `grep ${site} /etc/fstab | sed 's/[[:blank:]]\\+/ /g'`,
  'systemctl is-enabled cron.service; systemctl is-active cron.service',
].join('; ')

/** The floor: a script that reads what a converged run of so many tasks has to know, with as few programs as can be. */
export function floorScript(tasks: number): string {
  const kinds = Array.from({ length: tasks - 1 }, (_, index) => [index % 10, `${site}/${index}`] as const)
  const paths = (...wanted: number[]) => kinds.flatMap(([kind, path]) => (wanted.includes(kind) ? [path] : []))
  return [
    `stat -c '%n %F %a %u %g' ${[site, ini, ...paths(0, 1, 2, 4, 5, 8)].join(' ')}`,
    `readlink ${paths(4).join(' ')}`,
    `sha256sum ${paths(1, 2, 5, 8).join(' ')}`,
    `cat ${ini} /etc/fstab`,
    'systemctl show cron.service -p ActiveState -p UnitFileState -p LoadState',
    '',
  ].join('\n')
}
